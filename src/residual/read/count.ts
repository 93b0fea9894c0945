import { type ComparingOperator, compare, type Path, type Residual, test } from '../residual.ts'
import { below } from './compare.ts'
import { isFilled } from './empty.ts'
import { both, either, literal, opposite, truth } from './logic.ts'
import { opaque } from './opaque.ts'
import type { Run } from './run.ts'
import { itemsOf, membersOf } from './compare.ts'
import type { Value } from './value.ts'
import { valueText } from './words.ts'

/** `count(value) <operator> limit`, where count has an answer. */
export function compareCount(
  run: Run,
  value: Value,
  operator: ComparingOperator,
  limit: number,
): Residual {
  switch (operator) {
    case 'greater':
      return atLeast(run, value, Math.floor(limit) + 1)
    case 'greaterOrEqual':
      return atLeast(run, value, Math.ceil(limit))
    case 'less':
      return opposite(atLeast(run, value, Math.ceil(limit)))
    case 'lessOrEqual':
      return opposite(atLeast(run, value, Math.floor(limit) + 1))
    default:
      if (!Number.isInteger(limit)) return truth(false)
      return both(atLeast(run, value, limit), opposite(atLeast(run, value, limit + 1)))
  }
}

function atLeast(run: Run, value: Value, size: number): Residual {
  if (size <= 0) return truth(true)
  const known = itemsOf(value)?.length ?? membersOf(value)?.size
  if (known !== undefined) return truth(known >= size)
  if (value.kind === 'path') return atLeastAt(run, value.path, size)
  if (size === 1 && value.kind !== 'text' && value.kind !== 'call') return isFilled(run, value)
  return both(
    isFilled(run, value),
    opaque(run, `count(${valueText(run, value)}) >= ${size}`, value),
  )
}

/** Of an array its items are counted, of an object its names, and of a string its characters. */
function atLeastAt(run: Run, path: Path, size: number): Residual {
  const last = literal(test(below(path, size - 1), 'defined'))
  const value: Value = { kind: 'path', path }
  if (size === 1) {
    const text = both(type(path, 'string'), literal(compare(path, 'notEqual', '')))
    return either(isFilled(run, value), text)
  }
  const more = opaque(run, `count(${run.pathText(path)}) >= ${size}`, value)
  return either(last, both(type(path, 'object'), more), both(type(path, 'string'), more))
}

function type(path: Path, name: 'string' | 'object'): Residual {
  return literal({ kind: 'atom', path, operator: 'type', type: name })
}
