import { isObject } from '../text/json.ts'

/** Merges `overlay` over `base`: objects key by key, everything else replaced. */
export function mergeData(base: unknown, overlay: unknown): unknown {
  if (!isObject(base) || !isObject(overlay)) return overlay
  const merged = new Map(Object.entries(base))
  for (const [key, value] of Object.entries(overlay)) {
    merged.set(key, merged.has(key) ? mergeData(merged.get(key), value) : value)
  }
  return Object.fromEntries(merged)
}
