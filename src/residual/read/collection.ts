import { compare, type Residual } from '../residual.ts'
import { require, startBranch } from './branch.ts'
import { close } from './close.ts'
import { equal, itemsOf, membersOf } from './compare.ts'
import { either, literal, opposite, truth } from './logic.ts'
import { opaque } from './opaque.ts'
import { type Entry, type Run } from './run.ts'
import { constant, typeOfValue, type Value } from './value.ts'
import { valueText } from './words.ts'
import type { Branch } from './branch.ts'

/** What ranging over a value finds; rules and comprehensions are looked into by the callbacks. */
export function iterate(
  run: Run,
  value: Value,
  branch: Branch,
  inside: (value: Extract<Value, { kind: 'rules' | 'comprehension' }>) => readonly Entry[],
): readonly Entry[] {
  const items = itemsOf(value)
  if (items) return items.map((item, i) => ({ key: constant(i), value: item, branch }))
  const members = membersOf(value)
  if (members) {
    return [...members].map(([name, member]) => ({ key: constant(name), value: member, branch }))
  }
  switch (value.kind) {
    case 'set':
      return value.items.map((item) => ({ key: item, value: item, branch }))
    case 'rules':
    case 'comprehension':
      return inside(value)
    case 'path': {
      const range = run.range(value.path)
      const opened = { ...branch, ranges: [...branch.ranges, range] }
      const at = (from: { element: number } | { key: number }): Value => ({
        kind: 'path',
        path: { from, steps: [] },
      })
      return [{ key: at({ key: range.id }), value: at({ element: range.id }), branch: opened }]
    }
    case 'sets':
      return iterateSets(run, value, branch)
    case 'call':
    case 'unknown':
      return iterateUnknown(run, value, branch)
    default:
      return []
  }
}

function iterateSets(
  run: Run,
  { operator, left, right }: Extract<Value, { kind: 'sets' }>,
  branch: Branch,
): readonly Entry[] {
  const all = run.iterate(left, branch)
  if (operator === 'or') return [...all, ...run.iterate(right, branch)]
  return all.flatMap((entry) => {
    const inRight = member(run, entry.value, right)
    const condition = operator === 'and' ? inRight : opposite(inRight)
    return require(entry.branch, condition).map((kept) => ({ ...entry, branch: kept }))
  })
}

/** Something may be in it; what, is not known. */
function iterateUnknown(run: Run, value: Value, branch: Branch): readonly Entry[] {
  if (isScalar(value)) return []
  const text = `${valueText(run, value)}[_]`
  const element: Value = { kind: 'unknown', reads: run.readsOf(value), text }
  return require(branch, opaque(run, text, value)).map((opened) => ({
    key: { ...element, text: `a key of ${valueText(run, value)}` },
    value: element,
    branch: opened,
  }))
}

function isScalar(value: Value): boolean {
  return ['string', 'number', 'boolean', 'null'].includes(typeOfValue(value) ?? '')
}

/** `value in collection`, of values that are there. What is no collection holds nothing. */
export function member(run: Run, value: Value, collection: Value): Residual {
  run.step()
  const constants = constantsOf(collection)
  if (value.kind === 'path' && constants) {
    return constants.length === 0 ? truth(false) : literal(compare(value.path, 'in', constants))
  }
  if (value.kind === 'path' && collection.kind === 'path' && run.origin(value.path) === 'event') {
    const operand = { path: collection.path }
    return literal({ kind: 'atom', path: value.path, operator: 'in', operand })
  }
  if (collection.kind === 'unknown' || collection.kind === 'call') {
    if (isScalar(collection)) return truth(false)
    const text = `${valueText(run, value)} in ${valueText(run, collection)}`
    return opaque(run, text, value, collection)
  }
  const entries = run.iterate(collection, startBranch())
  return either(
    entries.flatMap((entry) => require(entry.branch, equal(run, entry.value, value)).map(close)),
  )
}

/** The elements of a collection of constants. */
function constantsOf(
  collection: Value,
): readonly Extract<Value, { kind: 'constant' }>['value'][] | undefined {
  const items =
    collection.kind === 'set'
      ? collection.items
      : (itemsOf(collection) ?? [...(membersOf(collection)?.values() ?? [])])
  const isKnown = collection.kind === 'set' || itemsOf(collection) || membersOf(collection)
  const constants = items.flatMap((item) => (item.kind === 'constant' ? [item.value] : []))
  return isKnown && constants.length === items.length ? constants : undefined
}

/** What `collection[key]` is, for a key that has a value. */
export function lookUpIn(
  run: Run,
  collection: Value,
  key: Value,
  branch: Branch,
): readonly Entry[] {
  return run.iterate(collection, branch).flatMap((entry) =>
    require(entry.branch, equal(run, entry.key, key)).map((found) => ({
      ...entry,
      branch: found,
    })),
  )
}
