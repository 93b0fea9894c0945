/** "There is an element with …": list fields, and patterns over the text of an array or object. */
import type { Atom, Conjunction, Literal, Path, Residual, Some } from '../../residual/residual.ts'
import type { Json } from '../../residual/residual.ts'
import type { Way } from './bodies.ts'
import { constantText } from './constant.ts'
import { and, field, listed, or, type Term } from './expr.ts'
import { listFieldAt, subjectNames } from './fields.ts'
import { Inexpressible } from './inexpressible.ts'
import { textTerm } from './element-text.ts'

/** One test of a part of an element. */
export interface Part {
  /** From the element to the value; null is an element of an array there. */
  readonly way: Way
  readonly atom: Atom
  /** The atom is about the name under which the element stands in an object. */
  readonly isKey: boolean
}

/**
 * A condition that holds where an element of the array or object at the event's path does.
 *
 * @param literal outside of any other `some`
 * @param outside translates what does not ask about the element
 * @throws Inexpressible
 */
export function someTerm(literal: Some, outside: (residual: Residual) => Term): Term {
  if (literal.path.from !== 'event') throw new Inexpressible('elements of data', literal)
  const { path } = literal
  return or(
    alternatives(literal.where).map((conjunction) => {
      const { parts, others } = partsOf(conjunction, 1, [])
      if (parts.length === 0 && others.length > 0)
        return and([elementsTerm(path, [], literal), outside([others])])
      return and([elementsTerm(path, parts, literal), others.length > 0 ? outside([others]) : true])
    }),
  )
}

/** Alternatives inside of an element are multiplied out: each asks for an element of its own. */
const ALTERNATIVES_MAX = 64

function alternatives(residual: Residual): readonly Conjunction[] {
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

interface Parts {
  readonly parts: readonly Part[]
  /** Literals that ask about the event, not about the element. */
  readonly others: readonly Literal[]
}

/** @param depth the number of the `some` whose element it is */
function partsOf(conjunction: Conjunction, depth: number, way: Way): Parts {
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

function elementsTerm(path: Path, parts: readonly Part[], literal: Some): Term {
  return fieldTerm(path, parts) ?? textTerm(path, parts, literal)
}

/** Where Falco has a list field for it. */
function fieldTerm(path: Path, parts: readonly Part[]): Term | undefined {
  const [only, ...more] = parts
  if (!only || parts.some(({ isKey }) => isKey)) return undefined
  if (more.length > 0) return subjectTerm(path, parts)
  const values = valuesOf(only.atom)
  const list = listFieldAt([...path.steps, null, ...only.way])
  return list && values && listed(list, 'intersects', values)
}

/** `kind` and `name` of a binding's subject. */
function subjectTerm(path: Path, parts: readonly Part[]): Term | undefined {
  if (JSON.stringify(path.steps) !== '["requestObject","subjects"]' || parts.length !== 2)
    return undefined
  const named = (name: string): Atom | undefined =>
    parts.find(({ way }) => way.length === 1 && way[0] === name)?.atom
  const kinds = named('kind') && valuesOf(named('kind')!)
  const names = named('name') && valuesOf(named('name')!)
  const list = kinds?.length === 1 ? subjectNames[kinds[0]!] : undefined
  return list !== undefined && names ? listed(field(list), 'intersects', names) : undefined
}

/** The texts of which an atom asks for one; undefined for another test. */
function valuesOf(atom: Atom): readonly string[] | undefined {
  if (atom.operator !== 'equal' && atom.operator !== 'in') return undefined
  if (!('constant' in atom.operand)) return undefined
  const { constant } = atom.operand
  const values = atom.operator === 'equal' ? [constant] : constant
  if (!Array.isArray(values)) return undefined
  const scalars = (values as readonly Json[]).filter(
    (value) => value !== null && typeof value !== 'object',
  )
  return scalars.length === values.length ? scalars.map(constantText) : undefined
}
