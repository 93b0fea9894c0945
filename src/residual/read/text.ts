import type { Residual } from '../residual.ts'
import { type Branch, type Fork, require, startBranch } from './branch.ts'
import { close } from './close.ts'
import { equal } from './compare.ts'
import { isEmpty } from './empty.ts'
import { either, literal, opposite, truth } from './logic.ts'
import { loweredPattern } from './lowered.ts'
import { opaque } from './opaque.ts'
import type { Run } from './run.ts'
import { constant, typeOfValue, type Value } from './value.ts'
import { valueText } from './words.ts'

/** What OPA writes for an interpolation that has no value. */
const UNDEFINED = constant('<undefined>')

/** Strings put together; constant where all of them are. */
export function text(parts: readonly Value[]): Value {
  const merged: Value[] = []
  for (const part of parts.flatMap((one) => (one.kind === 'text' ? one.parts : [one]))) {
    const last = merged.at(-1)
    if (part.kind === 'constant' && last?.kind === 'constant')
      merged[merged.length - 1] = constant(`${last.value}${part.value}`)
    else if (!(part.kind === 'constant' && part.value === '')) merged.push(part)
  }
  if (merged.length === 0) return constant('')
  return merged.length === 1 ? merged[0]! : { kind: 'text', parts: merged }
}

/** A condition on the text that a template string comes to, in whatever way it does. */
export function withText(
  run: Run,
  template: Extract<Value, { kind: 'template' }>,
  condition: (text: Value) => Residual,
): Residual {
  const forks = expand(run, template.parts, startBranch())
  return either(forks.flatMap(({ value, branch }) => require(branch, condition(value)).map(close)))
}

function expand(run: Run, parts: readonly Value[], start: Branch): readonly Fork[] {
  let forks: readonly { readonly texts: readonly Value[]; readonly branch: Branch }[] = [
    { texts: [], branch: start },
  ]
  for (const part of parts) {
    run.step(forks.length)
    forks = forks.flatMap(({ texts, branch }) =>
      interpolate(run, part, branch).map((fork) => ({
        texts: [...texts, fork.value],
        branch: fork.branch,
      })),
    )
  }
  return forks.map(({ texts, branch }) => ({ value: joined(run, texts), branch }))
}

function joined(run: Run, texts: readonly Value[]): Value {
  if (texts.every((one) => one.kind !== 'unknown')) return text(texts)
  const shown = texts.map((one) => valueText(run, one)).join(' ')
  return { kind: 'unknown', reads: texts.flatMap((one) => run.readsOf(one)), text: shown }
}

function interpolate(run: Run, part: Value, branch: Branch): readonly Fork[] {
  if (part.kind === 'set') return part.items.flatMap((item) => written(run, item, branch))
  if (part.kind !== 'comprehension') return written(run, part, branch)
  const values = run
    .iterate(part, branch)
    .flatMap((entry) => written(run, entry.value, entry.branch))
  const none = require(branch, isEmpty(run, part)).map((empty) => ({
    value: UNDEFINED,
    branch: empty,
  }))
  return [...values, ...none]
}

/** How a value is written in a template string: a string as it is. */
function written(run: Run, value: Value, branch: Branch): readonly Fork[] {
  if (value.kind === 'template') return expand(run, value.parts, branch)
  if (value.kind === 'constant') return [{ value: constantText(run, value), branch }]
  if (value.kind !== 'path') {
    const isText = typeOfValue(value) === 'string'
    return [{ value: isText ? value : unknown(run, value), branch }]
  }
  // Where data is not a string, binding it makes the literal opaque.
  if (run.origin(value.path) === 'data') return [{ value, branch }]
  const isText = literal({ kind: 'atom', path: value.path, operator: 'type', type: 'string' })
  return [
    ...require(branch, isText).map((is) => ({ value, branch: is })),
    ...require(branch, opposite(isText)).map((not) => ({
      value: unknown(run, value),
      branch: not,
    })),
  ]
}

function constantText(run: Run, value: Extract<Value, { kind: 'constant' }>): Value {
  const plain = value.value
  if (typeof plain === 'string') return value
  const isShort = plain === null || typeof plain === 'boolean' || Number.isSafeInteger(plain)
  return isShort ? constant(String(plain)) : unknown(run, value)
}

function unknown(run: Run, value: Value): Value {
  return { kind: 'unknown', reads: run.readsOf(value), text: valueText(run, value) }
}

/** `text == than`: what is constant at the beginning and at the end is compared and taken away. */
export function equalText(run: Run, parts: readonly Value[], than: string): Residual {
  const [first, last] = [parts[0], parts.at(-1)]
  if (parts.length === 0) return truth(than === '')
  if (first?.kind === 'constant') {
    const begin = String(first.value)
    return than.startsWith(begin)
      ? equalText(run, parts.slice(1), than.slice(begin.length))
      : truth(false)
  }
  if (last?.kind === 'constant') {
    const end = String(last.value)
    return than.endsWith(end)
      ? equalText(run, parts.slice(0, -1), than.slice(0, than.length - end.length))
      : truth(false)
  }
  if (parts.length === 1) return equal(run, first!, constant(than))
  const value: Value = { kind: 'text', parts }
  return opaque(run, `${valueText(run, value)} == ${JSON.stringify(than)}`, value)
}

/** `lower(value) == than`; undefined where it cannot be said. */
export function equalLowered(_run: Run, value: Value, than: string): Residual | undefined {
  const pattern = loweredPattern(than)
  if (value.kind !== 'path' || pattern === undefined) return undefined
  return matches(value.path, `^${pattern}$`)
}

export function matches(path: Extract<Value, { kind: 'path' }>['path'], pattern: string): Residual {
  return literal({ kind: 'atom', path, operator: 'regexMatch', operand: { constant: pattern } })
}
