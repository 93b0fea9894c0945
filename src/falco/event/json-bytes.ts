/** Scanning of proved JSON: every function trusts that the bytes are well-formed. */
import { utf8 } from './byte-string.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c

/** Offset of the first byte at or behind `at` that is no blank. */
export function skipBlanks(bytes: Uint8Array, at: number): number {
  while (bytes[at]! <= 0x20) at++
  return at
}

/** Offset behind the string whose opening quote is at `at`. */
export function skipString(bytes: Uint8Array, at: number): number {
  for (at++; ; at++) {
    const byte = bytes[at]!
    if (byte === QUOTE) return at + 1
    if (byte === BACKSLASH) at++
  }
}

/** Offset behind the value that begins at `at`. */
export function skipValue(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!
  if (first === QUOTE) return skipString(bytes, at)
  if (first === 0x7b || first === 0x5b) return skipNested(bytes, at)
  // A number or a word ends at a comma, a closing bracket or brace, a blank, or with the bytes.
  while (at < bytes.length) {
    const byte = bytes[at]!
    if (byte <= 0x20 || byte === 0x2c || byte === 0x5d || byte === 0x7d) break
    at++
  }
  return at
}

function skipNested(bytes: Uint8Array, at: number): number {
  let depth = 0
  for (; ; at++) {
    const byte = bytes[at]!
    if (byte === QUOTE) {
      for (at++; bytes[at] !== QUOTE; at++) if (bytes[at] === BACKSLASH) at++
    } else if (byte === 0x7b || byte === 0x5b) {
      depth++
    } else if ((byte === 0x7d || byte === 0x5d) && --depth === 0) {
      return at + 1
    }
  }
}

/** Buffer's own method on any byte array: a Buffer around the bytes would cost more than the text. */
const { latin1Slice } = Buffer.prototype as unknown as {
  latin1Slice(this: Uint8Array, start: number, end: number): string
}

/** The bytes as a byte string: one character is one byte. */
export function byteText(bytes: Uint8Array, start: number, end: number): string {
  return latin1Slice.call(bytes, start, end)
}

/** The inside of a JSON string, unescaped, as a byte string. */
export function unescapedText(bytes: Uint8Array, start: number, end: number): string {
  const text = byteText(bytes, start, end)
  return text.includes('\\') ? unescape(text) : text
}

const SHORT: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/** As the plugins' parser does it: a surrogate without its other half stays as it is written. */
function unescape(text: string): string {
  return text.replace(
    /\\(?:u([dD][89a-fA-F][0-9a-fA-F]{2})\\u([0-9a-fA-F]{4})|u([0-9a-fA-F]{4})|([^u]))/g,
    (written, first: string, second: string, single: string, short: string) => {
      if (short !== undefined) return SHORT[short] ?? written
      if (single !== undefined) {
        const code = Number.parseInt(single, 16)
        return code >= 0xd800 && code <= 0xdfff ? written : utf8(String.fromCharCode(code))
      }
      const high = Number.parseInt(first, 16)
      const low = Number.parseInt(second, 16)
      const pair = high < 0xdc00 && low >= 0xdc00 && low <= 0xdfff
      return utf8(pair ? String.fromCharCode(high, low) : '\ufffd')
    },
  )
}

/** JSON without blanks between tokens, numbers and strings as they are written, as a byte string. */
export function compactText(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  let from = start
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!
    if (byte === QUOTE) {
      at = skipString(bytes, at) - 1
    } else if (byte <= 0x20) {
      text += byteText(bytes, from, at)
      from = at + 1
    }
  }
  return text + byteText(bytes, from, end)
}
