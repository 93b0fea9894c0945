import type { Literal, Place, Residual } from './residual.ts'

/**
 * Where a literal was written. One that was put together has no place of its own, but its parts have;
 * a `some` stands where the element is named, which says less than what is asked of it.
 */
export function placeOfLiteral(literal: Literal): Place | undefined {
  switch (literal.kind) {
    case 'atom':
    case 'opaque':
      return literal.location
    case 'some':
      return placeIn(literal.where) ?? literal.location
    case 'not':
    case 'any':
      return literal.location ?? placeIn(literal.residual)
  }
}

function placeIn(residual: Residual): Place | undefined {
  for (const literal of residual.flat()) {
    const place = placeOfLiteral(literal)
    if (place) return place
  }
  return undefined
}
