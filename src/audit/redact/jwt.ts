import type { Edits } from './edits.ts'
import { paddedMark } from './kinds.ts'

/** How a base64 of a JSON object begins: `{"`. */
const BEGINNING = 'eyJ'
/** Characters of a segment that are needed to believe it. */
const SEGMENT_MIN = 5
/** Segments of an encrypted token. */
const SEGMENTS_MAX = 5
/** Length of a segment's mark, in characters. Enough for every pattern, and it does not tell the length. */
const MARK_MAX = 24

/**
 * Finds JSON web tokens: two segments or more, joined by dots, of which the first is the base64 of
 * an object. By hand and not by a pattern, which would take quadratic time on a long text of `eyJ`.
 */
export function jsonWebTokens(text: string, edits: Edits): void {
  let beginning = text.indexOf(BEGINNING)
  let segment = 0
  while (beginning >= 0) {
    const dot = text.indexOf('.', beginning)
    if (dot < 0) return
    segment = segmentStart(text, Math.max(segment, beginning), dot)
    if (beginning < segment) {
      beginning = text.indexOf(BEGINNING, segment)
      continue
    }
    const end = dot - beginning < BEGINNING.length + SEGMENT_MIN ? dot + 1 : tokenEnd(text, dot)
    if (end > dot + 1) {
      edits.add(beginning, end, 'token', tokenMark(text.slice(beginning, end)))
    }
    segment = end
    beginning = text.indexOf(BEGINNING, end)
  }
}

/** Where the segment begins that ends at `dot`; not before `from`. */
function segmentStart(text: string, from: number, dot: number): number {
  let at = dot
  while (at > from && isBase64Url(text.charCodeAt(at - 1))) at--
  return at
}

/** The end of the token whose first segment ends at `dot`; `dot + 1` where there is none. */
function tokenEnd(text: string, dot: number): number {
  let end = dot
  for (let segments = 1; segments < SEGMENTS_MAX && text[end] === '.'; segments++) {
    let at = end + 1
    while (isBase64Url(text.charCodeAt(at))) at++
    if (segments === 1 && at - end - 1 < SEGMENT_MIN) return dot + 1
    if (at === end + 1) break
    end = at
  }
  return end
}

function isBase64Url(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2d ||
    code === 0x5f
  )
}

/** The same number of segments, each beginning with `eyJ` where it did. */
function tokenMark(token: string): string {
  const marks = token.split('.').map((segment) => {
    const length = Math.min(segment.length, MARK_MAX)
    return paddedMark(segment.startsWith(BEGINNING) ? BEGINNING : '', length)
  })
  return marks.join('.')
}
