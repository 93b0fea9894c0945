import type { Literal, Residual } from './residual.ts'

const known = new WeakMap<Literal, boolean>()

/** Whether a literal is, or has inside of it, something that is not understood. */
export function hasOpaque(literal: Literal): boolean {
  let has = known.get(literal)
  if (has === undefined) known.set(literal, (has = findOpaque(literal)))
  return has
}

function findOpaque(literal: Literal): boolean {
  switch (literal.kind) {
    case 'atom':
      return false
    case 'some':
      return !isExact(literal.where)
    case 'not':
    case 'any':
      return !isExact(literal.residual)
    case 'opaque':
      return true
  }
}

/**
 * Whether a residual, or one conjunction of it, says all: where it holds there is a violation, and
 * not only where there is one it holds.
 */
export function isExact(residual: Residual): boolean {
  return !residual.some((conjunction) => conjunction.some(hasOpaque))
}
