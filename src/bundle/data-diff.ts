import { encodeJson, compareUtf8 } from './encode.ts'
import { type Json, JsonNumber, type JsonObject } from './json.ts'

/** One difference between two data documents. */
export interface DataChange {
  /** Keys from the root, where the values differ or one is missing. */
  readonly path: readonly string[]
  /** Undefined: not there before. */
  readonly before: Json | undefined
  /** Undefined: not there afterwards. */
  readonly after: Json | undefined
}

/** The differences in the order of their paths; objects are entered, arrays are one value. */
export function diffData(before: JsonObject, after: JsonObject): DataChange[] {
  const changes: DataChange[] = []
  const open: { path: string[]; before: JsonObject; after: JsonObject }[] = [
    { path: [], before, after },
  ]
  for (let next = open.pop(); next; next = open.pop()) {
    const keys = [...new Set([...next.before.keys(), ...next.after.keys()])]
    for (const key of keys) {
      const [a, b] = [next.before.get(key), next.after.get(key)]
      const path = [...next.path, key]
      if (a instanceof Map && b instanceof Map) open.push({ path, before: a, after: b })
      else if (!same(a, b)) changes.push({ path, before: a, after: b })
    }
  }
  return changes.sort((a, b) => compareUtf8(a.path.join('\0'), b.path.join('\0')))
}

/** Equal as documents: the order of keys does not matter, the digits of a number do. */
function same(a: Json | undefined, b: Json | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  if (a instanceof JsonNumber && b instanceof JsonNumber) return a.literal === b.literal
  if (typeof a !== 'object' || a === null) return a === b
  return encodeJson(a, { html: false }) === encodeJson(b, { html: false })
}
