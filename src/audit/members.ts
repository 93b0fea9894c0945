/**
 * Reports the members of the outermost object, in order: where the name stands (without quotes) and
 * where the value begins. Stops when `visit` returns false. For bytes that are one JSON object; on
 * others it reports something or nothing, and ends.
 */
export function eachMember(
  bytes: Uint8Array,
  start: number,
  end: number,
  visit: (nameStart: number, nameEnd: number, value: number) => boolean,
): void {
  let depth = 0
  // In the outermost object a string is a name exactly where a brace or a comma came before it.
  let name = false
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!
    if (byte === 0x22) {
      const close = closingQuote(bytes, at + 1, end)
      if (name && depth === 1) {
        name = false
        const value = skipTo(bytes, close + 1, end)
        if (!visit(at + 1, close, value)) return
      }
      at = close
    } else if (byte === 0x7b || byte === 0x5b) {
      name = ++depth === 1
    } else if (byte === 0x7d || byte === 0x5d) {
      depth--
    } else if (byte === 0x2c) {
      name = depth === 1
    }
  }
}

/** The position of the quote that ends the string whose text begins at `at`; `end` for none. */
export function closingQuote(bytes: Uint8Array, at: number, end: number): number {
  while (at < end) {
    const byte = bytes[at]!
    if (byte === 0x22) return at
    at += byte === 0x5c ? 2 : 1
  }
  return end
}

/** The first byte of the value, past the colon and white space. */
function skipTo(bytes: Uint8Array, at: number, end: number): number {
  while (at < end && (bytes[at] === 0x3a || bytes[at]! <= 0x20)) at++
  return at
}

/** The position after the value that begins at `at`; `end` where it has no end. */
export function valueEnd(bytes: Uint8Array, at: number, end: number): number {
  let depth = 0
  while (at < end) {
    const byte = bytes[at]!
    if (byte === 0x22) at = closingQuote(bytes, at + 1, end)
    else if (byte === 0x7b || byte === 0x5b) depth++
    else if (byte === 0x7d || byte === 0x5d) depth--
    else if (depth === 0) {
      while (at < end && !ENDS_SCALAR.has(bytes[at]!)) at++
      return at
    }
    at++
    if (depth === 0) return at
  }
  return end
}

/** White space, a comma or a closing bracket. */
const ENDS_SCALAR: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d, 0x2c, 0x5d, 0x7d])
