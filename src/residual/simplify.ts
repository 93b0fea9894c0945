import { conjunctionKey, literalKey } from './key.ts'
import type { Conjunction, Literal, Residual } from './residual.ts'

/** A literal that is decided. */
export type Truth = boolean

/** What `anyOf` gave: there is nothing more to do about these, and they can be long. */
const done = new WeakSet<Residual>()

/** The OR of residuals, without repetitions; `[[]]` where one of them always holds. */
export function anyOf(residuals: readonly Residual[]): Residual {
  const [first] = residuals
  if (residuals.length === 1 && done.has(first!)) return first!
  const either = distinct(residuals.flat())
  done.add(either)
  return either
}

function distinct(alternatives: Residual): Residual {
  const seen = new Map<string, Conjunction>()
  for (const conjunction of alternatives) {
    if (conjunction.length === 0) return [[]]
    const key = conjunctionKey(conjunction)
    if (!seen.has(key)) seen.set(key, conjunction)
  }
  return [...seen.values()]
}

/** The AND of literals: one conjunction, none where a literal never holds, several for an `any` alone. */
export function all(literals: readonly (Literal | Truth)[]): Residual {
  const seen = new Map<string, Literal>()
  for (const literal of literals.flatMap(flatten)) {
    if (literal === false) return []
    if (literal === true) continue
    const key = literalKey(literal)
    if (!seen.has(key)) seen.set(key, literal)
  }
  const kept = [...seen.values()]
  const [only] = kept
  return kept.length === 1 && only?.kind === 'any' ? only.residual : [kept]
}

/** NOT of a residual, as a literal. */
export function negate(residual: Residual): Literal | Truth {
  if (residual.length === 0) return true
  if (residual.some((conjunction) => conjunction.length === 0)) return false
  return { kind: 'not', residual }
}

/** Takes an `any` apart that has one alternative, or none. */
function flatten(literal: Literal | Truth): readonly (Literal | Truth)[] {
  if (typeof literal === 'boolean' || literal.kind !== 'any') return [literal]
  if (literal.residual.length === 0) return [false]
  return literal.residual.length === 1 ? literal.residual[0]! : [literal]
}
