import type { Command } from 'commander'
import type { ExitCode } from '../exit.ts'
import type { Io } from './io.ts'

const EXAMPLES = `Examples:
  parapet keys new prod                            a key pair: prod.pem and prod.pub.pem
  parapet sign bundle.tar.gz --signing-key prod.pem --keyid prod
  parapet sign bundle.tar.gz --signing-key env:KEY --scope write -o signed.tar.gz

Exit codes: 0 signed, 2 not signed.
`

/** Options as commander hands them over. */
export interface SignFlags {
  readonly signingKey: string
  readonly signingAlg?: string
  readonly keyid?: string
  readonly scope?: string
  readonly claims?: string
  readonly output?: string
}

/** Adds `parapet sign`. */
export function addSign(program: Command, io: Io, done: (code: ExitCode) => void): void {
  program
    .command('sign')
    .summary('sign a bundle as OPA does')
    .description(
      'Signs every file of a bundle, in place or into a new archive. OPA servers and Parapet verify the same signature.',
    )
    .argument('<bundle>', 'a .tar.gz')
    .requiredOption('--signing-key <key>', 'file with a private key or secret, or env:NAME')
    .option('--signing-alg <name>', 'algorithm, where the key allows several')
    .option('--keyid <id>', 'tells the verifier which key to use')
    .option('--scope <scope>', 'what the signature is good for')
    .option('--claims <file>', 'JSON object of further claims, such as iat and iss')
    .option('-o, --output <file>', 'write the signed archive here, not over the bundle')
    .addHelpText('before', EXAMPLES)
    .action(async (bundle: string, flags: SignFlags) => {
      const { runSign } = await import('./sign-run.ts')
      done(await runSign(bundle, flags, io))
    })
}
