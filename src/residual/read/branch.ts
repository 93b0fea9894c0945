import type { Conjunction, Literal, Path, Place, Residual } from '../residual.ts'
import { hasOpaque } from '../opaque.ts'
import type { Value, Variables } from './value.ts'

/** An element that is ranged over: `some` of what stands at a path, numbered once and for all. */
export interface Range {
  readonly id: number
  readonly path: Path
  readonly location?: Place
}

/** One way in which a body may hold so far. Paths begin at elements by the numbers of their ranges. */
export interface Branch {
  readonly variables: Variables
  readonly literals: readonly Literal[]
  readonly ranges: readonly Range[]
}

/** One value of a term, and the branch in which it has it. */
export interface Fork {
  readonly value: Value
  readonly branch: Branch
}

export function startBranch(variables: Variables = undefined): Branch {
  return { variables, literals: [], ranges: [] }
}

export function bind(branch: Branch, name: string, value: Value): Branch {
  return { ...branch, variables: { name, value, rest: branch.variables } }
}

/** The branch with one more condition: none where that cannot hold. */
export function require(branch: Branch, condition: Residual): readonly Branch[] {
  if (condition.length === 0) return []
  if (condition.some((conjunction) => conjunction.length === 0)) return [branch]
  const added: Conjunction =
    condition.length === 1 ? condition[0]! : [{ kind: 'any', residual: condition }]
  return [{ ...branch, literals: [...branch.literals, ...added] }]
}

/** Says of the literals and ranges that a statement has added where it stands, unless they say so themselves. */
export function place(branch: Branch, since: Branch, location: Place | undefined): Branch {
  if (!location) return branch
  const literals = branch.literals.slice(since.literals.length)
  const ranges = branch.ranges.slice(since.ranges.length)
  if (literals.length === 0 && ranges.length === 0) return branch
  const placed = literals.map((literal) => placeLiteral(literal, location))
  const opened = ranges.map((range) => ({ location, ...range }))
  return {
    ...branch,
    literals: [...since.literals, ...placed],
    ranges: [...since.ranges, ...opened],
  }
}

/** What is not understood says where it stands by itself, since it is what people ask about. */
function placeLiteral(literal: Literal, location: Place): Literal {
  const placed = literal.location ? literal : { ...literal, location }
  if (!hasOpaque(placed)) return placed
  const inside = (residual: Residual): Residual =>
    residual.map((conjunction) => conjunction.map((inner) => placeOpaque(inner, location)))
  switch (placed.kind) {
    case 'some':
      return { ...placed, where: inside(placed.where) }
    case 'not':
    case 'any':
      return { ...placed, residual: inside(placed.residual) }
    default:
      return placed
  }
}

function placeOpaque(literal: Literal, location: Place): Literal {
  return hasOpaque(literal) ? placeLiteral(literal, location) : literal
}
