import type { Command } from 'commander'
import { SIGNATURE_ALGORITHMS } from '../bundle/algorithms.ts'
import type { ExitCode } from '../exit.ts'
import type { Io } from './io.ts'

const EXAMPLES = `Examples:
  parapet keys new prod                      prod.pem (yours alone) and prod.pub.pem
  parapet keys new ci --algorithm RS256
  parapet keys new shared --algorithm HS256  one secret for both sides
`

export interface KeyFlags {
  readonly algorithm: string
}

/** Adds `parapet keys`. */
export function addKeys(program: Command, io: Io, done: (code: ExitCode) => void): void {
  const keys = program.command('keys').summary('make keys for signing bundles')
  keys
    .command('new')
    .summary('make a key pair')
    .description(
      `Makes a key pair: PKCS#8 and SPKI in PEM. Only its owner can read the private key.`,
    )
    .argument('<name>', 'path without ending; the files are <name>.pem and <name>.pub.pem')
    .option('-a, --algorithm <name>', SIGNATURE_ALGORITHMS.join(', '), 'ES256')
    .addHelpText('before', EXAMPLES)
    .action(async (name: string, flags: KeyFlags) => {
      const { runKeysNew } = await import('./keys-run.ts')
      done(await runKeysNew(name, flags, io))
    })
}
