import type { Command } from 'commander'
import type { ExitCode } from '../exit.ts'
import type { Io } from './io.ts'

const EXAMPLES = `Examples:
  parapet test new --from audit.log --audit-id 30448d37-80f6-4433-b250-68415938f2a6
  parapet test new ./guardrails --from audit.log --audit-id ID --guardrail pod-exec
  parapet test new builtin --from audit.log --audit-id ID

Exit codes: 0 written, 2 there is no such event or guardrail, or none finds anything in it.
`

/** Options as commander hands them over. */
export interface TestNewFlags {
  readonly from: string
  readonly auditId: string
  readonly guardrail?: string
  readonly output?: string
}

/** Adds `parapet test new`. */
export function addTestNew(group: Command, io: Io, done: (code: ExitCode) => void): void {
  group
    .command('new')
    .summary('write a case from an event of a log')
    .description(
      'Writes a case from the last event of a request: redacted, and as a patch of a base where that is shorter. Without --guardrail, prints one for each guardrail that finds something in it.',
    )
    .argument('[policy]', 'a folder, .rego file or `builtin`; this folder where none is given', '.')
    .requiredOption('--from <log>', 'the audit log')
    .requiredOption('--audit-id <id>', 'the request')
    .option('--guardrail <id>', 'add the case to the case file of this guardrail')
    .option('-o, --output <file>', 'add the case to this file')
    .addHelpText('before', EXAMPLES)
    .action(async (policy: string, flags: TestNewFlags) => {
      const { runTestNew } = await import('./test-new-run.ts')
      done(await runTestNew(policy, flags, io))
    })
}
