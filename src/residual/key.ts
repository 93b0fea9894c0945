import type { Atom, Conjunction, Literal, Residual } from './residual.ts'

const known = new WeakMap<Literal, string>()

/**
 * Text that two literals share where they say the same, wherever they were written. Opaque literals
 * say the same when they look at the same: of both is known only that they may hold.
 */
export function literalKey(literal: Literal): string {
  let key = known.get(literal)
  if (key === undefined) known.set(literal, (key = makeKey(literal)))
  return key
}

export function conjunctionKey(conjunction: Conjunction): string {
  return `[${conjunction.map(literalKey).join('&')}]`
}

function residualKey(residual: Residual): string {
  return residual.map(conjunctionKey).join('|')
}

function makeKey(literal: Literal): string {
  switch (literal.kind) {
    case 'atom':
      return atomKey(literal)
    case 'some':
      return `some ${JSON.stringify(literal.path)} (${residualKey(literal.where)})`
    case 'not':
    case 'any':
      return `${literal.kind} (${residualKey(literal.residual)})`
    case 'opaque':
      return `opaque ${JSON.stringify(literal.reads)}`
  }
}

function atomKey(atom: Atom): string {
  const { path, operator } = atom
  const operand = 'operand' in atom ? atom.operand : 'type' in atom ? atom.type : null
  const delimiters = 'delimiters' in atom ? atom.delimiters : undefined
  return JSON.stringify([operator, path, operand, delimiters])
}
