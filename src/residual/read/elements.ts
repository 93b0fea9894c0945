import { operandPaths } from '../bind.ts'
import type { Literal, Operand, Path, Residual, Some } from '../residual.ts'

/** A `some` whose element has the number of its range, until `numberElements`. */
export interface RangedSome extends Some {
  readonly range: number
}

/**
 * Gives the element of a `some` that nothing around it can look at any more a number that depends on
 * nothing but what is inside: the height of the `some`, negative. Two that say the same are the same.
 */
export function settle(some: RangedSome): RangedSome {
  const range = -1 - Math.max(0, ...some.where.flat().map(heightOf))
  if (range === some.range) return some
  const names = new Map([[some.range, range]])
  const where = some.where.map((conjunction) =>
    conjunction.map((literal) => renameElements(literal, names)),
  )
  return { ...some, where, range }
}

const heights = new WeakMap<Literal, number>()

/** How many `some` stand in one another. */
function heightOf(literal: Literal): number {
  let height = heights.get(literal)
  if (height === undefined) heights.set(literal, (height = findHeight(literal)))
  return height
}

function findHeight(literal: Literal): number {
  const highest = (residual: Residual): number => Math.max(0, ...residual.flat().map(heightOf))
  switch (literal.kind) {
    case 'some':
      return 1 + highest(literal.where)
    case 'not':
    case 'any':
      return highest(literal.residual)
    default:
      return 0
  }
}

/** What a `some` says of its element, said of another one's. */
export function sameElement(some: RangedSome, as: RangedSome): Residual {
  const names = new Map([[some.range, as.range]])
  return some.where.map((one) => one.map((literal) => renameElements(literal, names)))
}

const known = new WeakMap<Literal, readonly number[]>()

/** The ranges whose elements or keys a literal looks at, those that it opens itself left out. */
export function elementsOf(literal: Literal): readonly number[] {
  let elements = known.get(literal)
  if (!elements) known.set(literal, (elements = [...new Set(findElements(literal))]))
  return elements
}

function findElements(literal: Literal): readonly number[] {
  switch (literal.kind) {
    case 'atom': {
      const operands = 'operand' in literal ? operandPaths(literal.operand) : []
      return [literal.path, ...operands].flatMap(elementsOfPath)
    }
    case 'some': {
      const { range } = literal as RangedSome
      const inner = literal.where.flat().flatMap(elementsOf)
      return [...elementsOfPath(literal.path), ...inner.filter((id) => id !== range)]
    }
    case 'not':
    case 'any':
      return literal.residual.flat().flatMap(elementsOf)
    case 'opaque':
      return literal.reads.flatMap(elementsOfPath)
  }
}

export function elementsOfPath({ from }: Path): readonly number[] {
  if (typeof from === 'string') return []
  return ['element' in from ? from.element : from.key]
}

/** The other way round: numbers the elements of a residual by the heights of their `some`. */
export function rangeElements(residual: Residual): Residual {
  return range(residual, [])
}

function range(residual: Residual, ids: readonly number[]): Residual {
  return residual.map((conjunction) => conjunction.map((literal) => rangeLiteral(literal, ids)))
}

function rangeLiteral(literal: Literal, ids: readonly number[]): Literal {
  const names = new Map(ids.map((id, i) => [i + 1, id]))
  switch (literal.kind) {
    case 'some': {
      // Free above all that is around, until what is inside is known.
      const id = 1 + Math.max(1_000_000, ...ids)
      const where = range(literal.where, [...ids, id])
      return settle({ ...literal, path: renamePath(literal.path, names), where, range: id })
    }
    case 'not':
    case 'any':
      return { ...literal, residual: range(literal.residual, ids) }
    default:
      return renameElements(literal, names)
  }
}

/** Numbers elements as residuals do: by how many `some` stand around them. */
export function numberElements(residual: Residual): Residual {
  return renumber(residual, new Map(), 0)
}

type Levels = ReadonlyMap<number, number>

function renumber(residual: Residual, levels: Levels, depth: number): Residual {
  return residual.map((conjunction) =>
    conjunction.map((literal) => renumberLiteral(literal, levels, depth)),
  )
}

function renumberLiteral(literal: Literal, levels: Levels, depth: number): Literal {
  switch (literal.kind) {
    case 'atom': {
      const path = renumberPath(literal.path, levels)
      if (!('operand' in literal)) return { ...literal, path }
      return {
        ...literal,
        path,
        operand: mapOperand(literal.operand, (at) => renumberPath(at, levels)),
      }
    }
    case 'some': {
      const { range, ...some } = literal as RangedSome
      const inner = new Map(levels).set(range, depth + 1)
      const path = renumberPath(literal.path, levels)
      return { ...some, path, where: renumber(literal.where, inner, depth + 1) }
    }
    case 'not':
    case 'any':
      return { ...literal, residual: renumber(literal.residual, levels, depth) }
    case 'opaque':
      return { ...literal, reads: literal.reads.map((path) => renumberPath(path, levels)) }
  }
}

function renumberPath(path: Path, levels: Levels): Path {
  const { from, steps } = path
  if (typeof from === 'string') return path
  if ('element' in from) return { from: { element: levels.get(from.element)! }, steps }
  return { from: { key: levels.get(from.key)! }, steps }
}

function mapOperand(operand: Operand, map: (path: Path) => Path): Operand {
  if ('constant' in operand) return operand
  if ('path' in operand) return { path: map(operand.path) }
  return { concat: operand.concat.map((part) => mapOperand(part, map)) }
}

/** Literals about elements again, about other elements: for what is remembered and used twice. */
export function renameElements(literal: Literal, names: ReadonlyMap<number, number>): Literal {
  if (elementsOf(literal).every((id) => !names.has(id))) return literal
  const inside = (residual: Residual): Residual =>
    residual.map((conjunction) => conjunction.map((inner) => renameElements(inner, names)))
  switch (literal.kind) {
    case 'atom': {
      const path = renamePath(literal.path, names)
      if (!('operand' in literal)) return { ...literal, path }
      return {
        ...literal,
        path,
        operand: mapOperand(literal.operand, (at) => renamePath(at, names)),
      }
    }
    case 'some':
      return { ...literal, path: renamePath(literal.path, names), where: inside(literal.where) }
    case 'not':
    case 'any':
      return { ...literal, residual: inside(literal.residual) }
    case 'opaque':
      return { ...literal, reads: literal.reads.map((path) => renamePath(path, names)) }
  }
}

export function renamePath(path: Path, names: ReadonlyMap<number, number>): Path {
  const { from, steps } = path
  if (typeof from === 'string') return path
  if ('element' in from)
    return { from: { element: names.get(from.element) ?? from.element }, steps }
  return { from: { key: names.get(from.key) ?? from.key }, steps }
}
