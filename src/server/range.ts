/** A part of a body: both ends are included. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * The one range that a `Range` field asks for (RFC 9110, section 14.2). `whole`: there is none, it
 * is malformed or of several parts, and the whole body may be sent; `unsatisfiable`: it begins
 * behind the end.
 */
export function parseRange(
  field: string | null | undefined,
  length: number,
): ByteRange | 'whole' | 'unsatisfiable' {
  const found = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i.exec(field ?? '')
  if (!found || (found[1] === '' && found[2] === '')) return 'whole'
  if (found[1] === '') return lastBytes(Number(found[2]), length)
  const start = Number(found[1])
  const end = found[2] === '' ? length - 1 : Math.min(Number(found[2]), length - 1)
  if (found[2] !== '' && Number(found[2]) < start) return 'whole'
  return start >= length ? 'unsatisfiable' : { start, end }
}

function lastBytes(count: number, length: number): ByteRange | 'unsatisfiable' {
  if (count === 0 || length === 0) return 'unsatisfiable'
  return { start: Math.max(0, length - count), end: length - 1 }
}
