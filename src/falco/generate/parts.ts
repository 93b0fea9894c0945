/** What is asked of one element, taken apart: each alternative is a list of tests of its parts. */
import type { Atom, Conjunction, Literal, Path, Residual, Some } from '../../residual/residual.ts'
import { isRequired, type Way } from './bodies.ts'
import { Inexpressible } from './inexpressible.ts'

/** One test of a part of an element. */
export interface Part {
  /** From the element to the value; null is an element of an array there. */
  readonly way: Way
  readonly atom: Atom
  /** The atom must not hold: nothing, or false, is there. */
  readonly isAbsent?: true
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

/** Takes what cannot be said, if it may be left out. */
export type Leave = ((loss: Inexpressible) => void) | undefined

/**
 * @param leave takes literals that cannot be said, where the condition may hold for more
 * @param depth the number of the `some` whose element it is
 */
export function partsOf(conjunction: Conjunction, leave: Leave, depth = 1, way: Way = []): Parts {
  const parts: Part[] = []
  const others: Literal[] = []
  for (const literal of conjunction) {
    if (literal.kind === 'atom') {
      const { from } = literal.path
      if (from === 'event') others.push(literal)
      else if (!isEvident(literal, depth)) parts.push(partOf(literal, depth, way))
    } else if (literal.kind === 'some') {
      const inner = [...wayFrom(literal.path, depth, way, literal), null]
      const found = partsOf(literal.where[0]!, leave, depth + 1, inner)
      parts.push(...(found.parts.length === 0 ? [anyElement(literal, inner)] : found.parts))
      others.push(...found.others)
    } else if (equalIn(literal, depth)) {
      parts.push(partOf(equalIn(literal, depth)!, depth, way))
    } else if (absentIn(literal)) {
      parts.push({ ...partOf(absentIn(literal)!, depth, way), isAbsent: true })
    } else {
      const what =
        literal.kind === 'opaque' ? `\`${literal.text}\`` : 'an exclusion within one element'
      const loss = new Inexpressible(what, literal)
      if (!leave) throw loss
      leave(loss)
    }
  }
  return { parts, others }
}

/** An element is there. */
function isEvident({ operator, path: { from, steps } }: Atom, depth: number): boolean {
  const isElement = typeof from === 'object' && 'element' in from && from.element === depth
  return operator === 'defined' && isElement && steps.length === 0
}

/** An element that is not another value than one: elements are always there. */
function equalIn(literal: Literal, depth: number): Atom | undefined {
  if (literal.kind !== 'not' || literal.residual.length !== 1) return undefined
  const [only, ...more] = literal.residual[0]!
  if (only?.kind !== 'atom' || more.length > 0 || only.operator !== 'notEqual') return undefined
  const { from, steps } = only.path
  const isElement = typeof from === 'object' && 'element' in from && from.element === depth
  return isElement && steps.length === 0 ? { ...only, operator: 'equal' } : undefined
}

/** What must not be there, of an exclusion that asks no more. */
function absentIn(literal: Literal): Atom | undefined {
  if (literal.kind !== 'not' || literal.residual.length !== 1) return undefined
  const [only, ...more] = literal.residual[0]!
  if (only?.kind !== 'atom' || more.length > 0) return undefined
  const isPlain = only.operator === 'truthy' || only.operator === 'defined'
  return isPlain && typeof only.path.from === 'object' ? only : undefined
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

/** That an array has an element. */
export function anyElement(literal: Some, way: Way): Part {
  return { way, atom: { kind: 'atom', path: literal.path, operator: 'defined' }, isKey: false }
}

function wayFrom(path: Path, depth: number, way: Way, literal: Literal): Way {
  const { from, steps } = path
  if (typeof from !== 'object' || !('element' in from) || from.element !== depth)
    throw new Inexpressible('elements of two arrays compared with one another', literal)
  return [...way, ...steps]
}

/** Some part is absent that the API server does not go without. @param holder from the body */
export function lacksRequired(parts: readonly Part[], holder: Way | undefined): boolean {
  return parts.some(({ isAbsent, way }) => isAbsent && holder && isRequired([...holder, ...way]))
}
