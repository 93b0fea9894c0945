import { type Command, InvalidArgumentError, Option } from 'commander'
import type { ExitCode } from '../exit.ts'
import { reporters } from '../report/reporter.ts'
import { priorities } from '../text/priority.ts'
import type { Io } from './io.ts'
import { addTrustOptions, type TrustFlags } from './trust-options.ts'

const EXAMPLES = `
Examples:
  parapet scan audit.log                       findings of the built-in guardrails
  parapet scan /var/log/kubernetes/audit       a folder of rotated logs, in time order
  kubectl logs … | parapet scan -              standard input
  parapet scan --format jsonl --since 24h audit.log
  parapet scan --policy ./guardrails --data org.yaml audit.log
  parapet scan --policy conftest/ --decision main/deny audit.log
  parapet scan --falco k8s_audit_rules.yaml audit.log

Exit codes: 0 nothing at or above --fail-on, 1 findings at or above it,
            2 some of the input could not be read or judged, 130 interrupted.`

/** Options as commander hands them over. */
export interface ScanFlags extends TrustFlags {
  readonly policy: string[]
  readonly data: string[]
  readonly decision: string[]
  readonly falco: string[]
  readonly ruleMatching: 'all' | 'first'
  readonly only: string[]
  readonly skip: string[]
  readonly minPriority?: string
  readonly failOn: string
  readonly since?: string
  readonly until?: string
  readonly where: string[]
  readonly dedupWindow?: number
  readonly everyStage?: boolean
  readonly format: string
  readonly output?: string
  readonly summary?: boolean
  readonly redact: boolean
  readonly maxMemory?: number
  readonly quiet?: boolean
}

/** Adds `parapet scan`. The work itself is loaded when the verb runs. */
export function addScan(program: Command, io: Io, done: (code: ExitCode) => void): void {
  const list = (value: string, before: string[]): string[] => [...before, value]
  const levels = priorities.map((priority) => priority.toLowerCase()).join(', ')
  const command = program
    .command('scan')
    .summary('find what should not have happened in an audit log')
    .description(
      'Evaluates every audit event against guardrails and reports what they find: who did what, where and when.',
    )
    .argument('[inputs...]', 'audit logs: files, folders, globs, or - for standard input', [])
    .optionsGroup('Guardrails:')
    .option(
      '-p, --policy <source>',
      'folder, .rego file, bundle or `builtin`; repeatable',
      list,
      [],
    )
    .option('-d, --data <file>', 'JSON or YAML merged over the default data; repeatable', list, [])
    .option('--decision <path>', 'decision of Rego not written for Parapet, `main/deny`', list, [])
    .option('--falco <file>', 'Falco rules file or folder; repeatable, in order', list, [])
    .addOption(
      new Option('--rule-matching <mode>', 'Falco rules that report an event: all, or the first')
        .choices(['all', 'first'])
        .default('all'),
    )
    .option('--only <id|tag>', 'use only these guardrails; repeatable', list, [])
    .option('--skip <id|tag>', 'leave these guardrails out; repeatable', list, [])
  addTrustOptions(command)
    .optionsGroup('Events and findings:')
    .option('--since <time>', 'from this time on (RFC 3339, or `24h` back from now)')
    .option('--until <time>', 'before this time')
    .option(
      '--where <key=glob>',
      'user, namespace, verb or resource; repeatable, all must hold',
      list,
      [],
    )
    .option('--min-priority <priority>', `show nothing less urgent (${levels})`)
    .option('--every-stage', 'keep the findings of every stage of a request')
    .option('--dedup-window <count>', 'requests remembered to drop repeats', wholeNumber)
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
    .optionsGroup('Limits:')
    .option('--max-memory <MiB>', 'memory of one policy, in MiB (512)', wholeNumber)
    .addHelpText('after', EXAMPLES)
    .action(async (inputs: string[], flags: ScanFlags) => {
      const { runScan } = await import('./scan-run.ts')
      done(await runScan(inputs, flags, io))
    })
}

export function wholeNumber(text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= 0) return value
  // commander turns this into its usage error, naming the option
  throw new InvalidArgumentError(`\`${text}\` is not a whole number`)
}
