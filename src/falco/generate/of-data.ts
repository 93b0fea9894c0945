/** What is asked of an element of the organisation's data, as alternatives with one test each. */
import {
  any,
  type Atom,
  type Conjunction,
  type Literal,
  not,
  type Operand,
  type Path,
  pathText,
  type Residual,
  test,
} from '../../residual/residual.ts'
import { alternatives } from './parts.ts'

/** What a conjunction within a `some` over data asks of the element, and of the event alone. */
export interface AskedOfData {
  readonly about: Conjunction
  readonly others: Conjunction
}

/**
 * Alternatives each of which asks for an element of its own.
 *
 * @param where of a `some` over an array of texts, which stands in no other `some`
 */
export function askedOfData(where: Residual): readonly AskedOfData[] {
  const positive = where.map((conjunction) => conjunction.flatMap(opened))
  return alternatives(positive).map((conjunction) => ({
    about: conjunction.filter((literal) => asksForElement(literal) && !isEvident(literal)),
    others: conjunction.filter((literal) => !asksForElement(literal)),
  }))
}

/** Whether a literal asks for the element, or the key, of a `some` that it stands in, or has one. */
export function asksForElement(literal: Literal): boolean {
  return literal.kind !== 'opaque' && /"(?:element|key)":/.test(JSON.stringify(literal))
}

/** An element of the organisation's data is there, and is a text. */
function isEvident(literal: Literal): boolean {
  if (literal.kind !== 'atom' || !isElement(literal.path)) return false
  if (literal.operator === 'type') return literal.type === 'string'
  return literal.operator === 'defined' || literal.operator === 'truthy'
}

/** A `not` that asks for the element, as what it says of its parts. */
function opened(literal: Literal): Conjunction {
  if (literal.kind !== 'not' || !asksForElement(literal)) return [literal]
  return literal.residual.map((conjunction) => any(...conjunction.map(denied)))
}

/** A literal does not hold. */
function denied(literal: Literal): Conjunction {
  if (literal.kind === 'not') return [any(...literal.residual)]
  if (literal.kind === 'any') return literal.residual.map((inner) => any(...inner.map(denied)))
  // An element is always there to compare with; the other side may not be.
  if (literal.kind === 'atom' && literal.operator === 'notEqual' && asksForElement(literal))
    return [any([{ ...literal, operator: 'equal' }], [not([test(literal.path, 'defined')])])]
  return [not([literal])]
}

/** Which array of the data has an element of the event among its elements, or has it not. */
export interface Among {
  readonly data: Path
  readonly isAmong: boolean
}

/**
 * What a conjunction within a `some` over the event asks of the element, where that is nothing else.
 *
 * @param conjunction within a `some` that stands in no other one
 */
export function amongData(conjunction: Conjunction): Among | undefined {
  const there = conjunction.filter(isThereInData)
  const [only, ...more] = conjunction.filter((literal) => !isThereInData(literal))
  if (!only || more.length > 0) return undefined
  const among = amongIn(only)
  return there.every(({ path }) => among && pathText(path) === pathText(among.data))
    ? among
    : undefined
}

function amongIn(literal: Literal): Among | undefined {
  if (literal.kind === 'not') {
    const within = literal.residual.length === 1 ? amongData(literal.residual[0]!) : undefined
    return within && { ...within, isAmong: !within.isAmong }
  }
  const data = arrayWith(literal)
  return data && { data, isAmong: true }
}

/** A list that stands for data is always there. */
function isThereInData(literal: Literal): literal is Atom {
  return literal.kind === 'atom' && literal.operator === 'defined' && literal.path.from === 'data'
}

/** `element1 in data.x`, or `some in data.x: element1 == element2`. */
function arrayWith(literal: Literal): Path | undefined {
  if (literal.kind === 'atom') {
    const operand = literal.operator === 'in' ? literal.operand : undefined
    if (!isElement(literal.path, 1) || !operand || !('path' in operand)) return undefined
    return operand.path.from === 'data' ? operand.path : undefined
  }
  if (literal.kind !== 'some' || literal.path.from !== 'data') return undefined
  const [only, ...more] = literal.where.flat().filter((inner) => !isEvident(inner))
  if (literal.where.length !== 1 || more.length > 0) return undefined
  if (only?.kind !== 'atom' || only.operator !== 'equal' || !('path' in only.operand))
    return undefined
  const sides = [only.path, only.operand.path]
  return [1, 2].every((number) => sides.some((side) => isElement(side, number)))
    ? literal.path
    : undefined
}

/** The element itself, of the `some` with this number or of any. */
function isElement({ from, steps }: Path, number?: number): boolean {
  if (steps.length > 0 || typeof from !== 'object' || !('element' in from)) return false
  return number === undefined || from.element === number
}

/** What stands before and behind the element in an operand; undefined where it is no part of it alone. */
export function aroundElement(
  operand: Operand,
): { readonly prefix: string; readonly suffix: string } | undefined {
  if ('constant' in operand) return undefined
  const parts = 'concat' in operand ? operand.concat : [operand]
  const at = parts.findIndex((part) => 'path' in part)
  const element = parts[at]
  if (!element || !('path' in element) || !isElement(element.path)) return undefined
  const texts = parts.map((part) => ('constant' in part ? part.constant : undefined))
  const [prefix, suffix] = [texts.slice(0, at), texts.slice(at + 1)]
  if ([...prefix, ...suffix].some((text) => typeof text !== 'string')) return undefined
  return { prefix: prefix.join(''), suffix: suffix.join('') }
}
