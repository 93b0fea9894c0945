import type { Value } from './value.ts'

/**
 * The parts of `sprintf(format, values)`: texts and the values that stand between them. Undefined for
 * a format that does not fit them, or counts them itself.
 */
export function formattedParts(
  format: string,
  values: readonly Value[],
): readonly (string | Value)[] | undefined {
  const parts: (string | Value)[] = []
  const rest = [...values]
  let from = 0
  for (const verb of format.matchAll(/%[-+# 0]*\d*(?:\.\d+)?([a-zA-Z%])?/g)) {
    parts.push(format.slice(from, verb.index))
    from = verb.index + verb[0].length
    if (verb[1] === '%') {
      parts.push('%')
      continue
    }
    const value = rest.shift()
    if (verb[1] === undefined || !value) return undefined
    parts.push(value)
  }
  if (rest.length > 0) return undefined
  return [...parts, format.slice(from)].filter((part) => part !== '')
}
