/** Reads an item with the key `rule`: a definition, a change, or a switch. */
import { parsePriority, priorities, type Priority } from '../../text/priority.ts'
import { yamlGet, type YamlNode, type YamlScalar } from '../../text/yaml.ts'
import { AUDIT_SOURCE, type Collector, SYSCALL_SOURCE } from './collect.ts'
import {
  invalid,
  type Item,
  optionalBool,
  optionalOrEmpty,
  optionalScalar,
  optionalSequence,
  optionalUint32,
  requiredBool,
  requiredScalar,
} from './decode.ts'
import { placeOf, warning } from './diagnose.ts'
import { readExceptions } from './exceptions.ts'
import type { ExceptionDefinition, RuleUpdate } from './model.ts'
import { ExpectedKeys, readOverrides } from './override.ts'
import { Traced } from './traced.ts'

const APPENDABLE = ['condition', 'output', 'desc', 'tags', 'exceptions']
const REPLACEABLE = [
  'condition',
  'output',
  'desc',
  'priority',
  'capture',
  'capture_duration',
  'tags',
  'exceptions',
  'enabled',
  'warn_evttypes',
  'skip-if-unknown-filter',
]

/** Keys that a rule may have. */
export const ruleKeys: readonly string[] = ['rule', 'source', 'override', 'append', ...REPLACEABLE]

/** @throws LoadError */
export function readRule(item: Item, collector: Collector): void {
  const name = requiredScalar(item, 'rule').text
  const source = optionalOrEmpty(item, 'source')?.text ?? ''
  const overrides = readOverrides(item, APPENDABLE, REPLACEABLE)
  if (overrides.legacyAppend)
    deprecated(item, collector, '`append: true` is deprecated', 'override')
  if (overrides.append.size + overrides.replace.size > 0) {
    readOverridden(item, collector, { name, source, ...overrides })
  } else if (overrides.legacyAppend) {
    collector.appendRule(legacyAppend(item, collector, name, source))
  } else if (['condition', 'output', 'desc', 'priority'].some((key) => yamlGet(item.node, key))) {
    define(item, collector, name)
  } else {
    const enabled = requiredBool(item, 'enabled')
    deprecated(item, collector, 'a rule with only `enabled` is deprecated', 'override')
    collector.enableRule(name, enabled, placeOf(item.document, item.node))
  }
}

/** Says once per item that it is written in an older way. */
export function deprecated(item: Item, collector: Collector, message: string, key: string): void {
  collector.diagnostics.push(
    warning(
      'LOAD_DEPRECATED_ITEM',
      message,
      placeOf(item.document, item.node),
      `write the change under \`${key}\``,
    ),
  )
}

function define(item: Item, collector: Collector, name: string): void {
  const condition = traced(item, requiredScalar(item, 'condition'))
  const output = trimmed(traced(item, requiredScalar(item, 'output')))
  const description = traced(item, requiredScalar(item, 'desc'))
  const priority = readPriority(item)
  const source = optionalScalar(item, 'source')?.text ?? SYSCALL_SOURCE
  const enabled = optionalBool(item, 'enabled') ?? true
  readUnused(item)
  const skipIfUnknownFilter = optionalBool(item, 'skip-if-unknown-filter') ?? false
  collector.defineRule({
    name,
    source,
    unknownSource: source !== AUDIT_SOURCE && source !== SYSCALL_SOURCE,
    condition,
    output,
    description,
    priority,
    tags: new Set(tagsOf(item)),
    enabled,
    skipIfUnknownFilter,
    exceptions: exceptionsOf(item, collector, false),
    place: placeOf(item.document, item.node),
  })
}

/** Keys that mean nothing here, but must be well-formed. */
function readUnused(item: Item): void {
  optionalBool(item, 'capture')
  optionalUint32(item, 'capture_duration')
  optionalBool(item, 'warn_evttypes')
}

