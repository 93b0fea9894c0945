/**
 * Rego's regular expressions, which match anywhere in a text, as Falco has them: in POSIX syntax,
 * matching all of it. Patterns that stand for a few words become plain comparisons.
 */
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
    if (this.#take('?') && !(this.#take(':') && true)) throw unreadable(this.#source)
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

/** Texts one of which a pattern finds: anywhere, at the beginning, at the end, or as a whole. */
export interface Words {
  readonly texts: readonly string[]
  readonly begin: boolean
  readonly end: boolean
}

/** More words than this are better read as a pattern. */
const WORDS_MAX = 8

/** Undefined where the pattern stands for more than a few words. */
export function wordsOf(pattern: Pattern): Words | undefined {
  const all = (pattern.kind === 'alternatives' ? pattern.of : [pattern]).map(oneOf)
  const [first] = all
  if (!first || all.includes(undefined)) return undefined
  if (all.some((words) => words!.begin !== first.begin || words!.end !== first.end))
    return undefined
  const texts = [...new Set(all.flatMap((words) => words!.texts))]
  return texts.length > WORDS_MAX ? undefined : { ...first, texts }
}

function oneOf(pattern: Pattern): Words | undefined {
  const parts = pattern.kind === 'sequence' ? pattern.of : [pattern]
  const begin = parts[0]?.kind === 'begin'
  const end = parts.at(-1)?.kind === 'end'
  const of = parts.slice(begin ? 1 : 0, end ? -1 : undefined)
  const texts = spelled({ kind: 'sequence', of })
  return texts && { texts, begin, end }
}

/** All texts that a pattern is, where these are few. */
function spelled(pattern: Pattern): readonly string[] | undefined {
  switch (pattern.kind) {
    case 'character':
      return [pattern.text]
    case 'sequence':
      return pattern.of.reduce<readonly string[] | undefined>(
        (before, part) => {
          const after = spelled(part)
          if (!before || !after || before.length * after.length > WORDS_MAX) return undefined
          return before.flatMap((text) => after.map((more) => text + more))
        },
        [''],
      )
    case 'alternatives': {
      const all = pattern.of.map(spelled)
      return all.includes(undefined) ? undefined : all.flatMap((texts) => texts!)
    }
    default:
      return undefined
  }
}

/** A text that a pattern matches, if one can be made up without searching. */
export function exampleOf(pattern: Pattern): string {
  switch (pattern.kind) {
    case 'character':
      return pattern.text
    case 'class':
      return pattern.negated ? 'x' : pattern.inside.replace(/^\\/, '').slice(0, 1)
    case 'sequence':
      return pattern.of.map(exampleOf).join('')
    case 'alternatives':
      return exampleOf(pattern.of[0]!)
    case 'repeat': {
      const least =
        { '*': 0, '?': 0, '+': 1 }[pattern.times] ?? Number(/\d+/.exec(pattern.times)![0])
      return exampleOf(pattern.of).repeat(least)
    }
    default:
      return ''
  }
}

/** How a pattern is written: for a text itself, or for a string as it stands in compact JSON. */
export interface Notation {
  /** Any text. */
  readonly any: string
  readonly character: (text: string) => string
  readonly class: (negated: boolean, inside: string) => string
}

export const plainNotation: Notation = {
  any: '.*',
  character: (text) =>
    text.replace(/[.*+?()[\]{}|^$\\]/, (char) =>
      `[${char}]`.replace('[^]', '\\^').replace('[\\]', '\\\\'),
    ),
  class: (negated, inside) =>
    negated && inside === '\\n' ? '.' : `[${negated ? '^' : ''}${inside}]`,
}

/**
 * The POSIX pattern that matches all of a text where this one finds something in it.
 *
 * @throws Inexpressible where `^` or `$` stands inside of the pattern
 */
export function wholePattern(pattern: Pattern, notation: Notation): string {
  return new Writer(notation).whole(pattern)
}

class Writer {
  readonly #notation: Notation

  constructor(notation: Notation) {
    this.#notation = notation
  }

  whole(pattern: Pattern): string {
    if (pattern.kind === 'alternatives')
      return this.#choice(pattern.of.map((one) => this.whole(one)))
    const parts = pattern.kind === 'sequence' ? pattern.of : [pattern]
    const [only] = parts
    const isEdge = only?.kind === 'begin' || only?.kind === 'end'
    if (parts.length === 0 || (parts.length === 1 && isEdge)) return this.#notation.any
    if (parts.length === 1 && parts[0]!.kind === 'alternatives') return this.whole(parts[0]!)
    return parts.map((part, i) => this.#part(part, i === 0, i === parts.length - 1)).join('')
  }

  /** A part of a sequence; what may stand before the first and behind the last is added there. */
  #part(part: Pattern, isFirst: boolean, isLast: boolean): string {
    const { any } = this.#notation
    if (part.kind === 'begin' && isFirst) return ''
    if (part.kind === 'end' && isLast) return ''
    if (part.kind === 'alternatives' && isFirst !== isLast)
      return this.#choice(part.of.map((one) => this.#edge(one, isFirst)))
    const text = this.#inner(part)
    return `${isFirst ? any : ''}${text}${isLast ? any : ''}`
  }

  /** An alternative at the beginning or the end of a sequence. */
  #edge(pattern: Pattern, isFirst: boolean): string {
    const parts = pattern.kind === 'sequence' ? pattern.of : [pattern]
    if (parts.length === 0) return this.#notation.any
    return parts
      .map((part, i) => this.#part(part, isFirst && i === 0, !isFirst && i === parts.length - 1))
      .join('')
  }

  #inner(pattern: Pattern): string {
    switch (pattern.kind) {
      case 'character':
        return this.#notation.character(pattern.text)
      case 'class':
        return this.#notation.class(pattern.negated, pattern.inside)
      case 'repeat': {
        const inner = this.#inner(pattern.of)
        const isOne = pattern.of.kind === 'character' || pattern.of.kind === 'class'
        return isOne ? inner + pattern.times : `(${inner})${pattern.times}`
      }
      case 'sequence':
        return pattern.of.map((part) => this.#inner(part)).join('')
      case 'alternatives':
        return this.#choice(pattern.of.map((part) => this.#inner(part)))
      default:
        throw new Inexpressible('a pattern with `^` or `$` inside of it')
    }
  }

  /** `(a|b)`; an alternative that is empty makes the others optional. */
  #choice(options: readonly string[]): string {
    const some = options.filter((option) => option !== '')
    const text =
      some.length === 1 && /^(?:\[[^\]]*\]|.)$/.test(some[0]!) ? some[0]! : `(${some.join('|')})`
    return some.length < options.length ? `${text}?` : text
  }
}
