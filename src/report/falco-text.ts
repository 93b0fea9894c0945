/** Falco's fields and rules explained for people. */
import type {
  ExplainedEvent,
  ExplainedPart,
  ExplainedRule,
  ExplainedValue,
  FieldInfo,
} from '../falco/index.ts'
import { clean } from './clean.ts'
import { priorityStyle } from './pretty.ts'
import type { Paint } from './reporter.ts'
import { countText } from './words.ts'

/** One line for each field. */
export function fieldList(fields: readonly FieldInfo[], paint: Paint): string {
  const rows = fields.map((field) => [nameText(field), typeText(field), field.level, field.about])
  const widths = [0, 1, 2].map((i) => Math.max(...rows.map((row) => row[i]!.length)))
  const lines = rows.map(([name, type, level, about]) =>
    [
      paint('strong', name!.padEnd(widths[0]!)),
      type!.padEnd(widths[1]!),
      level!.padEnd(widths[2]!),
      about!,
    ].join('  '),
  )
  return `${lines.join('\n')}\n\n${countText(fields.length, 'field')}\n`
}

/** Everything that is known of one field. */
export function fieldText(field: FieldInfo, paint: Paint): string {
  const { about, level, deprecated, surprise, from } = field
  return [
    `${paint('strong', nameText(field))}  ${typeText(field)}`,
    '',
    `  ${about}`,
    ...('path' in from ? [`  at ${from.path.join('.')} in the event`] : []),
    `  there from audit level ${level} on`,
    ...(deprecated === undefined ? [] : [`  deprecated: use ${deprecated}`]),
    ...(surprise === undefined ? [] : [`  note: ${surprise}`]),
    ...(field.list
      ? ['  a list: `in` asks for all elements, `intersects` for one; missing where it is empty']
      : []),
    '',
  ].join('\n')
}

function nameText({ name, argument, argumentRequired }: FieldInfo): string {
  if (argument === undefined) return name
  const shown = argument === 'index' ? 'n' : 'key'
  return argumentRequired ? `${name}[${shown}]` : `${name}[${shown}]?`
}

function typeText({ type, list }: FieldInfo): string {
  return list ? `list of ${type}` : type
}

/** A rule, and its condition as Falco sees it. */
export function ruleText(rule: ExplainedRule, place: string, paint: Paint): string {
  const { priority, source, enabled, tags, description, condition, macros, exceptions } = rule
  const row = (name: string, values: readonly string[]): string[] =>
    values.length === 0 ? [] : [`${paint('dim', `${name}:`)} ${clean(values.join(', '))}`]
  return [
    `${paint('strong', clean(rule.rule))}  ${paint('dim', place)}`,
    `${paint(priorityStyle(priority), priority)}  ${source}${enabled ? '' : '  switched off'}`,
    '',
    clean(description),
    '',
    ...condition.map((line) => `  ${clean(line)}`),
    '',
    ...row('macros', macros),
    ...row('exceptions', exceptions),
    ...row('fields', rule.fields),
    ...row('audit level', rule.level ? [rule.level] : []),
    ...row('tags', tags),
    ...row('output', [rule.output]),
    '',
  ].join('\n')
}

/** What a rule's condition comes to on an event; `*` marks what decides. */
export function eventText({ counts, matches, condition }: ExplainedEvent, paint: Paint): string {
  if (!counts || !condition) {
    return 'skipped: Falco asks rules only about events with `kind: Event` and a stageTimestamp\n'
  }
  const lines = partLines(condition, 0, paint)
  return `${paint('strong', matches ? 'matches' : 'does not match')}\n${lines.join('\n')}\n`
}

function partLines(part: ExplainedPart, depth: number, paint: Paint): string[] {
  const { kind, text, holds, decides, values, parts } = part
  const shown = kind === 'check' || kind === 'macro' ? clean(text) : WORDS[kind]
  const line = `${decides ? '*' : ' '} ${holds ? 'true ' : 'false'} ${'  '.repeat(depth)}${shown}`
  const held = values.length > 0 ? `    ${paint('dim', values.map(valueText).join(', '))}` : ''
  return [
    (decides ? paint('strong', line) : line) + held,
    ...parts.flatMap((each) => partLines(each, depth + 1, paint)),
  ]
}

const WORDS = { and: 'all of', or: 'any of', not: 'not' } as const
const VALUE_CHARS = 120

function valueText({ field, value }: ExplainedValue): string {
  const text = value === null ? 'missing' : JSON.stringify(value)
  return clean(`${field}: ${text.length > VALUE_CHARS ? `${text.slice(0, VALUE_CHARS)}…` : text}`)
}
