/**
 * What transformers do to values. A transformed text carries a NUL at its end, as it does in Falco:
 * most operators stop at it, but sets compare it, which is why `in` never matches a transformed
 * element of a list, and `in tolower(…)` never matches at all.
 */
import { cString, lower, trimNul, upper } from '../event/byte-string.ts'

/** Undefined where the text cannot be transformed; the field is then missing. */
export type TextTransform = (text: string) => string | undefined

function terminated(apply: TextTransform): TextTransform {
  return (text) => {
    const result = apply(trimNul(text))
    if (result === undefined) return undefined
    return result.endsWith('\0') ? result : `${result}\0`
  }
}

/** Transformers from text to text. */
export const textTransforms: Readonly<Record<string, TextTransform>> = {
  tolower: terminated(lower),
  toupper: terminated(upper),
  basename: terminated((text) => text.slice(text.lastIndexOf('/') + 1)),
  b64: terminated(decodeBase64),
}

/** Length in bytes up to the first NUL. */
export function textLength(text: string): bigint {
  return BigInt(cString(text).length)
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/**
 * The standard alphabet, with or without padding. Undefined for other characters, for bits left
 * over that are not zero, and for a length that no bytes have. A `=` inside counts as zero.
 */
export function decodeBase64(text: string): string | undefined {
  if (text === '') return ''
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const count = text.length - padding
  if (count === 0 || count % 4 === 1) return undefined
  let decoded = ''
  let bits = 0
  let width = 0
  for (let i = 0; i < count; i++) {
    const digit = text[i] === '=' ? 0 : DIGITS.indexOf(text[i]!)
    if (digit < 0) return undefined
    bits = (bits << 6) | digit
    width += 6
    if (width < 8) continue
    width -= 8
    decoded += String.fromCharCode((bits >> width) & 0xff)
    bits &= (1 << width) - 1
  }
  return bits === 0 ? decoded : undefined
}

/** `join(separator, list)`: elements up to their first NUL, the separator with all of its bytes. */
export function join(separator: string, texts: readonly string[]): string {
  return texts.map(cString).join(separator)
}

/** `concat(a, b, …)`. */
export function concat(texts: readonly string[]): string {
  return texts.map(cString).join('')
}

/** A number where text is expected: Falco takes its eight bytes for a C string. */
export function numberBytes(value: bigint): string {
  let bytes = ''
  for (let rest = value; bytes.length < 8; rest >>= 8n) {
    bytes += String.fromCharCode(Number(rest & 0xffn))
  }
  return bytes
}
