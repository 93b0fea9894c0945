/** Patterns of Rego, which match anywhere in a text, as Falco has them: matching all of it. */
import { Inexpressible } from './inexpressible.ts'
import type { Pattern } from './pattern.ts'

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
