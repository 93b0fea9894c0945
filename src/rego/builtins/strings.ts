import type { Value } from '../value.ts'
import {
  BuiltinError,
  int64Operand,
  mistyped,
  operand,
  stringOperand,
  stringsOperand,
} from './builtin.ts'
import type { Builtins } from './builtin.ts'

export const strings: Builtins = {
  indexof_n: (operands) => allIndexes(stringOperand(operands, 0), stringOperand(operands, 1)),
  'strings.any_prefix_match': (operands) => {
    const bases = textsOf(operands, 1)
    return textsOf(operands, 0).some((text) => bases.some((base) => text.startsWith(base)))
  },
  'strings.any_suffix_match': (operands) => {
    const bases = textsOf(operands, 1)
    return textsOf(operands, 0).some((text) => bases.some((base) => text.endsWith(base)))
  },
  'strings.count': (operands) => countOf(stringOperand(operands, 0), stringOperand(operands, 1)),
  'strings.split_n': (operands) =>
    splitN(stringOperand(operands, 0), stringOperand(operands, 1), int64Operand(operands, 2)),
}

/** One string, or the strings of an array or set. */
function textsOf(operands: readonly Value[], index: number): readonly string[] {
  const value = operand(operands, index)
  if (typeof value === 'string') return [value]
  if (value === null || typeof value !== 'object') mistyped(index, 'a string, array or set')
  return stringsOperand(operands, index)
}

/** Places of every occurrence, overlapping ones too, counted in code points. */
function allIndexes(base: string, search: string): Value {
  if (search === '') throw new BuiltinError('empty search character')
  const indexes: number[] = []
  let runes = 0
  let from = 0
  for (let at = base.indexOf(search); at >= 0; at = base.indexOf(search, at + 1)) {
    runes += runeCount(base.slice(from, at))
    indexes.push(runes)
    from = at
  }
  return indexes
}

/** Occurrences without overlap; an empty string stands around every code point. */
function countOf(base: string, search: string): number {
  return search === '' ? runeCount(base) + 1 : base.split(search).length - 1
}

/** The first `limit` parts, or the last ones for a negative limit. */
function splitN(text: string, delimiter: string, limit: bigint): readonly string[] {
  const parts = delimiter === '' ? [...text] : text.split(delimiter)
  if (limit >= 0n) return limit >= parts.length ? parts : parts.slice(0, Number(limit))
  return -limit >= parts.length ? parts : parts.slice(Number(limit))
}

function runeCount(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}
