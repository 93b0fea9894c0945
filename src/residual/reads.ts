import { operandPaths } from './bind.ts'
import { type Literal, type Path, pathText, type Residual } from './residual.ts'

/**
 * The paths that decide whether the residual holds, each once, in no particular order. Those that
 * begin at an element are left out: the path of its `some` is in the list and covers it. So does a
 * path cover everything below it.
 */
export function pathsRead(residual: Residual): readonly Path[] {
  const found = new Map<string, Path>()
  const add = (path: Path): void => {
    if (typeof path.from === 'string') found.set(pathText(path), path)
  }
  for (const conjunction of residual) for (const literal of conjunction) visit(literal, add)
  return [...found.values()]
}

function visit(literal: Literal, add: (path: Path) => void): void {
  switch (literal.kind) {
    case 'atom':
      add(literal.path)
      if ('operand' in literal) operandPaths(literal.operand).forEach(add)
      return
    case 'some':
      add(literal.path)
      return literal.where.flat().forEach((inner) => visit(inner, add))
    case 'not':
    case 'any':
      return literal.residual.flat().forEach((inner) => visit(inner, add))
    case 'opaque':
      return literal.reads.forEach(add)
  }
}
