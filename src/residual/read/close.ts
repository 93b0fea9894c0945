import type { Conjunction, Literal } from '../residual.ts'
import type { Branch, Range } from './branch.ts'
import { elementsOf, elementsOfPath, type RangedSome, settle } from './elements.ts'

/**
 * Ends the ranges of a branch: each becomes a `some` around the literals that look at its element
 * and nothing else, so that conditions on different elements stay independent.
 */
export function close({ literals, ranges }: Branch): Conjunction {
  return nest(literals, ranges)
}

function nest(literals: readonly Literal[], ranges: readonly Range[]): Conjunction {
  if (ranges.length === 0) return literals
  const ids = new Set(ranges.map(({ id }) => id))
  const isFree = (literal: Literal): boolean => !elementsOf(literal).some((id) => ids.has(id))
  const nested = groups(
    literals.filter((literal) => !isFree(literal)),
    ranges,
  ).map((group): RangedSome => {
    // Ranges are in the order in which they were opened, so the first depends on none of the rest.
    const [outer, ...inner] = group.ranges
    const { id, path, location } = outer!
    const where = [nest(group.literals, inner)]
    return settle({ kind: 'some', path, where, range: id, ...(location ? { location } : {}) })
  })
  return [...literals.filter(isFree), ...nested]
}

interface Group {
  readonly ranges: Range[]
  readonly literals: Literal[]
}

/** Ranges that share a literal, or of which one ranges over a part of the other's element. */
function groups(literals: readonly Literal[], ranges: readonly Range[]): readonly Group[] {
  const groupOf = new Map<number, Group>()
  for (const range of ranges) {
    const group: Group = { ranges: [range], literals: [] }
    groupOf.set(range.id, group)
    join(groupOf, [range.id, ...elementsOfPath(range.path)])
  }
  for (const literal of literals) join(groupOf, elementsOf(literal))
  for (const literal of literals) {
    const id = elementsOf(literal).find((element) => groupOf.has(element))!
    groupOf.get(id)!.literals.push(literal)
  }
  return [...new Set(groupOf.values())]
}

function join(groupOf: Map<number, Group>, ids: readonly number[]): void {
  const joined = [...new Set(ids.flatMap((id) => groupOf.get(id) ?? []))]
  if (joined.length < 2) return
  const ranges = joined.flatMap((group) => group.ranges).sort((a, b) => a.id - b.id)
  const group: Group = { ranges, literals: [] }
  for (const { id } of ranges) groupOf.set(id, group)
}
