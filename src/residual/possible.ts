import type { Holds } from './holds.ts'
import type { Atom, Literal, Opaque, Residual, Some } from './residual.ts'

/**
 * What is known of a literal: whether it holds; undefined for nothing. Asked about literals outside
 * of `some` only, and not about `not` and `any`, whose parts it is asked about.
 */
export type Knowledge = (literal: Atom | Some | Opaque) => boolean | undefined

/** Whether a residual holds, as far as what is known of its literals says. */
export function possible(residual: Residual, known: Knowledge): Holds {
  let result: Holds = 'no'
  for (const conjunction of residual) {
    let holds: Holds = 'yes'
    for (const literal of conjunction) {
      const one = literalHolds(literal, known)
      if (one === 'no') {
        holds = 'no'
        break
      }
      if (one === 'maybe') holds = 'maybe'
    }
    if (holds === 'yes') return 'yes'
    if (holds === 'maybe') result = 'maybe'
  }
  return result
}

const opposite: Readonly<Record<Holds, Holds>> = { yes: 'no', no: 'yes', maybe: 'maybe' }

function literalHolds(literal: Literal, known: Knowledge): Holds {
  switch (literal.kind) {
    case 'not':
      return opposite[possible(literal.residual, known)]
    case 'any':
      return possible(literal.residual, known)
    default: {
      const holds = known(literal)
      return holds === undefined ? 'maybe' : holds ? 'yes' : 'no'
    }
  }
}
