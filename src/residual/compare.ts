import type { Json } from './residual.ts'

/**
 * OPA's total order of JSON values: negative, zero or positive. Types rank null, boolean, number,
 * string, array, object; strings compare by code point, arrays element by element, objects by their
 * sorted names and then their values.
 */
export function compareJson(a: Json, b: Json): number {
  const rank = rankOf(a) - rankOf(b)
  if (rank !== 0) return rank
  if (typeof a === 'string') return compareText(a, b as string)
  if (typeof a === 'boolean' || typeof a === 'number') return Number(a) - Number(b)
  if (a === null) return 0
  if (Array.isArray(a)) return compareArrays(a as readonly Json[], b as readonly Json[])
  return compareObjects(a as JsonMembers, b as JsonMembers)
}

export function equalJson(a: Json, b: Json): boolean {
  return a === b || compareJson(a, b) === 0
}

type JsonMembers = { readonly [name: string]: Json }

function rankOf(value: Json): number {
  if (value === null) return 0
  if (Array.isArray(value)) return 4
  return { boolean: 1, number: 2, string: 3, object: 5 }[
    typeof value as 'boolean' | 'number' | 'string' | 'object'
  ]
}

/** By code point, which is the order of the UTF-8 bytes and not that of JavaScript's `<`. */
function compareText(a: string, b: string): number {
  if (a === b) return 0
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

function compareArrays(a: readonly Json[], b: readonly Json[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const order = compareJson(a[i]!, b[i]!)
    if (order !== 0) return order
  }
  return a.length - b.length
}

function compareObjects(a: JsonMembers, b: JsonMembers): number {
  const [left, right] = [a, b].map((object) => Object.keys(object).sort(compareText))
  for (let i = 0; i < left!.length && i < right!.length; i++) {
    const order = compareText(left![i]!, right![i]!) || compareJson(a[left![i]!]!, b[right![i]!]!)
    if (order !== 0) return order
  }
  return left!.length - right!.length
}
