import { isPair, unicodeEscape } from '../escape.ts'
import { sequenceLength } from '../utf8.ts'

/** A text decoded from another, and where its parts stand there. */
export interface Decoded {
  readonly text: string
  /** The position in the original of the UTF-16 unit `index`, or of the end where it is the length. */
  place(index: number): number
}

/** A text that is its own decoding, shifted by `offset`. */
export function undecoded(text: string, offset: number): Decoded {
  return { text, place: (index) => offset + index }
}

/** Collects a decoded text unit by unit. */
class Builder {
  #text = ''
  readonly #places: number[] = []

  add(text: string, place: number): void {
    for (let i = 0; i < text.length; i++) this.#places.push(place)
    this.#text += text
  }

  /** Each unit at a place of its own. */
  addAll(text: string, place: number): void {
    for (let i = 0; i < text.length; i++) this.#places.push(place + i)
    this.#text += text
  }

  done(end: number): Decoded {
    const places = this.#places
    return { text: this.#text, place: (index) => places[index] ?? end }
  }
}

/**
 * Undoes percent-encoding, as a URL's path has it, or with `plus` its query. A `%` without two hex
 * digits stays. What is no UTF-8 becomes U+FFFD.
 */
export function fromPercent(text: string, plus: boolean): Decoded {
  if (!text.includes('%') && !(plus && text.includes('+'))) return undecoded(text, 0)
  const builder = new Builder()
  for (let at = 0; at < text.length;) {
    const run = /(?:%[0-9a-f]{2})+/iy
    run.lastIndex = at
    const escapes = text[at] === '%' ? run.exec(text)?.[0] : undefined
    if (escapes === undefined) {
      builder.add(plus && text[at] === '+' ? ' ' : text[at]!, at)
      at += 1
    } else {
      const bytes = Buffer.from(escapes.replaceAll('%', ''), 'hex')
      eachCharacter(bytes, (char, byte) => builder.add(char, at + byte * 3))
      at += escapes.length
    }
  }
  return builder.done(text.length)
}

const ESCAPE = /\\(?:u[0-9a-fA-F]{4}|["\\/bfnrt])/g

/** Undoes the escapes of JSON in a text that quotes some. Other backslashes stay. */
export function fromEscapes(text: string): Decoded {
  const builder = new Builder()
  let at = 0
  for (const { 0: escape, index } of text.matchAll(ESCAPE)) {
    builder.addAll(text.slice(at, index), at)
    builder.add(unescaped(escape), index)
    at = index + escape.length
  }
  builder.addAll(text.slice(at), at)
  return builder.done(text.length)
}

/** Each character of UTF-8 and where it begins; U+FFFD for each byte that belongs to none. */
function eachCharacter(bytes: Uint8Array, visit: (char: string, at: number) => void): void {
  for (let at = 0; at < bytes.length;) {
    const length = bytes[at]! < 0x80 ? 1 : sequenceLength(bytes, at, bytes.length)
    visit(length === 0 ? '\ufffd' : utf8(bytes, at, at + length), at)
    at += Math.max(length, 1)
  }
}

/** The text of a JSON string whose inside is `bytes[start, end)`; places are positions in `bytes`. */
export function fromJsonString(bytes: Uint8Array, start: number, end: number): Decoded {
  const builder = new Builder()
  for (let at = start; at < end;) {
    const byte = bytes[at]!
    if (byte === 0x5c) {
      const length = escapeLength(bytes, at, end)
      builder.add(unescaped(utf8(bytes, at, at + length)), at)
      at += length
    } else {
      const length = byte < 0x80 ? 1 : sequenceLength(bytes, at, end)
      builder.add(length === 0 ? '\ufffd' : utf8(bytes, at, at + length), at)
      at += Math.max(length, 1)
    }
  }
  return builder.done(end)
}

function escapeLength(bytes: Uint8Array, at: number, end: number): number {
  const unit = unicodeEscape(bytes, at, end)
  if (unit < 0) return 2
  return isPair(bytes, at, end, unit) ? 12 : 6
}

function unescaped(escape: string): string {
  return JSON.parse(`"${escape}"`) as string
}

function utf8(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString()
}

/** Where the bytes of a text's UTF-8 stand in the text: byte offset → UTF-16 unit. */
export function fromBytes(text: string, byteLength: number): (byte: number) => number {
  if (byteLength === text.length) return (byte) => byte
  const units = new Uint32Array(byteLength + 1)
  let byte = 0
  for (let unit = 0; unit < text.length;) {
    const code = text.codePointAt(unit)!
    const bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
    units.fill(unit, byte, byte + bytes)
    byte += bytes
    unit += bytes === 4 ? 2 : 1
  }
  units[byteLength] = text.length
  return (byte) => units[byte]!
}
