import type { Command } from 'commander'
import type { ExitCode } from '../exit.ts'
import type { Io } from './io.ts'

const EXAMPLES = `Examples:
  parapet new workloads/pod-exec-at-night
  parapet new rbac/role-bound --dir policy/guardrails --priority Warning

Exit codes: 0 written, 2 the name is taken or no name of a guardrail.
`

/** Options as commander hands them over. */
export interface NewFlags {
  readonly dir: string
  readonly priority: string
}

/** Adds `parapet new`. */
export function addNew(program: Command, io: Io, done: (code: ExitCode) => void): void {
  program
    .command('new')
    .summary('write a new guardrail, with tests that pass')
    .description(
      'Writes the folder of a guardrail: Rego with METADATA, tests and cases of it. What is there already is never written over.',
    )
    .argument('<category/name>', 'for example workloads/pod-exec-at-night')
    .option('--dir <folder>', 'folder of guardrails', 'guardrails')
    .option('--priority <priority>', 'Falco’s scale', 'Notice')
    .addHelpText('before', EXAMPLES)
    .action(async (name: string, flags: NewFlags) => {
      const { runNew } = await import('./new-run.ts')
      done(await runNew(name, flags, io))
    })
}
