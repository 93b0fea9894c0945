import { type Command, Option } from 'commander'
import type { ExitCode } from '../exit.ts'
import type { Io } from './io.ts'

const EXAMPLES = `Examples:
  parapet check                        the guardrails below this folder
  parapet check ./guardrails --format github

Exit codes: 0 no errors, 1 errors, 2 the policy could not be read.
`

/** Options as commander hands them over. */
export interface CheckFlags {
  readonly format: string
}

/** Adds `parapet check`. */
export function addCheck(program: Command, io: Io, done: (code: ExitCode) => void): void {
  program
    .command('check')
    .summary('check guardrails: METADATA, types, strict mode')
    .description(
      'Reads the METADATA of every guardrail and checks the whole policy with OPA’s compiler, in strict mode and against the schema of audit events.',
    )
    .argument('[policy]', 'a folder or .rego file', '.')
    .addOption(
      new Option('-f, --format <format>', 'form of the answer')
        .choices(['pretty', 'json', 'github'])
        .default('pretty'),
    )
    .addHelpText('before', EXAMPLES)
    .action(async (policy: string, flags: CheckFlags) => {
      const { runCheck } = await import('./check-run.ts')
      done(await runCheck(policy, flags, io))
    })
}
