/** Regular expressions of Rego, read as far as POSIX syntax has a word for them. */
import { Inexpressible } from './inexpressible.ts'

export type Pattern =
  | { readonly kind: 'alternatives'; readonly of: readonly Pattern[] }
  | { readonly kind: 'sequence'; readonly of: readonly Pattern[] }
  | { readonly kind: 'repeat'; readonly of: Pattern; readonly times: string }
  /** One character that is known. */
  | { readonly kind: 'character'; readonly text: string }
  /** One of several: the inside of the brackets. A dot is all but a line break. */
  | { readonly kind: 'class'; readonly negated: boolean; readonly inside: string }
  | { readonly kind: 'begin' }
  | { readonly kind: 'end' }

/** @throws Inexpressible for what only Perl's syntax has */
export function parsePattern(source: string): Pattern {
  const reader = new Reader(source)
  const pattern = reader.alternatives()
  if (!reader.atEnd) throw unreadable(source)
  return pattern
}

const PERL_CLASSES: Readonly<Record<string, string>> = {
  d: '0-9',
  w: '0-9A-Za-z_',
  s: '\\t\\n\\f\\r ',
}

class Reader {
  readonly #source: string
  readonly #chars: readonly string[]
  #at = 0

  constructor(source: string) {
    this.#source = source
    this.#chars = [...source]
  }

  get atEnd(): boolean {
    return this.#at >= this.#chars.length
  }

  alternatives(): Pattern {
    const of = [this.#sequence()]
    while (this.#take('|')) of.push(this.#sequence())
    return of.length === 1 ? of[0]! : { kind: 'alternatives', of }
  }

  #sequence(): Pattern {
    const of: Pattern[] = []
    while (!this.atEnd && !'|)'.includes(this.#chars[this.#at]!)) of.push(this.#repeated())
    return of.length === 1 ? of[0]! : { kind: 'sequence', of }
  }

  #repeated(): Pattern {
    const of = this.#one()
    const rest = this.#chars.slice(this.#at).join('')
    const times = /^(?:[*+?]|\{\d+(?:,\d*)?\})/.exec(rest)?.[0]
    if (times === undefined) return of
    this.#at += times.length
    // A lazy repetition matches the same texts, but POSIX has no word for it.
    if ('*+?'.includes(this.#chars[this.#at] ?? ' ')) throw unreadable(this.#source)
    return { kind: 'repeat', of, times }
  }

  #one(): Pattern {
    const char = this.#chars[this.#at++]!
    switch (char) {
      case '(':
        return this.#group()
      case '[':
        return this.#class()
      case '.':
        return { kind: 'class', negated: true, inside: '\\n' }
      case '^':
        return { kind: 'begin' }
      case '$':
        return { kind: 'end' }
      case '\\':
        return this.#escape()
      case '*':
      case '+':
      case '?':
        throw unreadable(this.#source)
      default:
        return { kind: 'character', text: char }
    }
  }

  #group(): Pattern {
    if (this.#take('?') && !this.#take(':')) throw unreadable(this.#source)
    const inner = this.alternatives()
    if (!this.#take(')')) throw unreadable(this.#source)
    return inner
  }

  #escape(): Pattern {
    const char = this.#chars[this.#at++] ?? ''
    const inside = PERL_CLASSES[char]
    if (inside !== undefined) return { kind: 'class', negated: false, inside }
    if (/[A-Za-z0-9]/.test(char) || char === '') throw unreadable(this.#source)
    return { kind: 'character', text: char }
  }

  #class(): Pattern {
    const negated = this.#take('^')
    let inside = ''
    for (let first = true; ; first = false) {
      const char = this.#chars[this.#at++]
      if (char === undefined || (char === '[' && this.#chars[this.#at] === ':'))
        throw unreadable(this.#source)
      if (char === ']' && !first) break
      if (char !== '\\') {
        inside += char
        continue
      }
      const escaped = this.#chars[this.#at++] ?? ''
      const perl = PERL_CLASSES[escaped]
      if (perl === undefined && /[A-Za-z0-9]/.test(escaped)) throw unreadable(this.#source)
      inside += perl ?? `\\${escaped}`
    }
    const only = [...inside]
    if (!negated && only.length === 1) return { kind: 'character', text: inside }
    return { kind: 'class', negated, inside }
  }

  #take(char: string): boolean {
    if (this.#chars[this.#at] !== char) return false
    this.#at += 1
    return true
  }
}

function unreadable(source: string): Inexpressible {
  const shown = source.length > 40 ? `${source.slice(0, 40)}…` : source
  return new Inexpressible(`the pattern \`${shown}\` has no counterpart in POSIX syntax`)
}
