/** Go's strconv.Quote and its relatives. */
import { isPrintable } from './printable.ts'

const NAMED: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}
const PLAIN_ASCII = /^[ !#-[\]-~]*$/

/** A Go string literal. With `asciiOnly` every code point above ASCII is escaped. */
export function quote(text: string, asciiOnly: boolean = false): string {
  return PLAIN_ASCII.test(text) ? `"${text}"` : quoteWith(text, '"', asciiOnly)
}

/** A Go rune literal; `rune` is one code point. */
export function quoteRune(rune: string, asciiOnly: boolean = false): string {
  return quoteWith(rune, "'", asciiOnly)
}

function quoteWith(text: string, mark: string, asciiOnly: boolean): string {
  let quoted = mark
  for (const rune of text) quoted += escape(rune, mark, asciiOnly)
  return quoted + mark
}

function escape(rune: string, mark: string, asciiOnly: boolean): string {
  if (rune === mark || rune === '\\') return `\\${rune}`
  const code = rune.codePointAt(0)!
  if (isPrintable(code) && !(asciiOnly && code >= 0x80)) return rune
  const named = NAMED[rune]
  if (named) return named
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`
}

function hex(code: number, width: number): string {
  return code.toString(16).padStart(width, '0')
}

/** Whether a raw string literal, in backquotes, can hold the text. */
export function canBackquote(text: string): boolean {
  // eslint-disable-next-line no-control-regex
  return !/[\0-\x08\x0a-\x1f`\x7f\ufeff]/.test(text)
}
