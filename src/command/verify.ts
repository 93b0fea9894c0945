import type { Command } from 'commander'
import type { ExitCode } from '../exit.ts'
import type { Io } from './io.ts'
import { addTrustOptions, type TrustFlags } from './trust-options.ts'

const EXAMPLES = `Examples:
  parapet verify bundle.tar.gz --verify-key prod.pub.pem
  parapet verify bundle.tar.gz --trust trust.yaml --format json
  parapet verify bundle.tar.gz --unsigned          only whether policy.wasm is what its source says

Exit codes: 0 verified, 1 refused, 2 could not tell.
`

/** Options as commander hands them over. */
export interface VerifyFlags extends TrustFlags {
  readonly unsigned?: boolean
  readonly recompile: boolean
  readonly format: string
}

/** Adds `parapet verify`. */
export function addVerify(program: Command, io: Io, done: (code: ExitCode) => void): void {
  const command = program
    .command('verify')
    .summary('check a bundle’s signature, and that its WASM is what its source says')
    .description(
      'Checks the signature exactly as OPA does, then compiles the sources that the bundle carries and compares the result with policy.wasm.',
    )
    .argument('<bundle>', 'a .tar.gz')
  addTrustOptions(command)
    .option('--unsigned', 'do not ask for a signature')
    .option('--no-recompile', 'do not compile the sources again')
    .optionsGroup('Output:')
    .option('-f, --format <format>', 'text or json', 'text')
    .addHelpText('before', EXAMPLES)
    .action(async (bundle: string, flags: VerifyFlags) => {
      const { runVerify } = await import('./verify-run.ts')
      done(await runVerify(bundle, flags, io))
    })
}
