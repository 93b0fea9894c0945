import { RESIDUAL_STATEMENT_STEPS_MAX } from '../../text/limits.ts'
import type { MessagePart, Saying } from '../message.ts'
import { ALWAYS, type Conjunction } from '../residual.ts'
import { startBranch } from './branch.ts'
import { itemsOf } from './compare.ts'
import { eventValue } from './event-value.ts'
import { formattedParts } from './formatted.ts'
import { distinct } from './opaque.ts'
import { NotUnderstood, type Run } from './run.ts'
import { sayingsOf } from './sayings.ts'
import type { Comprehension } from './syntax.ts'
import { constant, type Closure, type Value } from './value.ts'
import { namesUsed } from './variables.ts'

/**
 * The parts of a message.
 * @param around what holds where the value is looked at
 */
export function partsOf(run: Run, value: Value, around: Conjunction): readonly MessagePart[] {
  switch (value.kind) {
    case 'constant':
      return [{ kind: 'text', text: textOf(value.value) }]
    case 'path':
      return [eventValue(run, value.path, around) ?? unknown(run, value)]
    case 'text':
      return value.parts.flatMap((part) => partsOf(run, part, around))
    case 'template':
      return value.parts.map((part) => interpolated(run, part, around))
    case 'set':
    case 'comprehension':
    case 'rules':
    case 'sets':
      return [listOf(run, value, around)]
    case 'call':
      return computed(run, value, around)
    default:
      return [unknown(run, value)]
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/**
 * A part of a template string: a set or comprehension of the one value that is written, or none. One
 * part whatever is written, so that templates with the same text stay alike.
 */
function interpolated(run: Run, part: Value, around: Conjunction): MessagePart {
  if (part.kind === 'set') return oneOf(part.items.flatMap((item) => partsOf(run, item, around)))
  if (part.kind !== 'comprehension') return oneOf(partsOf(run, part, around))
  const of = sayingsIn(run, part, around)
  if (!of) return unknown(run, part)
  return of.length === 1 ? oneOf(of[0]!.parts) : { kind: 'choice', of }
}

function oneOf(parts: readonly MessagePart[]): MessagePart {
  return parts.length === 1 ? parts[0]! : { kind: 'choice', of: [{ when: ALWAYS, parts }] }
}

const known = new WeakMap<Comprehension, readonly Saying[] | undefined>()

/** What a collection may hold; undefined where finding out takes too much. */
function sayingsIn(run: Run, value: Value, around: Conjunction): readonly Saying[] | undefined {
  if (value.kind !== 'comprehension' || looksOutside(value)) return findSayings(run, value, around)
  const { comprehension } = value
  if (!known.has(comprehension)) known.set(comprehension, findSayings(run, value, []))
  return known.get(comprehension)
}

/** It depends on a variable from outside, so that it is another one wherever it is met. */
function looksOutside({ comprehension, variables }: Closure): boolean {
  const names = new Set(
    comprehension.body.flatMap((statement) => {
      const { plain, closed } = namesUsed(statement)
      return [...plain, ...closed]
    }),
  )
  for (let at = variables; at; at = at.rest) if (names.has(at.name)) return true
  return comprehension.term.kind !== 'var' || !names.has(comprehension.term.name)
}

function findSayings(run: Run, value: Value, around: Conjunction): readonly Saying[] | undefined {
  try {
    return run.within(RESIDUAL_STATEMENT_STEPS_MAX, () =>
      sayingsOf(
        run.iterate(value, startBranch()).map((entry) => ({
          branch: entry.branch,
          parts: partsOf(run, entry.value, [...around, ...entry.branch.literals]),
        })),
      ),
    )
  } catch (error) {
    if (error instanceof NotUnderstood) return undefined
    throw error
  }
}

function listOf(run: Run, value: Value, around: Conjunction): MessagePart {
  const of = sayingsIn(run, value, around)
  return of ? { kind: 'list', of } : unknown(run, value)
}

/** Builtins that change how a text is written more than what it says: their first argument. */
const WRITTEN_OTHERWISE: ReadonlySet<string> = new Set([
  'trim_space',
  'trim',
  'trim_left',
  'trim_right',
  'trim_prefix',
  'trim_suffix',
  'replace',
  'format_int',
  'json.marshal',
])

function computed(
  run: Run,
  call: Extract<Value, { kind: 'call' }>,
  around: Conjunction,
): readonly MessagePart[] {
  const [first, second] = call.args
  const inner = (value: Value): readonly MessagePart[] => partsOf(run, value, around)
  if (call.name === 'concat' && first?.kind === 'constant')
    return concatenated(run, textOf(first.value), second!, around)
  if (call.name === 'sprintf' && first?.kind === 'constant') {
    const parts = formattedParts(textOf(first.value), itemsOf(second!) ?? [])
    if (parts)
      return parts.map((part) => oneOf(inner(typeof part === 'string' ? constant(part) : part)))
  }
  if (WRITTEN_OTHERWISE.has(call.name)) return inner(first!)
  if (call.name === 'lower' || call.name === 'upper') {
    const [only, ...more] = inner(first!)
    if (only?.kind === 'value' && more.length === 0) return [{ ...only, letters: call.name }]
  }
  return [unknown(run, call)]
}

function concatenated(
  run: Run,
  delimiter: string,
  list: Value,
  around: Conjunction,
): readonly MessagePart[] {
  if (list.kind === 'call' && list.name === 'sort')
    return concatenated(run, delimiter, list.args[0]!, around)
  const items = itemsOf(list)
  if (!items) return [listOf(run, list, around)]
  return items.flatMap((item, i) => [
    ...(i > 0 ? partsOf(run, constant(delimiter), around) : []),
    oneOf(partsOf(run, item, around)),
  ])
}

function unknown(run: Run, value: Value): MessagePart {
  const reads = run.readsOf(value).map((path) => run.outer(path))
  return { kind: 'unknown', reads: distinct(reads.filter(({ from }) => from === 'event')) }
}
