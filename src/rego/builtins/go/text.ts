import { RegoObject, RegoSet, isNumber, literalOf } from '../../value.ts'
import type { Value } from '../../value.ts'
import { quote } from './quote.ts'

/** A value as OPA's Go code prints it: `{"b": 1}`, `{1, 2}`, `set()`, everything in Rego's order. */
export function goText(value: Value): string {
  if (typeof value === 'string') return quote(value)
  if (isNumber(value)) return literalOf(value)
  if (value === null || typeof value === 'boolean') return String(value)
  if (value instanceof RegoSet) {
    return value.elements.length === 0 ? 'set()' : `{${value.sorted().map(goText).join(', ')}}`
  }
  if (value instanceof RegoObject) {
    return `{${value
      .sorted()
      .map(([k, v]) => `${goText(k)}: ${goText(v)}`)
      .join(', ')}}`
  }
  return `[${value.map(goText).join(', ')}]`
}
