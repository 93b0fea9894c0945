import { createHash } from 'node:crypto'
import { SERVE_TAGS_MAX } from '../text/limits.ts'

/** The entity tag of some bytes, quoted: the same bytes have the same tag on every server. */
export function entityTag(bytes: Uint8Array): string {
  return `"${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}"`
}

/** A field value of RFC 9110, section 8.8.3: `*`, or tags, each strong or weak. */
export interface TagList {
  readonly any: boolean
  /** Opaque tags with their quotes and without `W/`, in order. */
  readonly tags: readonly string[]
}

const TAG = /[ \t,]*(?:(\*)|(?:W\/)?("[\u0021\u0023-\u007e\u0080-\u00ff]*")|([^",\s]+))/y

/**
 * Reads `If-None-Match` or `If-Match`. OPA sends back whatever tag it was given, joined by commas
 * where it remembers superseded ones, so a tag without quotes is taken as if it had them.
 */
export function parseTags(field: string | null | undefined): TagList {
  const tags: string[] = []
  TAG.lastIndex = 0
  for (let found = field ? TAG.exec(field) : null; found; found = TAG.exec(field!)) {
    if (found[1]) return { any: true, tags: [] }
    tags.push(found[2] ?? `"${found[3]!.replace(/^W\//, '')}"`)
    if (tags.length === SERVE_TAGS_MAX) break
  }
  return { any: false, tags }
}

/** Weak comparison, as `If-None-Match` asks for. */
export function includesTag(list: TagList, tag: string): boolean {
  return list.any || list.tags.includes(tag.replace(/^W\//, ''))
}
