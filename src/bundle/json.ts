import { JSON_DEPTH_MAX } from '../text/limits.ts'

/**
 * A JSON value as OPA's decoder sees it. It differs from `JSON.parse` where OPA's hashes do: a
 * number keeps its source literal (`1.0`, `1e2`, twenty digits), a lone surrogate and each invalid
 * byte become U+FFFD, and objects are maps, so `__proto__` is a key like any other.
 */
export type Json = null | boolean | string | JsonNumber | Json[] | JsonObject
export type JsonObject = Map<string, Json>

/** A number by its literal. */
export class JsonNumber {
  readonly literal: string
  constructor(literal: string) {
    this.literal = literal
  }
}

/** The text is not exactly one JSON value; `offset` counts UTF-16 units of the decoded text. */
export class JsonSyntaxError extends Error {
  readonly offset: number
  constructor(message: string, offset: number) {
    super(message)
    this.name = 'JsonSyntaxError'
    this.offset = offset
  }
}

/** Decodes UTF-8 as Go does: each invalid byte becomes one U+FFFD, a byte-order mark stays. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return decodeInvalid(bytes)
  }
}

/**
 * The WHATWG decoder turns a truncated sequence into one U+FFFD, Go into one per byte. Sequences
 * are cut out by their lead byte and decoded strictly, so both agree on what is valid.
 */
function decodeInvalid(bytes: Uint8Array): string {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let text = ''
  for (let i = 0; i < bytes.length;) {
    const lead = bytes[i]!
    const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
    try {
      text += strict.decode(bytes.subarray(i, i + length))
      i += length
    } catch {
      text += '\uFFFD'
      i += 1
    }
  }
  return text
}

/**
 * Parses bytes or text that hold exactly one JSON value. Iterative, so nesting up to Go's bound of
 * 10,000 costs no stack. Of a key that is there twice the last value counts, as in Go and
 * JavaScript, unless keys must be `unique`.
 * @throws {JsonSyntaxError}
 */
export function parseJson(source: Uint8Array | string, options: { unique?: boolean } = {}): Json {
  const text = typeof source === 'string' ? source : decodeUtf8(source)
  const isUnique = options.unique ?? false
  const lexer = new Lexer(text)
  const stack: Open[] = []
  for (;;) {
    let value = openValue(lexer, stack)
    if (value === undefined) continue
    for (;;) {
      const top = stack.at(-1)
      if (!top) {
        lexer.end()
        return value
      }
      if (!place(lexer, top, value, isUnique)) break
      stack.pop()
      value = top.into
    }
  }
}

/** A container that is not closed yet; `key` waits for its value. */
interface Open {
  readonly into: Json[] | JsonObject
  key: string
}

/** A whole value, or undefined where a container was opened and its first value comes next. */
function openValue(lexer: Lexer, stack: Open[]): Json | undefined {
  const kind = lexer.peek()
  if (kind !== '{' && kind !== '[') return lexer.scalar()
  const into = kind === '{' ? new Map<string, Json>() : []
  if (stack.length === JSON_DEPTH_MAX) lexer.fail('is nested too deeply')
  lexer.take(kind)
  if (lexer.peek() === (kind === '{' ? '}' : ']')) {
    lexer.take(lexer.peek())
    return into
  }
  stack.push({ into, key: kind === '{' ? lexer.key() : '' })
  return undefined
}

/** Puts a value into its container and reads what follows; true when that closes the container. */
function place(lexer: Lexer, top: Open, value: Json, isUnique: boolean): boolean {
  const isArray = Array.isArray(top.into)
  if (Array.isArray(top.into)) top.into.push(value)
  else if (isUnique && top.into.has(top.key)) lexer.fail('has a key twice')
  else top.into.set(top.key, value)
  const next = lexer.peek()
  if (next === ',') {
    lexer.take(',')
    if (!isArray) top.key = lexer.key()
    return false
  }
  lexer.take(isArray ? ']' : '}')
  return true
}

