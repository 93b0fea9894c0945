/** What is asked of an element of the organisation's data, as alternatives with one test each. */
import {
  any,
  type Conjunction,
  type Literal,
  not,
  type Operand,
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
  if (literal.kind !== 'atom' || literal.path.steps.length > 0) return false
  if (typeof literal.path.from !== 'object' || !('element' in literal.path.from)) return false
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

/** What stands before and behind the element in an operand; undefined where it is no part of it alone. */
export function aroundElement(
  operand: Operand,
): { readonly prefix: string; readonly suffix: string } | undefined {
  if ('constant' in operand) return undefined
  const parts = 'concat' in operand ? operand.concat : [operand]
  const at = parts.findIndex((part) => 'path' in part)
  const element = parts[at]
  if (!element || !('path' in element) || element.path.steps.length > 0) return undefined
  if (typeof element.path.from !== 'object' || !('element' in element.path.from)) return undefined
  const texts = parts.map((part) => ('constant' in part ? part.constant : undefined))
  const [prefix, suffix] = [texts.slice(0, at), texts.slice(at + 1)]
  if ([...prefix, ...suffix].some((text) => typeof text !== 'string')) return undefined
  return { prefix: prefix.join(''), suffix: suffix.join('') }
}
