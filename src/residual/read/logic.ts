import { ALWAYS, type Conjunction, type Literal, NEVER, type Residual } from '../residual.ts'
import { all, anyOf, negate } from '../simplify.ts'

export function truth(value: boolean): Residual {
  return value ? ALWAYS : NEVER
}

export function literal(one: Literal): Residual {
  return [[one]]
}

/** The AND of residuals, without multiplying their alternatives. */
export function both(...residuals: readonly Residual[]): Residual {
  return all(
    residuals.map((residual) =>
      residual.length === 0 ? false : { kind: 'any', residual: anyOf([residual]) },
    ),
  )
}

/** The OR of residuals. */
export function either(...residuals: readonly Residual[]): Residual {
  return anyOf(residuals)
}

/** NOT of a residual. */
export function opposite(residual: Residual): Residual {
  // NOT of NOT: a conjunction of one literal.
  const only: Conjunction | undefined = residual.length === 1 ? residual[0] : undefined
  if (only?.length === 1 && only[0]!.kind === 'not') return only[0]!.residual
  return all([negate(residual)])
}
