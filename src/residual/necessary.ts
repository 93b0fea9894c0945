import type { Conjunction, Literal, Residual } from './residual.ts'
import { all, anyOf, negate, type Truth } from './simplify.ts'

/** Says of a literal whether its user understands it. It is not asked about `not` and `any`. */
export type Understood = (literal: Literal) => boolean

/** Everything but opaque literals. */
const notOpaque: Understood = (literal) => literal.kind !== 'opaque'

/**
 * A residual that holds wherever the given one does, made only of literals that are understood: the
 * others are dropped, or, inside of an odd number of negations, taken not to hold. Where it does
 * not hold there is certainly no violation.
 */
export function necessary(residual: Residual, understood: Understood = notOpaque): Residual {
  return replaceUnknown(residual, understood, true)
}

/** The other bound: a residual that holds only where the given one does. */
export function sufficient(residual: Residual, understood: Understood = notOpaque): Residual {
  return replaceUnknown(residual, understood, false)
}

/** @param value what every literal that is not understood counts as */
function replaceUnknown(residual: Residual, understood: Understood, value: Truth): Residual {
  const replaceIn = (inner: Residual, as: Truth): Residual => replaceUnknown(inner, understood, as)
  const replace = (literal: Literal): Literal | Truth => {
    switch (literal.kind) {
      case 'not':
        return negate(replaceIn(literal.residual, !value))
      case 'any':
        return { kind: 'any', residual: replaceIn(literal.residual, value) }
      case 'some': {
        if (!understood(literal)) return value
        const where = replaceIn(literal.where, value)
        return where.length === 0 ? false : { ...literal, where }
      }
      default:
        return understood(literal) ? literal : value
    }
  }
  return anyOf(residual.map((conjunction: Conjunction) => all(conjunction.map(replace))))
}
