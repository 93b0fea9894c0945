/**
 * Tokens of the condition language. Falco has no tokenizer: its parser tries token after token at
 * the cursor, and what is tried first decides. This class keeps that order of things possible: each
 * method either consumes its token and returns it, or leaves the cursor where it is.
 *
 * Character classes are those of RE2 in POSIX mode: `[[:space:]]` is ASCII only, and differs from
 * the blanks between tokens, which have `\b` and lack `\v` and `\f`.
 */
import { unescapeQuoted } from './quote.ts'

const BLANK = /[ \t\b\r\n]*/y
const NOT_BLANK = /not[ \t\n\v\f\r]+/y
const IDENTIFIER = /[a-zA-Z]+[a-zA-Z0-9_]*/y
const FIELD_NAME = /[a-zA-Z]+[a-zA-Z0-9_]*(?:\.[a-zA-Z]+[a-zA-Z0-9_]*)+/y
const FIELD_ARGUMENT = /[^\]["' \t\n\v\f\r]+/y
const HEX_NUMBER = /0[xX][0-9a-fA-F]+/y
const NUMBER = /[+-]?[0-9]+\.?[0-9]*(?:[eE][+-][0-9]+)?/y
const BARE_STRING = /[^()"' \t\n\v\f\r=,]+/y

export class Lexer {
  readonly text: string
  position = 0
  /** The token consumed last, for messages. */
  last = ''
  /** Nothing at or behind this offset has influenced the parse; output templates need it. */
  reach = 0

  constructor(text: string) {
    this.text = text
  }

  /** Consumes blanks; true when there were any. */
  blank(): boolean {
    BLANK.lastIndex = this.position
    BLANK.exec(this.text)
    const found = BLANK.lastIndex > this.position
    this.#advance(BLANK.lastIndex)
    return found
  }

  literal(token: string): boolean {
    this.reach = Math.max(this.reach, this.position + token.length)
    if (!this.text.startsWith(token, this.position)) return false
    this.last = token
    this.#advance(this.position + token.length)
    return true
  }

  /** The first of `tokens` that stands here. */
  oneOf<T extends string>(tokens: readonly T[]): T | undefined {
    return tokens.find((token) => this.literal(token))
  }

  /** The first of `words` that stands here with a blank behind it, which is consumed too. */
  wordOf<T extends string>(words: readonly T[]): T | undefined {
    const { position, last } = this
    return words.find((word) => {
      if (this.literal(word) && this.blank()) return true
      this.position = position
      this.last = last
      return false
    })
  }

  notBlank(): boolean {
    return this.#pattern(NOT_BLANK) !== undefined
  }

  identifier(): string | undefined {
    return this.#pattern(IDENTIFIER)
  }

  fieldName(): string | undefined {
    return this.#pattern(FIELD_NAME)
  }

  fieldArgument(): string | undefined {
    return this.quoted() ?? this.#pattern(FIELD_ARGUMENT)
  }

  number(): string | undefined {
    return this.#pattern(HEX_NUMBER) ?? this.#pattern(NUMBER)
  }

  bareString(): string | undefined {
    return this.#pattern(BARE_STRING)
  }

  /**
   * A quoted string, unescaped. A quote behind a backslash never closes, even where that backslash
   * is itself escaped, so `"a\\"` is unterminated; Falco reads it so.
   *
   * @throws ConditionError on an escape that does not exist; the cursor is then behind the string.
   */
  quoted(): string | undefined {
    const quote = this.text[this.position]
    if (quote !== '"' && quote !== "'") return undefined
    for (let at = this.position + 1; at < this.text.length; at++) {
      const char = this.text[at]
      if (char === '\0') break
      if (char !== quote || this.text[at - 1] === '\\') continue
      const start = this.position
      this.#advance(at + 1)
      this.last = this.text.slice(start, at + 1)
      this.last = unescapeQuoted(this.last, start)
      return this.last
    }
    // Without its end a string stays unterminated however much of the text is cut off.
    this.reach = Math.max(this.reach, this.position + 1)
    return undefined
  }

  /** True where `and`, `or` or `not` stands here and no letter or digit follows it. */
  booleanWordFollows(): boolean {
    return /^(?:and|or|not)(?![a-zA-Z0-9])/.test(this.text.slice(this.position, this.position + 4))
  }

  /** True where a list may begin here. */
  listFollows(): boolean {
    return /[(a-zA-Z]/.test(this.text[this.position] ?? '')
  }

  atEnd(): boolean {
    return this.position >= this.text.length
  }

  #pattern(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position
    const match = pattern.exec(this.text)
    this.reach = Math.max(this.reach, (match ? pattern.lastIndex : this.position) + 1)
    if (!match) return undefined
    this.last = match[0]
    this.#advance(pattern.lastIndex)
    return match[0]
  }

  #advance(position: number): void {
    this.position = position
    this.reach = Math.max(this.reach, position + 1)
  }
}
