/** "There is an element with …": list fields, and patterns over the text of an array or object. */
import type { Atom, Conjunction, Json, Path, Residual, Some } from '../../residual/residual.ts'
import { constantText } from './constant.ts'
import { and, field, listed, or, type Term } from './expr.ts'
import { listFieldAt, subjectNames } from './fields.ts'
import { Inexpressible } from './inexpressible.ts'
import { notAllTerm, textTerm, type Types } from './element-text.ts'
import { alternatives, lacksRequired, type Leave, type Part, partsOf } from './parts.ts'

/**
 * A condition that holds where an element of the array or object at the event's path does.
 *
 * @param literal outside of any other `some`
 * @param outside translates what does not ask about the element
 * @param leave takes what cannot be said, where the condition may hold for more
 * @param types what is known of paths
 * @throws Inexpressible
 */
export function someTerm(
  literal: Some,
  outside: (residual: Residual) => Term,
  leave: Leave,
  types: Types,
): Term {
  if (literal.path.from !== 'event') throw new Inexpressible('elements of data', literal)
  const { path } = literal
  return or(
    alternatives(literal.where).map((conjunction) => {
      const excluded = excludedBy(conjunction)
      if (excluded) return notAllTerm(path, excluded, types)
      const { parts, others } = partsOf(conjunction, leave)
      if (parts.length === 0 && others.length > 0)
        return and([elementsTerm(path, [], literal, types), outside([others])])
      return and([
        elementsTerm(path, parts, literal, types),
        others.length > 0 ? outside([others]) : true,
      ])
    }),
  )
}

function elementsTerm(path: Path, parts: readonly Part[], literal: Some, types: Types): Term {
  if (lacksRequired(parts, [...path.steps.slice(1), null])) return false
  if (parts.some(({ isAbsent }) => isAbsent))
    throw new Inexpressible('what an element does not have', literal)
  return fieldTerm(path, parts) ?? textTerm(path, parts, literal, types)
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

/**
 * The tests none of which may hold for an element, where that is all that is asked of it: an element
 * of the kind that not all are.
 */
function excludedBy(conjunction: Conjunction): readonly Atom[] | undefined {
  const atoms: Atom[] = []
  for (const literal of conjunction) {
    if (literal.kind !== 'not') return undefined
    for (const [only, ...more] of literal.residual) {
      if (only?.kind !== 'atom' || more.length > 0 || only.path.steps.length > 0) return undefined
      if (typeof only.path.from !== 'object' || !('element' in only.path.from)) return undefined
      if (only.operator === 'notEqual') return undefined
      atoms.push(only)
    }
  }
  return atoms.length > 0 ? atoms : undefined
}
