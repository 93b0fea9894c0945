/**
 * Length in bytes (2 to 4) of the multi-byte UTF-8 sequence at `at`, and 0 where there is none:
 * a stray continuation, an overlong or truncated form, a surrogate, a value past U+10FFFD's plane.
 * Draws the same line as Go's `utf8.DecodeRune`. The byte at `at` must be 0x80 or above.
 */
export function sequenceLength(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at]!
  if (lead < 0xc2 || lead > 0xf4) return 0
  if (lead < 0xe0) return at + 1 < end && isContinuation(bytes[at + 1]!) ? 2 : 0
  const length = lead < 0xf0 ? 3 : 4
  if (at + length > end) return 0
  const second = bytes[at + 1]!
  if (!isContinuation(second) || !isContinuation(bytes[at + 2]!)) return 0
  if (length === 3) {
    const overlong = lead === 0xe0 && second < 0xa0
    const surrogate = lead === 0xed && second > 0x9f
    return overlong || surrogate ? 0 : 3
  }
  const outside = (lead === 0xf0 && second < 0x90) || (lead === 0xf4 && second > 0x8f)
  return outside || !isContinuation(bytes[at + 3]!) ? 0 : 4
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80
}
