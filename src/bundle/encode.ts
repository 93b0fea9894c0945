import { type Json, JsonNumber } from './json.ts'

/**
 * Writes JSON as Go's encoder does, which OPA's archives and hashes rest on: keys sorted by their
 * UTF-8 bytes, no blanks, numbers by their literal, U+2028 and U+2029 escaped.
 */
export interface EncodeOptions {
  /** Escape `<`, `>` and `&`: so in files that OPA writes, not so in what it hashes. */
  readonly html: boolean
  /** Keep keys as they were read, for a file in the order of a Go struct. Default sorted. */
  readonly keepOrder?: boolean
}

/** Iterative, since documents nest as deep as the parser allows. */
export function encodeJson(value: Json, options: EncodeOptions): string {
  const escape = escapesOf(options)
  const parts: string[] = []
  const open: (Json | Raw)[] = [value]
  while (open.length > 0) {
    const next = open.pop()!
    if (next instanceof Raw) parts.push(next.text)
    else if (next instanceof JsonNumber) parts.push(next.literal)
    else if (typeof next === 'string') parts.push(quote(next, escape))
    else if (Array.isArray(next)) pushArray(open, next)
    else if (next instanceof Map) pushObject(open, next, options)
    else parts.push(String(next))
  }
  return parts.join('')
}

/** Text that is written as it is. */
class Raw {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

const COMMA = new Raw(',')

/** Last first, because the end of `open` is written next. */
function pushArray(open: (Json | Raw)[], array: readonly Json[]): void {
  open.push(new Raw(']'))
  for (let i = array.length - 1; i >= 0; i -= 1) {
    open.push(array[i]!)
    if (i > 0) open.push(COMMA)
  }
  open.push(new Raw('['))
}

function pushObject(
  open: (Json | Raw)[],
  object: ReadonlyMap<string, Json>,
  options: EncodeOptions,
): void {
  const escape = escapesOf(options)
  const keys = [...object.keys()]
  if (!options.keepOrder) keys.sort(compareUtf8)
  open.push(new Raw('}'))
  for (let i = keys.length - 1; i >= 0; i -= 1) {
    open.push(object.get(keys[i]!)!, new Raw(`${quote(keys[i]!, escape)}:`))
    if (i > 0) open.push(COMMA)
  }
  open.push(new Raw('{'))
}

/** The order of the UTF-8 bytes; UTF-16 differs where surrogates meet U+E000 to U+FFFF. */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i += 1) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return rank(x) - rank(y)
  }
  return a.length - b.length
}

/** Surrogates stand for code points above every other unit. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}

// eslint-disable-next-line no-control-regex
const ESCAPED = /["\\\u0000-\u001f\u2028\u2029]/g
// eslint-disable-next-line no-control-regex
const HTML_ESCAPED = /["\\\u0000-\u001f\u2028\u2029<>&]/g
const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}

function escapesOf(options: EncodeOptions): RegExp {
  return options.html ? HTML_ESCAPED : ESCAPED
}

function quote(text: string, escape: RegExp): string {
  const escaped = text.replace(
    escape,
    (unit) => SHORT[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return `"${escaped}"`
}