function legacyAppend(item: Item, collector: Collector, name: string, source: string): RuleUpdate {
  const condition = optionalScalar(item, 'condition')
  const exceptions = yamlGet(item.node, 'exceptions') && exceptionsOf(item, collector, true)
  return {
    name,
    source,
    ...(condition ? { condition: traced(item, condition) } : {}),
    ...(exceptions ? { exceptions } : {}),
    any: condition !== undefined || exceptions !== undefined,
    place: placeOf(item.document, item.node),
  }
}

interface Overridden {
  readonly name: string
  readonly source: string
  readonly append: ReadonlySet<string>
  readonly replace: ReadonlySet<string>
}

function readOverridden(item: Item, collector: Collector, overridden: Overridden): void {
  const expected = new ExpectedKeys(item, REPLACEABLE)
  const { append, replace } = overridden
  if (append.size > 0) collector.appendRule(update(item, collector, overridden, append, expected))
  if (replace.size > 0)
    collector.replaceInRule(update(item, collector, overridden, replace, expected))
  expected.finish()
}

function update(
  item: Item,
  collector: Collector,
  { name, source, append }: Overridden,
  keys: ReadonlySet<string>,
  expected: ExpectedKeys,
): RuleUpdate {
  const text = (key: string): Traced | undefined =>
    expected.take(keys, key) ? traced(item, requiredScalar(item, key)) : undefined
  const take = <T>(key: string, read: () => T): T | undefined =>
    expected.take(keys, key) ? read() : undefined
  const condition = text('condition')
  const exceptions = take('exceptions', () => exceptionsOf(item, collector, keys === append))
  const output = text('output')
  const description = text('desc')
  const tags = take('tags', () => new Set(tagsOf(item)))
  const priority = take('priority', () => readPriority(item))
  take('capture', () => requiredBool(item, 'capture'))
  take('capture_duration', () => optionalUint32(item, 'capture_duration'))
  const enabled = take('enabled', () => requiredBool(item, 'enabled'))
  take('warn_evttypes', () => requiredBool(item, 'warn_evttypes'))
  const skip = take('skip-if-unknown-filter', () => requiredBool(item, 'skip-if-unknown-filter'))
  return {
    name,
    // The source is compared only where a condition comes with it.
    source: condition ? source : '',
    ...(condition ? { condition } : {}),
    ...(exceptions ? { exceptions } : {}),
    ...(output ? { output } : {}),
    ...(description ? { description } : {}),
    ...(tags ? { tags } : {}),
    ...(priority ? { priority } : {}),
    ...(enabled === undefined ? {} : { enabled }),
    ...(skip === undefined ? {} : { skipIfUnknownFilter: skip }),
    any: true,
    place: placeOf(item.document, item.node),
  }
}

function readPriority(item: Item): Priority {
  const scalar = requiredScalar(item, 'priority')
  const priority = parsePriority(scalar.text)
  if (priority) return priority
  return invalid(
    item,
    scalar,
    `\`${scalar.text}\` is no priority`,
    `known are ${priorities.join(', ')}, in any case`,
  )
}

function exceptionsOf(item: Item, collector: Collector, appending: boolean): ExceptionDefinition[] {
  return readExceptions(item, appending, (kind, name, node: YamlNode) => {
    const place = placeOf(item.document, node)
    collector.diagnostics.push(
      kind === 'twice'
        ? warning(
            'LOAD_EXCEPTION_NAME_NOT_UNIQUE',
            `the exception \`${name}\` is defined twice in one rule; both apply`,
            place,
            'merge the two, or rename one',
          )
        : warning(
            'LOAD_APPEND_NO_VALUES',
            `nothing is appended to the exception \`${name}\``,
            place,
          ),
    )
  })
}

function tagsOf(item: Item): string[] {
  return (optionalSequence(item, 'tags') ?? []).map(({ text }) => text)
}

function traced({ document }: Item, node: YamlScalar): Traced {
  return Traced.of({ document, node })
}

/** Falco trims an output where a rule is defined, and nowhere else. */
function trimmed(output: Traced): Traced {
  const [lead] = /^[ \t\n\v\f\r]*/.exec(output.text)!
  const end = output.text.replace(/[ \t\n\v\f\r]+$/, '').length
  return output.slice(lead.length, Math.max(end, lead.length))
}
