/**
 * Values as texts: JSON with sets (`{1, 2}`, `set()`) and keys of any kind, which is what
 * `opa_value_dump` writes, `opa_value_parse` reads and OPA's Go code prints.
 */
import { NumberLiteral, RegoObject, RegoSet, numberOf, objectOf, setOf } from './value.ts'
import type { Entry, Value } from './value.ts'

/** Thrown for a text that is not exactly one value. */
export class TermError extends Error {}

/** Reads one value; everything around it but white space is an error. */
export function parseTerm(text: string): Value {
  return new Reader(text, true).only()
}

/** As `parseTerm`, for JSON alone: no sets, no other keys than strings, no escapes but JSON's. */
export function parseJson(text: string): Value {
  return new Reader(text, false).only()
}

/** Writes a value for `opa_value_parse` and for OPA's Go code. */
export function printTerm(value: Value): string {
  if (typeof value === 'string') return printString(value)
  if (value instanceof NumberLiteral) return jsonNumber(value.text)
  if (value === null || typeof value !== 'object') return String(value)
  if (value instanceof RegoSet) {
    return value.elements.length === 0 ? 'set()' : `{${value.elements.map(printTerm).join()}}`
  }
  if (value instanceof RegoObject) {
    return `{${value.entries.map(([k, v]) => `${printTerm(k)}:${printTerm(v)}`).join()}}`
  }
  return `[${(value as readonly Value[]).map(printTerm).join()}]`
}

/**
 * A value as OPA gives it in JSON: keys and sets in order, sets as arrays, and keys that are no
 * strings as their JSON texts.
 */
export function printJson(value: Value): string {
  if (value === null || typeof value !== 'object') return printTerm(value)
  if (value instanceof NumberLiteral) return jsonNumber(value.text)
  if (value instanceof RegoSet) return `[${value.sorted().map(printJson).join()}]`
  if (value instanceof RegoObject) {
    return `{${value
      .sorted()
      .map(([k, v]) => `${printKey(k)}:${printJson(v)}`)
      .join()}}`
  }
  return `[${(value as readonly Value[]).map(printJson).join()}]`
}

function printKey(key: Value): string {
  return typeof key === 'string' ? printString(key) : printString(printJson(key))
}

/** Rego writes `.5` where JSON needs a digit before the point. */
function jsonNumber(literal: string): string {
  return literal.includes('.')
    ? literal.replace(/^(-?)\./, '$10.').replace(/\.(?!\d)/, '')
    : literal
}

/** Rego's parser refuses a byte-order mark that is not escaped. */
function printString(text: string): string {
  const quoted = JSON.stringify(text)
  return quoted.includes('\ufeff') ? quoted.replaceAll('\ufeff', '\\ufeff') : quoted
}

const JSON_NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const REGO_NUMBER = /-?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y
const WORDS: readonly (readonly [string, Value])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
]
/** Escapes that Go's quoting writes besides JSON's. */
const ESCAPES = /\\(?:u[0-9a-fA-F]{4}|x([0-9a-f]{2})|U([0-9a-f]{8})|[av]|[^])/g
const CONTROL = /[\0-\x1f]/ // eslint-disable-line no-control-regex

class Reader {
  readonly #text: string
  /** Whether sets, keys of any kind and Go's escapes are read. */
  readonly #isRego: boolean
  #at = 0

  constructor(text: string, isRego: boolean) {
    this.#text = text
    this.#isRego = isRego
  }

  only(): Value {
    const value = this.#value()
    this.#space()
    if (this.#at < this.#text.length) throw this.#error()
    return value
  }

  #value(): Value {
    this.#space()
    switch (this.#text.charCodeAt(this.#at)) {
      case 0x22:
        return this.#string()
      case 0x5b:
        this.#at++
        return this.#list(']')
      case 0x7b:
        this.#at++
        return this.#objectOrSet()
      default:
        return this.#scalar()
    }
  }

  #scalar(): Value {
    const pattern = this.#isRego ? REGO_NUMBER : JSON_NUMBER
    pattern.lastIndex = this.#at
    const number = pattern.exec(this.#text)
    if (number) {
      this.#at = pattern.lastIndex
      return numberOf(number[0])
    }
    for (const [word, value] of WORDS) {
      if (this.#skip(word)) return value
    }
    if (this.#isRego && this.#skip('set(')) {
      this.#space()
      this.#expect(')')
      return new RegoSet([])
    }
    throw this.#error()
  }

  #string(): string {
    const start = this.#at + 1
    let end = start
    for (;;) {
      end = this.#text.indexOf('"', end)
      if (end < 0) throw this.#error()
      if (!this.#isEscaped(end, start)) break
      end++
    }
    this.#at = end + 1
    const raw = this.#text.slice(start, end)
    if (CONTROL.test(raw)) throw this.#error()
    return raw.includes('\\') ? this.#unescape(raw) : raw
  }

  #isEscaped(quote: number, start: number): boolean {
    let slashes = quote
    while (slashes > start && this.#text.charCodeAt(slashes - 1) === 0x5c) slashes--
    return (quote - slashes) % 2 === 1
  }

  #unescape(raw: string): string {
    const json = this.#isRego ? toJsonEscapes(raw) : raw
    try {
      return wellFormed(JSON.parse(`"${json}"`))
    } catch {
      throw this.#error()
    }
  }

  #list(close: string): Value[] {
    this.#space()
    if (this.#skip(close)) return []
    const elements = this.#elements()
    this.#expect(close)
    return elements
  }

  #elements(): Value[] {
    const elements: Value[] = []
    do {
      elements.push(this.#value())
      this.#space()
    } while (this.#skip(','))
    return elements
  }

  #objectOrSet(): Value {
    this.#space()
    if (this.#skip('}')) return new RegoObject([])
    const first = this.#value()
    this.#space()
    if (this.#skip(':')) return this.#object(first)
    if (!this.#isRego) throw this.#error()
    const rest = this.#skip(',') ? this.#elements() : []
    this.#expect('}')
    return setOf([first, ...rest])
  }

  #object(key: Value): RegoObject {
    const entries: Entry[] = [[this.#checked(key), this.#value()]]
    this.#space()
    while (this.#skip(',')) {
      const next = this.#checked(this.#value())
      this.#space()
      this.#expect(':')
      entries.push([next, this.#value()])
      this.#space()
    }
    this.#expect('}')
    return objectOf(entries)
  }

  #checked(key: Value): Value {
    if (this.#isRego || typeof key === 'string') return key
    throw this.#error()
  }

  #space(): void {
    for (;;) {
      const unit = this.#text.charCodeAt(this.#at)
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return
      this.#at++
    }
  }

  #skip(token: string): boolean {
    if (!this.#text.startsWith(token, this.#at)) return false
    this.#at += token.length
    return true
  }

  #expect(token: string): void {
    if (!this.#skip(token)) throw this.#error()
  }

  #error(): TermError {
    return new TermError(`not a value at offset ${this.#at}`)
  }
}

function toJsonEscapes(raw: string): string {
  return raw.replaceAll(ESCAPES, (escape, byte?: string, rune?: string) => {
    if (escape === '\\a') return '\\u0007'
    if (escape === '\\v') return '\\u000b'
    // A byte above ASCII stands for one that is no UTF-8.
    if (byte !== undefined) return Number.parseInt(byte, 16) < 0x80 ? `\\u00${byte}` : '\ufffd'
    if (rune !== undefined) return String.fromCodePoint(Number.parseInt(rune, 16))
    return escape
  })
}

/** Lone surrogates become U+FFFD, as in OPA: no UTF-8 stands for them. */
export function wellFormed(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, '\ufffd')
}
