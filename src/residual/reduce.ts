import { combine } from './combine.ts'
import { Facts } from './facts.ts'
import { factor } from './factor.ts'
import { withoutImplied } from './implied.ts'
import { literalKey } from './key.ts'
import { type RangedSome, settle } from './read/elements.ts'
import {
  type ComparingOperator,
  type Conjunction,
  type Literal,
  test,
  type Residual,
} from './residual.ts'
import { negate, type Truth } from './simplify.ts'

/**
 * The same condition, said shorter: what follows from the rest is dropped, alternatives that differ
 * in one literal are put together, and what alternatives share stands once, before an `any`.
 */
export function reduce(residual: Residual): Residual {
  // What alternatives share is put before them first, while it still stands in each of them: later
  // it is gone from those where something narrower says it too.
  return factor(reduceWithin(factor(residual.map(withoutEvident)), new Facts()))
}

/** Drops what the rest of a conjunction implies by looking at something: that it is there, its type. */
function withoutEvident(conjunction: Conjunction): Conjunction {
  const facts = new Facts()
  for (const literal of conjunction) if (weight(literal) < EVIDENT) facts.add(literal)
  return conjunction.filter((literal) => {
    const isEvident = weight(literal) >= EVIDENT && literal.kind === 'atom'
    return !isEvident || facts.decide(literal) !== true
  })
}

/** The weight of atoms that say that something is there, or of what type. */
const EVIDENT = 3

function reduceWithin(residual: Residual, around: Facts): Residual {
  return combine(residual.flatMap((conjunction) => reduceConjunction(conjunction, around)))
}

/** One conjunction, several where an `any` was all that is left, none where it cannot hold. */
function reduceConjunction(conjunction: Conjunction, around: Facts): Residual {
  const facts = new Facts(around)
  const kept = new Map<number, Literal>()
  let spread: Residual | undefined
  const literals = mergeOpaque(distinct(conjunction))
  for (const [at, literal] of inOrderOfWeight(literals)) {
    const left = reduceLiteral(literal, facts)
    if (left === false) return []
    if (left === true) continue
    if (left.kind === 'any' && left.residual.length === 1) {
      return reduceConjunction(literals.toSpliced(at, 1, ...left.residual[0]!), around)
    }
    if (left.kind === 'any' && literals.length === 1) spread = left.residual
    facts.add(left)
    kept.set(at, left)
  }
  if (spread) return spread
  const ordered = [...kept].sort(([a], [b]) => a - b).map(([, literal]) => literal)
  return [turned(withoutImplied(ordered))]
}

function distinct(conjunction: Conjunction): Conjunction {
  const byKey = new Map<string, Literal>()
  for (const literal of conjunction) {
    const key = literalKey(literal)
    if (!byKey.has(key)) byKey.set(key, literal)
  }
  return byKey.size === conjunction.length ? conjunction : [...byKey.values()]
}

/** Those that say most come first, so that the others are seen to follow from them. */
function inOrderOfWeight(literals: Conjunction): readonly (readonly [number, Literal])[] {
  return [...literals.entries()].sort(([, a], [, b]) => weight(a) - weight(b))
}

function weight(literal: Literal): number {
  switch (literal.kind) {
    case 'atom':
      if (literal.operator === 'equal') return 'constant' in literal.operand ? 0 : 1
      return { truthy: 3, type: 3, defined: 4 }[literal.operator as string] ?? 2
    case 'not':
      return isSimple(literal) ? 6 : 7
    case 'some':
      // Says that something is defined.
      return 2.5
    case 'any':
      return 8
    case 'opaque':
      return 9
  }
}

function isSimple({ residual }: Extract<Literal, { kind: 'not' }>): boolean {
  return residual.length === 1 && residual[0]!.length === 1
}

function reduceLiteral(literal: Literal, facts: Facts): Literal | Truth {
  const known = facts.decide(literal)
  if (known !== undefined) return known
  const left = reduceInside(literal, facts)
  return typeof left === 'boolean' ? left : (facts.decide(left) ?? left)
}

function reduceInside(literal: Literal, facts: Facts): Literal | Truth {
  const { location } = literal
  const placed = location ? { location } : {}
  switch (literal.kind) {
    case 'some': {
      const where = reduceWithin(literal.where, facts)
      return where.length === 0 ? false : settle({ ...(literal as RangedSome), where })
    }
    case 'any': {
      const residual = reduceWithin(literal.residual, facts)
      if (residual.length === 0) return false
      if (residual.some((conjunction) => conjunction.length === 0)) return true
      return { kind: 'any', residual, ...placed }
    }
    case 'not': {
      const left = negate(reduceWithin(literal.residual, facts))
      if (typeof left === 'boolean' || left.kind !== 'not') return left
      const only = isSimple(left) ? left.residual[0]![0]! : undefined
      if (only?.kind === 'not') return { kind: 'any', residual: only.residual, ...placed }
      if (only?.kind === 'any') return { kind: 'not', residual: only.residual, ...placed }
      return { ...left, ...placed }
    }
    default:
      return literal
  }
}

/** Of what is not understood in one place is only known that it may hold: one literal says so. */
function mergeOpaque(conjunction: Conjunction): Conjunction {
  const opaque = conjunction.filter((literal) => literal.kind === 'opaque')
  if (opaque.length < 2) return conjunction
  const [first] = opaque
  const reads = new Map(
    opaque.flatMap((one) => one.reads).map((path) => [JSON.stringify(path), path]),
  )
  const merged: Literal = { ...first!, reads: [...reads.values()] }
  return conjunction.flatMap((literal): readonly Literal[] => {
    if (literal === first) return [merged]
    return literal.kind === 'opaque' ? [] : [literal]
  })
}

/** `defined` and NOT of `equal` are `notEqual`; and the other way round. */
function turned(conjunction: Conjunction): Conjunction {
  const present = new Set(
    conjunction.flatMap((literal) =>
      literal.kind === 'atom' && literal.operator === 'defined' ? [literalKey(literal)] : [],
    ),
  )
  if (present.size === 0) return conjunction
  const replaced = new Set<string>()
  const literals = conjunction.map((literal) => {
    if (literal.kind !== 'not' || !isSimple(literal)) return literal
    const inner = literal.residual[0]![0]!
    if (inner.kind !== 'atom' || !('operand' in inner) || !('constant' in inner.operand))
      return literal
    const operator = TURNED[inner.operator]
    const key = literalKey(test(inner.path, 'defined'))
    if (!operator || !present.has(key)) return literal
    replaced.add(key)
    const { location } = literal
    const { path, operand } = inner
    return { kind: 'atom' as const, path, operator, operand, ...(location ? { location } : {}) }
  })
  return literals.filter((literal) => !replaced.has(literalKey(literal)))
}

const TURNED: Readonly<Record<string, ComparingOperator>> = { equal: 'notEqual', notEqual: 'equal' }
