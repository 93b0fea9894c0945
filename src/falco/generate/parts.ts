/** What is asked of one element, taken apart: each alternative is a list of tests of its parts. */
import type { Atom, Conjunction, Literal, Path, Residual, Some } from '../../residual/residual.ts'
import type { Way } from './bodies.ts'
import { Inexpressible } from './inexpressible.ts'

/** One test of a part of an element. */
export interface Part {
  /** From the element to the value; null is an element of an array there. */
  readonly way: Way
  readonly atom: Atom
  /** The atom is about the name under which the element stands in an object. */
  readonly isKey: boolean
}

/** Alternatives inside of an element are multiplied out: each asks for an element of its own. */
const ALTERNATIVES_MAX = 256

export function alternatives(residual: Residual): readonly Conjunction[] {
  return residual.flatMap((conjunction) => {
    let combined: Conjunction[] = [[]]
    for (const literal of conjunction) {
      const choices: readonly Conjunction[] =
        literal.kind === 'any'
          ? alternatives(literal.residual)
          : literal.kind === 'some'
            ? alternatives(literal.where).map((where) => [{ ...literal, where: [where] }])
            : [[literal]]
      combined = combined.flatMap((before) => choices.map((more) => [...before, ...more]))
      if (combined.length > ALTERNATIVES_MAX)
        throw new Inexpressible('too many alternatives within one element', literal)
    }
    return combined
  })
}

export interface Parts {
  readonly parts: readonly Part[]
  /** Literals that ask about the event, not about the element. */
  readonly others: readonly Literal[]
}

/** @param depth the number of the `some` whose element it is */
export function partsOf(conjunction: Conjunction, depth = 1, way: Way = []): Parts {
  const parts: Part[] = []
  const others: Literal[] = []
  for (const literal of conjunction) {
    if (literal.kind === 'atom') {
      const { from } = literal.path
      if (from === 'event') others.push(literal)
      else parts.push(partOf(literal, depth, way))
    } else if (literal.kind === 'some') {
      const inner = [...wayFrom(literal.path, depth, way, literal), null]
      const found = partsOf(literal.where[0]!, depth + 1, inner)
      parts.push(...(found.parts.length === 0 ? [anyElement(literal, inner)] : found.parts))
      others.push(...found.others)
    } else {
      throw new Inexpressible(
        literal.kind === 'opaque' ? literal.text : 'an exclusion within one element',
        literal,
      )
    }
  }
  return { parts, others }
}

function partOf(atom: Atom, depth: number, way: Way): Part {
  const { from } = atom.path
  if (typeof from === 'object' && 'key' in from) {
    if (from.key !== depth || atom.path.steps.length > 0)
      throw new Inexpressible('a name compared with an element further inside', atom)
    return { way, atom, isKey: true }
  }
  return { way: wayFrom(atom.path, depth, way, atom), atom, isKey: false }
}

function anyElement(literal: Some, way: Way): Part {
  return { way, atom: { kind: 'atom', path: literal.path, operator: 'defined' }, isKey: false }
}

function wayFrom(path: Path, depth: number, way: Way, literal: Literal): Way {
  const { from, steps } = path
  if (typeof from !== 'object' || !('element' in from) || from.element !== depth)
    throw new Inexpressible('elements of two arrays compared with one another', literal)
  return [...way, ...steps]
}
