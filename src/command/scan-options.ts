import { type Command, InvalidArgumentError, Option } from 'commander'
import { WORKERS_MAX } from '../text/limits.ts'
import { priorities } from '../text/priority.ts'
import { addSettingsOptions, type SettingsFlags } from './settings-options.ts'
import { addTrustOptions, type TrustFlags } from './trust-options.ts'

/** Which events and findings are wanted, as commander hands it over. */
export interface FilterFlags {
  readonly minPriority?: string
  readonly since?: string
  readonly until?: string
  readonly where: string[]
}

/** Options of every verb that evaluates logs, as commander hands them over. */
export interface EvaluationFlags extends FilterFlags, TrustFlags, SettingsFlags {
  readonly policy: string[]
  readonly data: string[]
  readonly decision: string[]
  readonly falco: string[]
  readonly ruleMatching: 'all' | 'first'
  readonly only: string[]
  readonly skip: string[]
  readonly dedupWindow?: number
  readonly everyStage?: boolean
  readonly quiet?: boolean
  readonly maxMemory?: number
  readonly workers?: number
}

/** Adds what is evaluated: policies, data, rules, and whose bundles are accepted. */
export function addGuardrailOptions(command: Command): Command {
  command
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
  return addTrustOptions(command)
}

/** Adds which events and findings are wanted, and what of a request's stages. */
export function addEventOptions(command: Command): Command {
  return addFilterOptions(command)
    .option('--every-stage', 'keep the findings of every stage of a request')
    .option('--dedup-window <count>', 'requests remembered to drop repeats', wholeNumber)
}

/** Adds which events and findings are wanted. */
export function addFilterOptions(command: Command): Command {
  const levels = priorities.map((priority) => priority.toLowerCase()).join(', ')
  return command
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
}

/** Adds limits, and where all these options are read from when they are not given. */
export function addLimitOptions(command: Command): Command {
  return addSettingsOptions(command)
    .optionsGroup('Limits:')
    .option('--workers <count>', 'threads for large inputs (all cores)', countOfWorkers)
    .option('--max-memory <MiB>', 'memory of one policy, in MiB (512)', wholeNumber)
}

export function list(value: string, before: readonly string[] = []): string[] {
  return [...before, value]
}

export function wholeNumber(text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= 0) return value
  // commander turns this into its usage error, naming the option
  throw new InvalidArgumentError(`\`${text}\` is not a whole number`)
}

function countOfWorkers(text: string): number {
  const count = wholeNumber(text)
  if (count >= 1 && count <= WORKERS_MAX) return count
  throw new InvalidArgumentError(`there can be 1 to ${WORKERS_MAX}`)
}
