import type { Json, JsonObject } from './json.ts'

/**
 * Puts a document at a path of `data`, as OPA merges data files: objects join, anything else that
 * meets at one path is a conflict. Returns the path of the first conflict, undefined without one;
 * `data` is changed in place and belongs to the caller.
 */
export function mount(
  data: JsonObject,
  path: readonly string[],
  document: Json,
): string | undefined {
  if (path.length === 0 && !(document instanceof Map)) return '/'
  let value = document
  for (const key of path.toReversed()) value = new Map([[key, value]])
  return join(data, value as JsonObject)
}

/** Iterative, because a document may be nested as deep as its parser allows. */
function join(into: JsonObject, from: JsonObject): string | undefined {
  const open = [{ into, from, at: '' }]
  for (let next = open.pop(); next; next = open.pop()) {
    for (const [key, value] of next.from) {
      const there = next.into.get(key)
      const at = `${next.at}/${key}`
      if (there === undefined) next.into.set(key, value)
      else if (there instanceof Map && value instanceof Map)
        open.push({ into: there, from: value, at })
      else return at
    }
  }
  return undefined
}
