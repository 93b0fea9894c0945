/** Value of each hexadecimal digit's byte; 0xff for any other byte. */
const HEX: Uint8Array = new Uint8Array(256).fill(0xff)
for (let value = 0; value < 16; value++) {
  const digit = value.toString(16)
  HEX[digit.charCodeAt(0)] = value
  HEX[digit.toUpperCase().charCodeAt(0)] = value
}

/** True for the byte of a hexadecimal digit. */
export function isHex(byte: number): boolean {
  return HEX[byte]! <= 15
}

/** The code unit of the escape `\uXXXX` whose backslash is at `at`; -1 where it is not one. */
export function unicodeEscape(bytes: Uint8Array, at: number, end: number): number {
  if (at + 6 > end || bytes[at] !== 0x5c || bytes[at + 1] !== 0x75) return -1
  const a = HEX[bytes[at + 2]!]!
  const b = HEX[bytes[at + 3]!]!
  const c = HEX[bytes[at + 4]!]!
  const d = HEX[bytes[at + 5]!]!
  return (a | b | c | d) > 15 ? -1 : (a << 12) | (b << 8) | (c << 4) | d
}

/** True for a code unit that is half of a pair. */
export function isSurrogate(unit: number): boolean {
  return (unit & 0xf800) === 0xd800
}

/** True where the escape at `at`, whose code unit is `unit`, and the one after it make a pair. */
export function isPair(bytes: Uint8Array, at: number, end: number, unit: number): boolean {
  return (unit & 0xfc00) === 0xd800 && (unicodeEscape(bytes, at + 6, end) & 0xfc00) === 0xdc00
}
