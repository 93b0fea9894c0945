import type { JsonValue } from '../event/json-value.ts'

/**
 * The values at a path that goes through arrays, the way k8saudit walks them: without an index every
 * element is entered, and one that lacks the rest of the path gives undefined in its place; with an
 * index only that element. An empty key stays where it is. Undefined where the path does not exist.
 */
export function valuesAt(
  value: JsonValue,
  index: number | undefined,
  path: readonly string[],
): readonly (JsonValue | undefined)[] | undefined {
  let current = value
  for (const [i, key] of path.entries()) {
    if (current.kind === 'array') {
      if (index === undefined) return everyItem(current, path.slice(i))
      const item = current.items()[index]
      if (!item) return undefined
      current = item
    }
    const next = key === '' ? current : current.get(key)
    if (!next) return undefined
    current = next
  }
  return [current]
}

function everyItem(array: JsonValue, path: readonly string[]): (JsonValue | undefined)[] {
  const values: (JsonValue | undefined)[] = []
  for (const item of array.items()) {
    for (const value of valuesAt(item, undefined, path) ?? [undefined]) values.push(value)
  }
  return values
}

/** Texts of those that are there. */
export function textsOf(values: readonly (JsonValue | undefined)[]): string[] {
  return values.flatMap((value) => (value ? [value.text()] : []))
}

/** Texts of all; undefined when one is not there. */
export function allTexts(values: readonly (JsonValue | undefined)[]): string[] | undefined {
  return values.includes(undefined) ? undefined : textsOf(values)
}
