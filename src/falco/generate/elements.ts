/** "There is an element with …": list fields, and patterns over the text of an array or object. */
import type { Atom, Json, Path, Residual, Some } from '../../residual/residual.ts'
import { constantText } from './constant.ts'
import { and, field, listed, or, type Term } from './expr.ts'
import { listFieldAt, subjectNames } from './fields.ts'
import { Inexpressible } from './inexpressible.ts'
import { textTerm } from './element-text.ts'
import { alternatives, type Part, partsOf } from './parts.ts'

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
      const { parts, others } = partsOf(conjunction)
      if (parts.length === 0 && others.length > 0)
        return and([elementsTerm(path, [], literal), outside([others])])
      return and([elementsTerm(path, parts, literal), others.length > 0 ? outside([others]) : true])
    }),
  )
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
