import { compileFilter } from '../../engine/filter.ts'
import { reporters } from '../../report/reporter.ts'
import { ParapetError } from '../../text/error.ts'
import { nearest } from '../../text/nearest.ts'
import { parsePriority, priorities } from '../../text/priority.ts'

/** What a setting holds, as the verbs' options hold it. */
export type SettingValue = string | number | boolean | readonly string[]

/** One setting of `parapet.yaml`: the same as an option, an environment variable and a line of the file. */
export interface Setting {
  /** In the file, and in upper case with underscores in the environment: `fail-on`, PARAPET_FAIL_ON. */
  readonly key: string
  /** The option's name in commander. */
  readonly attribute: string
  readonly kind: 'text' | 'list' | 'choice' | 'flag' | 'count'
  /** Paths that are relative to the file; `builtin` is none. */
  readonly isPath?: true
  readonly choices?: readonly string[]
  /** Between the values of a list in the environment; a comma by default. */
  readonly separator?: string
  readonly default?: SettingValue
  readonly description: string
  /** Gives a choice or an element its usual spelling; undefined where there is no such value. */
  readonly read?: (text: string) => string | undefined
  /** What a value should be, where it is not. */
  readonly help?: string
}

const anyCase = (text: string): string | undefined => parsePriority(text)

/** All settings, in the order in which they are shown. */
export const settings: readonly Setting[] = [
  {
    key: 'policies',
    attribute: 'policy',
    kind: 'list',
    isPath: true,
    default: [],
    description:
      'Folders, .rego files, bundles or `builtin`; the built-in pack where there are none.',
  },
  {
    key: 'data',
    attribute: 'data',
    kind: 'list',
    isPath: true,
    default: [],
    description: 'JSON or YAML files that are merged over the default data, in order.',
  },
  {
    key: 'decisions',
    attribute: 'decision',
    kind: 'list',
    default: [],
    description: 'Decisions of Rego that was not written for Parapet, such as `main/deny`.',
  },
  {
    key: 'falco',
    attribute: 'falco',
    kind: 'list',
    isPath: true,
    default: [],
    description: 'Falco rules files, or folders of them, in order.',
  },
  {
    key: 'rule-matching',
    attribute: 'ruleMatching',
    kind: 'choice',
    choices: ['all', 'first'],
    default: 'all',
    description: 'Whether all Falco rules that match an event report it, or the first of them.',
  },
  {
    key: 'only',
    attribute: 'only',
    kind: 'list',
    default: [],
    description: 'Ids or tags of the guardrails to use; all where there are none.',
  },
  {
    key: 'skip',
    attribute: 'skip',
    kind: 'list',
    default: [],
    description: 'Ids or tags of guardrails to leave out.',
  },
  {
    key: 'trust',
    attribute: 'trust',
    kind: 'text',
    isPath: true,
    description: 'A trust policy: bundles must be signed by whom it names.',
  },
  {
    key: 'scope',
    attribute: 'scope',
    kind: 'text',
    description: 'What the signature of a bundle must be good for.',
  },
  {
    key: 'where',
    attribute: 'where',
    kind: 'list',
    separator: ';',
    default: [],
    description:
      'Conditions on events, KEY=GLOB[,GLOB] or KEY!=GLOB with the keys user, namespace, verb and resource; all must hold.',
    read: condition,
    help: 'a condition is KEY=GLOB or KEY!=GLOB; keys are user, namespace, verb, resource',
  },
  {
    key: 'min-priority',
    attribute: 'minPriority',
    kind: 'choice',
    choices: priorities,
    description: 'Less urgent findings are left out.',
    read: anyCase,
  },
  {
    key: 'every-stage',
    attribute: 'everyStage',
    kind: 'flag',
    default: false,
    description: 'Keep the findings of every stage of a request.',
  },
  {
    key: 'dedup-window',
    attribute: 'dedupWindow',
    kind: 'count',
    description: 'Requests remembered to drop repeats.',
  },
  {
    key: 'baseline',
    attribute: 'baseline',
    kind: 'text',
    isPath: true,
    description: 'A file of findings that are known, which `parapet baseline` writes.',
  },
  {
    key: 'format',
    attribute: 'format',
    kind: 'choice',
    choices: Object.keys(reporters),
    default: 'pretty',
    description: 'Form of the report.',
  },
  {
    key: 'output',
    attribute: 'output',
    kind: 'text',
    isPath: true,
    description: 'A file for the report.',
  },
  {
    key: 'summary',
    attribute: 'summary',
    kind: 'flag',
    default: false,
    description: 'End jsonl with a summary line.',
  },
  {
    key: 'fail-on',
    attribute: 'failOn',
    kind: 'choice',
    choices: [...priorities, 'none'],
    default: 'Warning',
    description: 'From which priority on a finding makes the exit code 1; `none` for never.',
    read: (text) => (text.toLowerCase() === 'none' ? 'none' : parsePriority(text)),
  },
  {
    key: 'workers',
    attribute: 'workers',
    kind: 'count',
    description: 'Threads for large inputs; as many as there are cores by default.',
  },
  {
    key: 'max-memory',
    attribute: 'maxMemory',
    kind: 'count',
    description: 'Memory of one policy, in MiB.',
  },
  {
    key: 'quiet',
    attribute: 'quiet',
    kind: 'flag',
    default: false,
    description: 'No progress.',
  },
]

/** `fail-on` is PARAPET_FAIL_ON in the environment. */
export function environmentName(key: string): string {
  return `PARAPET_${key.toUpperCase().replaceAll('-', '_')}`
}

function condition(text: string): string | undefined {
  try {
    compileFilter({ where: [text] })
    return text
  } catch (error) {
    if (error instanceof ParapetError) return undefined
    throw error
  }
}

/** Why a text is no value of a setting. */
export interface BadValue {
  readonly problem: string
  readonly help?: string
}

/** One text as a value of a setting (an element, where it is a list). */
export function readSetting(setting: Setting, text: string): SettingValue | BadValue {
  const { kind, choices, read, help } = setting
  if (text === '') return { problem: 'is empty' }
  if (kind === 'flag') {
    if (text === 'true' || text === 'false') return text === 'true'
    return { problem: `\`${text}\` is neither true nor false` }
  }
  if (kind === 'count') {
    if (/^[0-9]{1,15}$/.test(text)) return Number(text)
    return { problem: `\`${text}\` is not a whole number` }
  }
  const value = read ? read(text) : text
  if (value !== undefined && (!choices || choices.includes(value))) return value
  const advice = help ?? nearestChoice(text, choices ?? [])
  return { problem: `\`${text}\` is no value of \`${setting.key}\``, help: advice }
}

function nearestChoice(text: string, choices: readonly string[]): string {
  const meant = nearest(text, choices)
  return meant ? `did you mean \`${meant}\`?` : `values are ${choices.join(', ')}`
}

export function isBadValue(value: SettingValue | BadValue): value is BadValue {
  return typeof value === 'object' && 'problem' in value
}
