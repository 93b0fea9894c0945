import type { Literal, Residual } from './residual.ts'

/** How many literals something is made of, and how many of them are not understood. */
export interface Size {
  readonly literals: number
  readonly opaque: number
}

const known = new WeakMap<Literal, Size>()

function sizeOf(literal: Literal): Size {
  let size = known.get(literal)
  if (!size) known.set(literal, (size = findSize(literal)))
  return size
}

function findSize(literal: Literal): Size {
  switch (literal.kind) {
    case 'atom':
      return { literals: 1, opaque: 0 }
    case 'some':
      return sizeOfResidual(literal.where)
    case 'not':
    case 'any':
      return sizeOfResidual(literal.residual)
    case 'opaque':
      return { literals: 1, opaque: 1 }
  }
}

export function sizeOfResidual(residual: Residual): Size {
  const sizes = residual.flat().map(sizeOf)
  return {
    literals: 1 + sizes.reduce((sum, size) => sum + size.literals, 0),
    opaque: sizes.reduce((sum, size) => sum + size.opaque, 0),
  }
}
