import { EVENT_DEPTH_MAX, EXPONENT_DIGITS_MAX, NUMBER_BYTES_MAX } from '../text/limits.ts'
import { firstDuplicate } from './duplicate.ts'
import { isPair, isSurrogate, unicodeEscape } from './escape.ts'
import { addName, clearNames } from './names.ts'
import type { ProvedEvent } from './proved.ts'
import { sequenceLength } from './utf8.ts'
import { type Flaw, walk } from './walk.ts'

export type { Flaw } from './walk.ts'

/**
 * What `prove` found: `PLAIN`, or a combination of the others.
 *
 * The proof is stricter than Go's `encoding/json`, with which OPA reads its input, in these points:
 * the value must be an object; nesting ends at EVENT_DEPTH_MAX (Go: 10,000); numbers end at
 * NUMBER_BYTES_MAX bytes and EXPONENT_DIGITS_MAX digits of exponent, where Go takes any and OPA
 * fails on some later. `-0`, `1e999` and `1E400` are plain: Go and OPA keep the digits, in WASM
 * too; only V8's `JSON.parse` makes an infinity of the last two.
 */
export type Verdict = number
/** Exactly one JSON object, and every reader makes the same value of it. */
export const PLAIN = 0
/**
 * Invalid UTF-8 in a string, or the escape of half a surrogate pair. Go makes U+FFFD of them and
 * OPA's WASM fails: `sanitise` first, and prove the result, which may then have duplicate names.
 */
export const UNSANITARY = 1
/** An object has the same name twice, after unescaping: OPA takes the last, Falco the first. */
export const DUPLICATE = 2
/** Not exactly one JSON object; `explain` says why. */
export const MALFORMED = 4
/** Nested deeper than EVENT_DEPTH_MAX. What follows that point was not read. */
export const TOO_DEEP = 8

/** Half-way through an object or array: what may come next. */
const NAME_OR_END = 0
const NAME = 1
const VALUE = 2
const VALUE_OR_END = 3
const COMMA_OR_END = 4

/** For every open container its number among the event's objects, and 0 for an array. */
const objects: Int32Array = new Int32Array(EVENT_DEPTH_MAX + 1)

let buffer: Uint8Array = new Uint8Array(0)
let view: DataView = new DataView(buffer.buffer)
let unusual = 0
/** A name was written with an escape that has another spelling, so its bytes do not identify it. */
let respelled = false

/**
 * Proves that `bytes[start, end)` is exactly one complete JSON object (RFC 8259), white space around
 * it allowed, without building any value. The verdict is 0 (`PLAIN`) for nearly every event; this
 * is the only thing that is done to all of them, so it allocates nothing for those.
 */
export function prove(bytes: Uint8Array, start: number, end: number): Verdict {
  if (bytes !== buffer) {
    buffer = bytes
    view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }
  unusual = PLAIN
  respelled = false
  clearNames()
  let last = end - 1
  while (last > start && isSpace(bytes[last]!)) last--
  let first = start
  while (first < last && isSpace(bytes[first]!)) first++
  // A closing brace at the very end also stops every scan below from running past it.
  if (first >= last || bytes[first] !== 0x7b || bytes[last] !== 0x7d) return MALFORMED
  const verdict = proveObject(bytes, first, last + 1)
  if (verdict >= MALFORMED || (verdict & DUPLICATE) === 0) return verdict
  return firstDuplicate(bytes, start, end) ? verdict : verdict & ~DUPLICATE
}

/** The same bytes as a view, marked as proved. Only for a verdict of `PLAIN` or `DUPLICATE`. */
export function provedEvent(bytes: Uint8Array, start: number, end: number): ProvedEvent {
  return bytes.subarray(start, end) as ProvedEvent
}

/** Why `prove` gave MALFORMED or TOO_DEEP for these bytes; undefined for other verdicts. */
export function explain(bytes: Uint8Array, start: number, end: number): Flaw | undefined {
  return walk(bytes, start, end)
}

function proveObject(bytes: Uint8Array, start: number, end: number): Verdict {
  let depth = 1
  let count = 1
  let object = 1
  objects[1] = 1
  const words = view
  let next = NAME_OR_END
  let at = start + 1
  while (at < end) {
    const byte = bytes[at]!
    if (byte === 0x22) {
      const from = at + 1
      respelled = false
      at = plainEnd(bytes, words, from, end)
      if (bytes[at] === 0x22) at++
      else if ((at = stringEnd(bytes, words, at, end)) < 0) return MALFORMED
      if (next >= VALUE) {
        if (next === COMMA_OR_END) return MALFORMED
        next = COMMA_OR_END
        continue
      }
      if (respelled || !addName(words, from, at - 1, object)) unusual |= DUPLICATE
      if (bytes[at] !== 0x3a) {
        while (isSpace(bytes[at]!)) at++
        if (bytes[at] !== 0x3a) return MALFORMED
      }
      at++
      next = VALUE
    } else if (byte === 0x2c) {
      if (next !== COMMA_OR_END) return MALFORMED
      next = object === 0 ? VALUE : NAME
      at++
    } else if (byte === 0x7d || byte === 0x5d) {
      if (next !== COMMA_OR_END && next !== (object === 0 ? VALUE_OR_END : NAME_OR_END)) {
        return MALFORMED
      }
      if ((byte === 0x5d) !== (object === 0)) return MALFORMED
      at++
      if (--depth === 0) return at === end ? unusual : MALFORMED
      object = objects[depth]!
      next = COMMA_OR_END
    } else if (isSpace(byte)) {
      at++
    } else {
      if (next !== VALUE && next !== VALUE_OR_END) return MALFORMED
      if (byte === 0x7b || byte === 0x5b) {
        if (depth === EVENT_DEPTH_MAX) return TOO_DEEP
        object = byte === 0x7b ? ++count : 0
        objects[++depth] = object
        next = byte === 0x7b ? NAME_OR_END : VALUE_OR_END
        at++
      } else {
        at = byte > 0x39 ? literalEnd(bytes, at) : numberEnd(bytes, at)
        if (at < 0) return MALFORMED
        next = COMMA_OR_END
      }
    }
  }
  return MALFORMED
}

