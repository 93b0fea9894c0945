import type { Command } from 'commander'
import type { ExitCode } from '../exit.ts'
import type { Io } from './io.ts'
import { addTrustOptions, type TrustFlags } from './trust-options.ts'

const EXAMPLES = `Examples:
  parapet inspect bundle.tar.gz
  parapet inspect bundle.tar.gz --verify-key prod.pub.pem --format json

Exit codes: 0 read, 1 the signature was asked for and is refused, 2 no bundle.
`

/** Options as commander hands them over. */
export interface InspectFlags extends TrustFlags {
  readonly format: string
}

/** Adds `parapet inspect`. */
export function addInspect(program: Command, io: Io, done: (code: ExitCode) => void): void {
  const command = program
    .command('inspect')
    .summary('show what is in a bundle')
    .description(
      'Shows manifest, files with their hashes, signature, guardrails, and the builtins that policy.wasm needs.',
    )
    .argument('<bundle>', 'a .tar.gz')
  addTrustOptions(command)
    .optionsGroup('Output:')
    .option('-f, --format <format>', 'text or json', 'text')
    .addHelpText('before', EXAMPLES)
    .action(async (bundle: string, flags: InspectFlags) => {
      const { runInspect } = await import('./inspect-run.ts')
      done(await runInspect(bundle, flags, io))
    })
}
