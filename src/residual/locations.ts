import type { Literal, Residual } from './residual.ts'

/** The same residual without the places in Rego that its literals came from. */
export function withoutLocations(residual: Residual): Residual {
  return residual.map((conjunction) => conjunction.map(strip))
}

function strip<T extends Literal>(literal: T): Literal {
  const { location: _, ...rest } = literal as T & { location?: unknown }
  const plain = rest as Literal
  if (plain.kind === 'some') return { ...plain, where: withoutLocations(plain.where) }
  if (plain.kind === 'not' || plain.kind === 'any') {
    return { ...plain, residual: withoutLocations(plain.residual) }
  }
  return plain
}
