import { isPair, isSurrogate, unicodeEscape } from './escape.ts'
import { sequenceLength } from './utf8.ts'

/** U+FFFD in UTF-8. */
const REPLACEMENT = [0xef, 0xbf, 0xbd] as const
/** The escape of U+FFFD, as long as the escape that it stands in for. */
const REPLACEMENT_ESCAPE = [0x5c, 0x75, 0x66, 0x66, 0x66, 0x64] as const

/**
 * A JSON object's text as Go's `encoding/json` understands it: one U+FFFD for every byte that is
 * not part of valid UTF-8, and for every `\u` escape of a surrogate without its other half. The
 * same array where nothing needs replacing. For bytes that `prove` did not find malformed.
 */
export function sanitise(bytes: Uint8Array): Uint8Array {
  let broken = 0
  scan(bytes, (length) => {
    if (length === 1) broken++
  })
  const result = new Uint8Array(bytes.length + broken * (REPLACEMENT.length - 1))
  let read = 0
  let written = 0
  let changed = false
  scan(bytes, (length, at) => {
    const replacement = length === 1 ? REPLACEMENT : REPLACEMENT_ESCAPE
    result.set(bytes.subarray(read, at), written)
    written += at - read
    result.set(replacement, written)
    written += replacement.length
    read = at + length
    changed = true
  })
  if (!changed) return bytes
  result.set(bytes.subarray(read), written)
  return result
}

/** Reports every broken byte (length 1) and lone surrogate (length 6). */
function scan(bytes: Uint8Array, report: (length: 1 | 6, at: number) => void): void {
  const end = bytes.length
  for (let at = 0; at < end;) {
    const byte = bytes[at]!
    if (byte === 0x5c) {
      const unit = unicodeEscape(bytes, at, end)
      if (unit < 0) at += 2
      else if (!isSurrogate(unit)) at += 6
      else if (isPair(bytes, at, end, unit)) at += 12
      else {
        report(6, at)
        at += 6
      }
    } else if (byte >= 0x80) {
      const length = sequenceLength(bytes, at, end)
      if (length === 0) report(1, at)
      at += Math.max(length, 1)
    } else at++
  }
}
