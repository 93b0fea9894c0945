import { pathText } from './residual.ts'
import type { Atom, Literal, Operand, Residual } from './residual.ts'

/** How an operator is written between a path and an operand. */
export const SIGNS: Readonly<Record<string, string>> = {
  equal: '==',
  notEqual: '!=',
  in: 'in',
  less: '<',
  lessOrEqual: '<=',
  greater: '>',
  greaterOrEqual: '>=',
}

/**
 * A residual as lines of text, for explanations: the literals of a conjunction stand below one
 * another, `or` between conjunctions, and what is inside of a literal is indented.
 */
export function residualText(residual: Residual): string {
  return lines(residual).join('\n')
}

function lines(residual: Residual): readonly string[] {
  if (residual.length === 0) return ['never']
  return residual.flatMap((conjunction, i) => [
    ...(i === 0 ? [] : ['or']),
    ...(conjunction.length === 0 ? ['always'] : conjunction.flatMap(literalLines)),
  ])
}

function literalLines(literal: Literal): readonly string[] {
  const inside = (residual: Residual): readonly string[] =>
    lines(residual).map((line) => `  ${line}`)
  switch (literal.kind) {
    case 'atom':
      return [atomText(literal)]
    case 'some':
      return [`some in ${pathText(literal.path)}:`, ...inside(literal.where)]
    case 'not': {
      const [only, ...more] = literal.residual.length === 1 ? literal.residual[0]! : []
      if (only?.kind === 'atom' && more.length === 0) return [`not ${atomText(only)}`]
      return ['not:', ...inside(literal.residual)]
    }
    case 'any':
      return ['any of:', ...inside(literal.residual)]
    case 'opaque':
      return [`opaque (${literal.reads.map(pathText).join(', ')}): ${literal.text}`]
  }
}

/** `input.verb in ["get", "list"]`, `startsWith(input.user.username, "system:")`. */
function atomText(atom: Atom): string {
  const path = pathText(atom.path)
  if (atom.operator === 'type') return `${path} is ${atom.type}`
  if (!('operand' in atom)) return atom.operator === 'truthy' ? path : `${path} is there`
  const operand = operandText(atom.operand)
  const sign = SIGNS[atom.operator]
  return sign ? `${path} ${sign} ${operand}` : `${atom.operator}(${path}, ${operand})`
}

function operandText(operand: Operand): string {
  if ('constant' in operand) return JSON.stringify(operand.constant)
  if ('path' in operand) return pathText(operand.path)
  return `concat(${operand.concat.map(operandText).join(', ')})`
}
