import { type Command, Option } from 'commander'
import type { ExitCode } from '../exit.ts'
import { reporters } from '../report/reporter.ts'
import type { Io } from './io.ts'
import {
  addEventOptions,
  addGuardrailOptions,
  addLimitOptions,
  type EvaluationFlags,
} from './scan-options.ts'

const EXAMPLES = `Examples:
  parapet scan audit.log                       findings of the built-in guardrails
  parapet scan /var/log/kubernetes/audit       a folder of rotated logs, in time order
  kubectl logs … | parapet scan -              standard input
  parapet scan --format jsonl --since 24h audit.log
  parapet scan --policy ./guardrails --data org.yaml audit.log
  parapet scan --policy conftest/ --decision main/deny audit.log
  parapet scan --falco k8s_audit_rules.yaml audit.log
  parapet scan --baseline known.yaml audit.log

Exit codes: 0 nothing at or above --fail-on, 1 findings at or above it,
            2 some of the input could not be read or judged, 130 interrupted.
`

/** Options as commander hands them over. */
export interface ScanFlags extends EvaluationFlags {
  /** False for `--no-baseline`. */
  readonly baseline?: string | false
  readonly failOn: string
  readonly format: string
  readonly output?: string
  readonly summary?: boolean
  readonly redact: boolean
}

/** Adds `parapet scan`. The work itself is loaded when the verb runs. */
export function addScan(program: Command, io: Io, done: (code: ExitCode) => void): void {
  const command = program
    .command('scan')
    .summary('find what should not have happened in an audit log')
    .description(
      'Evaluates every audit event against guardrails and reports what they find: who did what, where and when.',
    )
    .argument('[inputs...]', 'audit logs: files, folders, globs, or - for standard input', [])
  addGuardrailOptions(command)
  addEventOptions(command)
    .option('--baseline <file>', 'count what this file knows, and do not show it')
    .option('--no-baseline', 'show what the baseline of parapet.yaml knows, too')
    .optionsGroup('Output:')
    .addOption(
      new Option('-f, --format <format>', 'form of the report')
        .choices(Object.keys(reporters))
        .default('pretty'),
    )
    .option('-o, --output <file>', 'write the report to a file, whole or not at all')
    .option('--summary', 'end jsonl with a summary line')
    .option('--fail-on <priority>', 'exit with 1 on findings this urgent, or `none`', 'Warning')
    .option('--no-redact', 'show texts as the engines wrote them, secrets included')
    .option('-q, --quiet', 'no progress')
  addLimitOptions(command)
    .addHelpText('before', EXAMPLES)
    .action(async (inputs: string[], flags: ScanFlags, verb: Command) => {
      const { runScan } = await import('./scan-run.ts')
      done(await runScan(inputs, flags, verb, io))
    })
}
