import { equalJson } from '../residual/compare.ts'
import type { Json } from '../residual/residual.ts'
import { isObject } from '../text/json.ts'

/**
 * A JSON merge patch (RFC 7396) applied to a value: null removes a member, objects are merged, all
 * else is replaced.
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const merged = new Map(isObject(target) ? Object.entries(target) : [])
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name)
    else merged.set(name, mergePatch(merged.get(name), value))
  }
  return Object.fromEntries(merged)
}

/** The smallest merge patch that turns one value into another; undefined where none can. */
export function mergePatchBetween(from: unknown, to: unknown): unknown {
  if (!isObject(from) || !isObject(to)) return hasNull(to) ? undefined : to
  const patch = new Map<string, unknown>()
  for (const name of Object.keys(from)) if (!Object.hasOwn(to, name)) patch.set(name, null)
  for (const [name, value] of Object.entries(to)) {
    if (Object.hasOwn(from, name) && equalJson(from[name] as Json, value as Json)) continue
    const inner = mergePatchBetween(from[name], value)
    if (inner === undefined) return undefined
    patch.set(name, inner)
  }
  return Object.fromEntries(patch)
}

/** A null inside of an object means "remove" in a patch; inside of an array it is a value. */
function hasNull(value: unknown): boolean {
  if (value === null) return true
  return isObject(value) && Object.values(value).some(hasNull)
}
