import type { Command } from 'commander'
import type { ExitCode } from '../exit.ts'
import type { Io } from './io.ts'
import {
  addEventOptions,
  addGuardrailOptions,
  addLimitOptions,
  type EvaluationFlags,
} from './scan-options.ts'

const EXAMPLES = `Examples:
  parapet baseline audit.log -o known.yaml            what is usual in this log
  parapet scan --baseline known.yaml audit.log        what is not in it
  parapet baseline --update today.log -o known.yaml   the same and what is new, to be read and committed

An entry says who does what to which kind of thing where. Delete what should not be accepted, say
why in \`reason\`, leave keys out or write * to accept more.

Exit codes: 0 written, 2 some of the input could not be read or judged, 130 interrupted.
`

/** Options as commander hands them over. */
export interface BaselineFlags extends EvaluationFlags {
  readonly output?: string
  readonly update?: boolean
}

/** Adds `parapet baseline`. */
export function addBaseline(program: Command, io: Io, done: (code: ExitCode) => void): void {
  const command = program
    .command('baseline')
    .summary('write down the findings that are known, for `scan --baseline`')
    .description(
      'Evaluates logs as `scan` does and writes what identifies each finding from one day to the next: the actor, the deed, the kind of thing and the place.',
    )
    .argument('[inputs...]', 'audit logs: files, folders, globs, or - for standard input', [])
  addGuardrailOptions(command)
  addEventOptions(command)
    .optionsGroup('Output:')
    .option('-o, --output <file>', 'where to write it: YAML, or JSON where the name ends so')
    .option('--update', 'keep the entries that the file has, and add to them')
    .option('-q, --quiet', 'no progress')
  addLimitOptions(command)
    .addHelpText('before', EXAMPLES)
    .action(async (inputs: string[], flags: BaselineFlags, verb: Command) => {
      const { runBaseline } = await import('./baseline-run.ts')
      done(await runBaseline(inputs, flags, verb, io))
    })
}
