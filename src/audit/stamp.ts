/** `2026-11-24T10:00:00`, byte by byte: 0 for a digit. */
const PATTERN: Uint8Array = new TextEncoder().encode('0000-00-00T00:00:00')
const DIGIT = 0x30

/**
 * CloudWatch exports put the time of ingestion and a space before every line. The position of the
 * JSON text behind an RFC 3339 time at `start`; `start` itself where there is no such time.
 */
export function behindStamp(bytes: Uint8Array, start: number, end: number): number {
  for (let i = 0; i < PATTERN.length; i++) {
    const byte = bytes[start + i]!
    if (PATTERN[i] === DIGIT ? !isDigit(byte) : byte !== PATTERN[i]) return start
  }
  let at = start + PATTERN.length
  if (bytes[at] === 0x2e) {
    const fraction = ++at
    while (isDigit(bytes[at]!)) at++
    if (at === fraction) return start
  }
  at = zoneEnd(bytes, at)
  if (at < 0) return start
  const space = at
  while (bytes[at] === 0x20 || bytes[at] === 0x09) at++
  const json = at < end && (bytes[at] === 0x7b || bytes[at] === 0x5b)
  return json && at > space ? at : start
}

/** The position after `Z` or an offset such as `+01:00`; -1 for neither. */
function zoneEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at] === 0x5a) return at + 1
  if (bytes[at] !== 0x2b && bytes[at] !== 0x2d) return -1
  const digits = [1, 2, 4, 5].every((i) => isDigit(bytes[at + i]!))
  return digits && bytes[at + 3] === 0x3a ? at + 6 : -1
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}
