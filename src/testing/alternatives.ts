import { literalKey } from '../residual/key.ts'
import type { Conjunction, Literal, Residual } from '../residual/residual.ts'

/** One of several ways in which a residual, or a part of it, holds. */
export interface Way {
  readonly conjunction: Conjunction
  /** The conjunction's literals that the other ways do not have; all of them where there are no others. */
  readonly apart: Conjunction
  /** The whole residual with this way in place of all of its neighbours. */
  readonly residual: Residual
  /** In how many other ways this one is a choice. */
  readonly depth: number
}

/**
 * The ways in which a residual holds: its conjunctions, and wherever inside of them there is a choice,
 * each of what can be chosen, behind the way that it stands in. Not inside of a `not`, where they are ways of not holding.
 */
export function waysOf(residual: Residual): Way[] {
  return residual.flatMap((conjunction) => [
    { conjunction, apart: apartFrom(conjunction, residual), residual: [conjunction], depth: 0 },
    ...choicesIn(conjunction, 1).map((way) => ({ ...way, residual: [way.within] })),
  ])
}

/** A way of a part, and the conjunction that the part stands in with nothing but that way. */
interface Choice extends Omit<Way, 'residual'> {
  readonly within: Conjunction
}

function choicesIn(conjunction: Conjunction, depth: number): Choice[] {
  return conjunction.flatMap((literal, index) => {
    const inside = insideOf(literal)
    if (!inside) return []
    const put = (residual: Residual): Conjunction =>
      conjunction.with(index, inside.replaced(residual))
    return inside.residual.flatMap((inner) => {
      // What stands alone is no choice.
      const isAlone = inside.residual.length === 1
      const deeper = choicesIn(inner, isAlone ? depth : depth + 1).map((way) => ({
        ...way,
        within: put([way.within]),
      }))
      if (isAlone) return deeper
      const apart = apartFrom(inner, inside.residual)
      return [{ conjunction: inner, apart, within: put([inner]), depth }, ...deeper]
    })
  })
}

function insideOf(
  literal: Literal,
): { residual: Residual; replaced: (residual: Residual) => Literal } | undefined {
  if (literal.kind === 'any') {
    return { residual: literal.residual, replaced: (residual) => ({ ...literal, residual }) }
  }
  if (literal.kind !== 'some') return undefined
  return { residual: literal.where, replaced: (where) => ({ ...literal, where }) }
}

function apartFrom(conjunction: Conjunction, all: Residual): Conjunction {
  const keys = all.map((one) => new Set(one.map(literalKey)))
  const own = conjunction.filter((literal) => {
    const key = literalKey(literal)
    return !keys.every((others) => others.has(key))
  })
  return own.length > 0 ? own : conjunction
}