const BLANK = /[ \t\r\n]*/y
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
/** From blank on, without the quote and the backslash. */
const PLAIN = /[ !#-[\]-\uffff]*/y
const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

class Lexer {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  fail(what: string): never {
    throw new JsonSyntaxError(what, this.#at)
  }

  /** The next character that is not blank; empty at the end. */
  peek(): string {
    // Nearly always there is none.
    if (this.#text.charCodeAt(this.#at) <= 0x20) this.#match(BLANK)
    return this.#text.charAt(this.#at)
  }

  take(character: string): void {
    const found = this.peek()
    if (found === '') this.fail('ends too early')
    if (found !== character) this.fail(`has ${show(found)} where \`${character}\` is expected`)
    this.#at += 1
  }

  key(): string {
    if (this.peek() !== '"') this.fail('has an object key that is not a string')
    const key = this.#string()
    this.take(':')
    return key
  }

  scalar(): Json {
    switch (this.peek()) {
      case '"':
        return this.#string()
      case 't':
        return this.#word('true', true)
      case 'f':
        return this.#word('false', false)
      case 'n':
        return this.#word('null', null)
      case '':
        return this.fail('ends too early')
      default:
        return this.#number()
    }
  }

  end(): void {
    const found = this.peek()
    if (found !== '') this.fail(`has ${show(found)} after its value`)
  }

  #match(pattern: RegExp): string {
    const start = this.#at
    pattern.lastIndex = start
    if (pattern.test(this.#text)) this.#at = pattern.lastIndex
    return this.#text.slice(start, this.#at)
  }

  #word(word: string, value: boolean | null): boolean | null {
    if (!this.#text.startsWith(word, this.#at)) this.fail('holds no JSON value here')
    this.#at += word.length
    return value
  }

  #number(): JsonNumber {
    const literal = this.#match(NUMBER)
    if (literal === '') this.fail(`has ${show(this.peek())} where a value is expected`)
    return new JsonNumber(literal)
  }

  #string(): string {
    this.#at += 1
    let value = this.#match(PLAIN)
    let escaped = false
    while (this.#text[this.#at] === '\\') {
      const unit = this.#escape()
      escaped ||= unit >= '\ud800' && unit <= '\udfff'
      value += unit + this.#match(PLAIN)
    }
    if (this.#text[this.#at] !== '"') this.fail('has a string that is not closed or not escaped')
    this.#at += 1
    return escaped ? value.replace(LONE, '\uFFFD') : value
  }

  #escape(): string {
    const kind = this.#text.charAt(this.#at + 1)
    if (kind === 'u') {
      const digits = this.#text.slice(this.#at + 2, this.#at + 6)
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.fail('has a bad `\\u` escape')
      this.#at += 6
      return String.fromCharCode(Number.parseInt(digits, 16))
    }
    const plain = ESCAPES[kind]
    if (plain === undefined) this.fail('has a bad escape in a string')
    this.#at += 2
    return plain
  }
}

function show(character: string): string {
  return character > ' ' && character <= '~' ? `\`${character}\`` : 'an unexpected character'
}

/**
 * A plain JavaScript value; numbers become doubles, so large ones lose digits. Iterative like the
 * parser, and keys such as `__proto__` become own properties.
 */
export function toPlain(value: Json): unknown {
  const unfilled: Unfilled[] = []
  const root = shallow(value, unfilled)
  for (let next = unfilled.pop(); next; next = unfilled.pop()) {
    const [from, into] = next
    if (Array.isArray(from)) {
      for (const child of from) (into as unknown[]).push(shallow(child, unfilled))
    } else {
      for (const [key, child] of from) {
        setOwn(into as Record<string, unknown>, key, shallow(child, unfilled))
      }
    }
  }
  return root
}

/** A container and its plain value, which has no children yet. */
type Unfilled = readonly [from: Json[] | JsonObject, into: unknown[] | Record<string, unknown>]

function shallow(value: Json, unfilled: Unfilled[]): unknown {
  if (value instanceof JsonNumber) return Number(value.literal)
  if (!Array.isArray(value) && !(value instanceof Map)) return value
  const into = Array.isArray(value) ? [] : {}
  unfilled.push([value, into])
  return into
}

function setOwn(into: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') into[key] = value
  else
    Object.defineProperty(into, key, {
      configurable: true,
      enumerable: true,
      writable: true,
      value,
    })
}
