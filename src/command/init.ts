import type { Command } from 'commander'
import type { ExitCode } from '../exit.ts'
import type { Io } from './io.ts'

const EXAMPLES = `Examples:
  parapet init                 in this folder
  parapet init audit-policy    in a new one

Exit codes: 0 written, 2 a file of that name is there already.
`

/** Adds `parapet init`. */
export function addInit(program: Command, io: Io, done: (code: ExitCode) => void): void {
  program
    .command('init')
    .summary('set up a folder of guardrails')
    .description(
      'Writes parapet.yaml, the data of your organisation and a first guardrail with its tests. What is there already is never written over.',
    )
    .argument('[folder]', 'where', '.')
    .addHelpText('before', EXAMPLES)
    .action(async (folder: string) => {
      const { runInit } = await import('./init-run.ts')
      done(await runInit(folder, io))
    })
}
