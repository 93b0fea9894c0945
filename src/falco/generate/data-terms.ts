/** Tests of the organisation's data, said with lists, whatever users put into these. */
import type { Atom, Conjunction, Json, Path, Some } from '../../residual/residual.ts'
import { listTerm } from './atom.ts'
import { and, exists, field, listed, not, type Term } from './expr.ts'
import { listFieldAt } from './fields.ts'
import { Inexpressible } from './inexpressible.ts'
import type { DataLists } from './lists.ts'
import { amongData, aroundElement } from './of-data.ts'

/**
 * Every list is there; whether something is in it can be asked.
 *
 * @param atom of a path from data
 * @throws Inexpressible
 */
export function dataTerm(atom: Atom, lists: DataLists): Term {
  if (lists.has(atom.path)) {
    if (atom.operator === 'defined') return true
    const operand = 'operand' in atom ? atom.operand : undefined
    const isNothing = operand && 'constant' in operand && isEmptyArray(operand.constant)
    if (isNothing && atom.operator === 'notEqual') return filledTerm(atom.path, lists)
    if (isNothing && atom.operator === 'equal') return not(filledTerm(atom.path, lists))
  }
  throw new Inexpressible('a test of the organisation’s data alone', atom)
}

function isEmptyArray(value: Json): boolean {
  return Array.isArray(value) && value.length === 0
}

/** No source of events is called like an element of a list, so one that is another is an element. */
export function filledTerm(path: Path, lists: DataLists): Term {
  return listed(field('evt.source'), '!=', [lists.nameOf(path)], 'anyof')
}

/**
 * A field compared with the elements of data.
 *
 * @param atom within a `some` over data
 * @throws Inexpressible
 */
export function elementTerm(literal: Some, atom: Atom, lists: DataLists): Term {
  const operand = 'operand' in atom ? atom.operand : undefined
  const around = operand && aroundElement(operand)
  if (atom.path.from !== 'event' || !around)
    throw new Inexpressible('an element of data compared with something else', literal)
  return listTerm(atom, lists.nameOf(literal.path, around.prefix, around.suffix))
}

/**
 * An element, of an array of the event that is a field, that a list has, or one that it has not.
 *
 * @param conjunction within the `some` over the array
 * @returns undefined where it asks for something else
 */
export function amongTerm(
  { steps }: Path,
  conjunction: Conjunction,
  lists: DataLists,
): Term | undefined {
  const among = amongData(conjunction)
  const array = listFieldAt([...steps, null])
  if (!among || !array || !lists.has(among.data)) return undefined
  const names = [lists.nameOf(among.data)]
  return among.isAmong
    ? listed(array, 'intersects', names)
    : and([exists(array), not(listed(array, 'in', names))])
}
