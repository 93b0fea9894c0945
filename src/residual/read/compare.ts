import { compareJson, equalJson } from '../compare.ts'
import {
  type ComparingOperator,
  type Json,
  type Operand,
  type Path,
  type Residual,
  test,
} from '../residual.ts'
import { SIGNS } from '../text.ts'
import { compareCount } from './count.ts'
import { isEmpty } from './empty.ts'
import { both, literal, opposite, truth } from './logic.ts'
import { opaque } from './opaque.ts'
import type { Run } from './run.ts'
import { equalLowered, equalText, withText } from './text.ts'
import { constant, typeOfValue, type Value } from './value.ts'
import { valueText } from './words.ts'

/** Comparisons of order, and what each is with its sides changed. */
export const ORDER: Readonly<Record<string, readonly [ComparingOperator, ComparingOperator]>> = {
  lt: ['less', 'greater'],
  lte: ['lessOrEqual', 'greaterOrEqual'],
  gt: ['greater', 'less'],
  gte: ['greaterOrEqual', 'lessOrEqual'],
}

/** `a == b`, of values that are there. */
export function equal(run: Run, a: Value, b: Value): Residual {
  run.step()
  if (isTurned(run, a, b)) return equal(run, b, a)
  if (a.kind === 'template') return withText(run, a, (text) => equal(run, text, b))
  if (b.kind === 'template') return withText(run, b, (text) => equal(run, a, text))
  if (a.kind === 'path') return equalPath(run, a.path, b)
  if (a.kind === 'constant' && b.kind === 'constant') return truth(equalJson(a.value, b.value))
  const [left, right] = [typeOfValue(a), typeOfValue(b)]
  if (left && right && left !== right) return truth(false)
  if (left === 'array') return equalArrays(run, a, b) ?? unclear(run, 'equal', a, b)
  if (left === 'object') return equalObjects(run, a, b) ?? unclear(run, 'equal', a, b)
  if (left === 'set') return equalSets(run, a, b) ?? unclear(run, 'equal', a, b)
  if (b.kind === 'constant') return equalConstant(run, a, b.value)
  if (a.kind === 'constant') return equalConstant(run, b, a.value)
  return unclear(run, 'equal', a, b)
}

function equalConstant(run: Run, value: Value, than: Json): Residual {
  if (value.kind === 'text' && typeof than === 'string') return equalText(run, value.parts, than)
  if (value.kind === 'call') {
    if (value.name === 'count' && typeof than === 'number')
      return compareCount(run, value.args[0]!, 'equal', than)
    if (value.name === 'lower' && typeof than === 'string')
      return equalLowered(run, value.args[0]!, than) ?? unclear(run, 'equal', value, constant(than))
  }
  return unclear(run, 'equal', value, constant(than))
}

function equalPath(run: Run, path: Path, than: Value): Residual {
  if (than.kind === 'array') return equalItems(run, path, than.items)
  if (than.kind === 'object') {
    const members = [...than.members].map(([name, value]) =>
      equalPath(run, below(path, name), value),
    )
    const rest = opaque(run, `the names of ${run.pathText(path)}`, { kind: 'path', path })
    return both(literal({ kind: 'atom', path, operator: 'type', type: 'object' }), ...members, rest)
  }
  if (than.kind === 'path' && JSON.stringify(than.path) === JSON.stringify(path)) return truth(true)
  // Neither documents nor events have sets.
  if (typeOfValue(than) === 'set') return truth(false)
  const operand = operandOf(than)
  if (!operand) return unclear(run, 'equal', { kind: 'path', path }, than)
  return literal({ kind: 'atom', path, operator: 'equal', operand })
}

/** The path has an array of just these items. */
function equalItems(run: Run, path: Path, items: readonly Value[]): Residual {
  return both(
    literal({ kind: 'atom', path, operator: 'type', type: 'array' }),
    opposite(literal(test(below(path, items.length), 'defined'))),
    ...items.map((item, i) =>
      both(literal(test(below(path, i), 'defined')), equalPath(run, below(path, i), item)),
    ),
  )
}

export function below({ from, steps }: Path, ...more: readonly (string | number)[]): Path {
  return { from, steps: [...steps, ...more] }
}

function equalArrays(run: Run, a: Value, b: Value): Residual | undefined {
  const [left, right] = [itemsOf(a), itemsOf(b)]
  if (!left || !right) return undefined
  if (left.length !== right.length) return truth(false)
  return both(...left.map((item, i) => equal(run, item, right[i]!)))
}