/** The position after the closing quote of the string that goes on at `at`; -1 for none. */
function stringEnd(bytes: Uint8Array, words: DataView, at: number, end: number): number {
  for (;;) {
    at = plainEnd(bytes, words, at, end)
    if (at >= end) return -1
    const byte = bytes[at]!
    if (byte === 0x22) return at + 1
    if (byte < 0x20) return -1
    at = byte === 0x5c ? escapeEnd(bytes, at, end) : sequenceEnd(bytes, at, end)
    if (at < 0) return -1
  }
}

/**
 * The next byte at or after `at` that is a quote, a backslash, a control character or not ASCII;
 * `end` where there is none. Looks at four bytes at once: subtracting borrows into the top bit of a
 * byte that is too small, and the lowest byte so marked is exact.
 */
function plainEnd(bytes: Uint8Array, words: DataView, at: number, end: number): number {
  const whole = end - 3
  while (at < whole) {
    const word = words.getInt32(at, true)
    const quote = (word ^ 0x22222222) - 0x01010101
    const backslash = (word ^ 0x5c5c5c5c) - 0x01010101
    const marks = ((word - 0x20202020) | quote | backslash | word) & 0x80808080
    if (marks !== 0) return at + ((31 - Math.clz32(marks & -marks)) >> 3)
    at += 4
  }
  while (at < end) {
    const byte = bytes[at]!
    if (byte === 0x22 || byte === 0x5c || byte < 0x20 || byte >= 0x80) return at
    at++
  }
  return end
}

/** The position after the escape sequence whose backslash is at `at`; -1 where it is not valid. */
function escapeEnd(bytes: Uint8Array, at: number, end: number): number {
  switch (bytes[at + 1]) {
    case 0x22: // "
    case 0x5c: // \
    case 0x62: // b
    case 0x66: // f
    case 0x6e: // n
    case 0x72: // r
    case 0x74: // t
      return at + 2
    case 0x2f: // /
      respelled = true
      return at + 2
    default:
  }
  const unit = unicodeEscape(bytes, at, end)
  if (unit < 0) return -1
  respelled = true
  if (!isSurrogate(unit)) return at + 6
  if (isPair(bytes, at, end, unit)) return at + 12
  unusual |= UNSANITARY
  return at + 6
}

/** The position after the UTF-8 sequence at `at`, or after its first byte where it is broken. */
function sequenceEnd(bytes: Uint8Array, at: number, end: number): number {
  const length = sequenceLength(bytes, at, end)
  if (length > 0) return at + length
  unusual |= UNSANITARY
  return at + 1
}

function literalEnd(bytes: Uint8Array, at: number): number {
  const a = bytes[at]
  const b = bytes[at + 1]
  const c = bytes[at + 2]
  const d = bytes[at + 3]
  if (a === 0x74 && b === 0x72 && c === 0x75 && d === 0x65) return at + 4
  if (a === 0x6e && b === 0x75 && c === 0x6c && d === 0x6c) return at + 4
  if (a !== 0x66 || b !== 0x61 || c !== 0x6c || d !== 0x73) return -1
  return bytes[at + 4] === 0x65 ? at + 5 : -1
}

function numberEnd(bytes: Uint8Array, start: number): number {
  let at = bytes[start] === 0x2d ? start + 1 : start
  if (bytes[at] === 0x30) at++
  else if ((at = digitsEnd(bytes, at)) < 0) return -1
  if (bytes[at] === 0x2e && (at = digitsEnd(bytes, at + 1)) < 0) return -1
  if ((bytes[at]! | 0x20) === 0x65 && (at = exponentEnd(bytes, at + 1)) < 0) return -1
  return at - start <= NUMBER_BYTES_MAX ? at : -1
}

function exponentEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at] === 0x2b || bytes[at] === 0x2d) at++
  const end = digitsEnd(bytes, at)
  while (at < end && bytes[at] === 0x30) at++
  return end - at <= EXPONENT_DIGITS_MAX ? end : -1
}

/** The position after the digits at `at`, of which there must be one. */
function digitsEnd(bytes: Uint8Array, at: number): number {
  const start = at
  while (isDigit(bytes[at]!)) at++
  return at > start ? at : -1
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}