/** The items of an array whose length is known. */
export function itemsOf(value: Value): readonly Value[] | undefined {
  if (value.kind === 'array') return value.items
  if (value.kind !== 'constant' || !Array.isArray(value.value)) return undefined
  return (value.value as readonly Json[]).map(constant)
}

function equalObjects(run: Run, a: Value, b: Value): Residual | undefined {
  const [left, right] = [membersOf(a), membersOf(b)]
  if (!left || !right) return undefined
  if (left.size !== right.size || [...left.keys()].some((name) => !right.has(name)))
    return truth(false)
  return both(...[...left].map(([name, value]) => equal(run, value, right.get(name)!)))
}

/** The members of an object whose names are known. */
export function membersOf(value: Value): ReadonlyMap<string, Value> | undefined {
  if (value.kind === 'object') return value.members
  if (value.kind !== 'constant' || typeof value.value !== 'object' || value.value === null)
    return undefined
  if (Array.isArray(value.value)) return undefined
  return new Map(Object.entries(value.value).map(([name, member]) => [name, constant(member)]))
}

/** Sets are compared with the empty one only. */
function equalSets(run: Run, a: Value, b: Value): Residual | undefined {
  const isNone = (value: Value): boolean => value.kind === 'set' && value.items.length === 0
  if (isNone(b)) return isEmpty(run, a)
  return isNone(a) ? isEmpty(run, b) : undefined
}

/** `a != b`, of values that are there. */
export function unequal(run: Run, a: Value, b: Value): Residual {
  if (isTurned(run, a, b)) return unequal(run, b, a)
  const operand = a.kind === 'path' ? operandOf(b) : undefined
  if (a.kind === 'path' && operand && !('concat' in operand)) {
    return literal({ kind: 'atom', path: a.path, operator: 'notEqual', operand })
  }
  return opposite(equal(run, a, b))
}

/** `a < b` and its like, of values that are there. */
export function ordered(run: Run, operator: keyof typeof ORDER, a: Value, b: Value): Residual {
  const [straight, turned] = ORDER[operator]!
  if (a.kind === 'constant' && b.kind === 'constant') {
    const order = compareJson(a.value, b.value)
    return truth(
      operator.startsWith('l')
        ? order < 0 || (order === 0 && operator === 'lte')
        : order > 0 || (order === 0 && operator === 'gte'),
    )
  }
  if (isTurned(run, a, b)) return orderedPath(run, turned, b.path, a)
  if (a.kind === 'path') return orderedPath(run, straight, a.path, b)
  if (isCount(a) && isNumber(b)) return compareCount(run, a.args[0]!, straight, b.value)
  if (isCount(b) && isNumber(a)) return compareCount(run, b.args[0]!, turned, a.value)
  return unclear(run, straight, a, b)
}

function orderedPath(run: Run, operator: ComparingOperator, path: Path, than: Value): Residual {
  const operand = operandOf(than)
  if (!operand || 'concat' in operand) return unclear(run, operator, { kind: 'path', path }, than)
  return literal({ kind: 'atom', path, operator, operand })
}

function isCount(value: Value): value is Extract<Value, { kind: 'call' }> {
  return value.kind === 'call' && value.name === 'count'
}

function isNumber(value: Value): value is { kind: 'constant'; value: number } {
  return value.kind === 'constant' && typeof value.value === 'number'
}

/** What an atom can compare a path with. */
export function operandOf(value: Value): Operand | undefined {
  if (value.kind === 'constant') return { constant: value.value }
  if (value.kind === 'path') return { path: value.path }
  if (value.kind !== 'text') return undefined
  const parts = value.parts.map(operandOf)
  return parts.every((part) => part !== undefined) ? { concat: parts } : undefined
}

/** What an atom is about comes first: a path, and one of the event rather than one of data. */
function isTurned(run: Run, a: Value, b: Value): b is Extract<Value, { kind: 'path' }> {
  if (b.kind !== 'path') return false
  return a.kind !== 'path' || (run.origin(a.path) === 'data' && run.origin(b.path) === 'event')
}

function unclear(run: Run, operator: ComparingOperator, a: Value, b: Value): Residual {
  return opaque(run, `${valueText(run, a)} ${SIGNS[operator]} ${valueText(run, b)}`, a, b)
}
