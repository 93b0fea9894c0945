import { equalJson } from './compare.ts'
import { Facts } from './facts.ts'
import { conjunctionKey, literalKey } from './key.ts'
import { hasOpaque } from './opaque.ts'
import { type RangedSome, sameElement, settle } from './read/elements.ts'
import type { Atom, Conjunction, Json, Literal, Path, Residual } from './residual.ts'
import { anyOf } from './simplify.ts'

/** More alternatives than these are compared by their keys only: the rest takes their square. */
const PAIRS_MAX = 400

/** The OR of conjunctions that are reduced themselves, with fewer of them where that is the same. */
export function combine(residual: Residual): Residual {
  let current = anyOf([residual])
  for (let before = -1; before !== current.length;) {
    if (current.length < 2 || current.length > PAIRS_MAX) return current
    before = current.length
    current = mergeSomes(mergeConstants(resolve(absorb(current))))
    if (current.some((conjunction) => conjunction.length === 0)) return [[]]
  }
  return current
}

interface Keyed {
  readonly conjunction: Conjunction
  readonly keys: ReadonlySet<string>
}

function keyed(conjunction: Conjunction): Keyed {
  return { conjunction, keys: new Set(conjunction.map(literalKey)) }
}

function isSubset(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  if (a.size > b.size) return false
  for (const key of a) if (!b.has(key)) return false
  return true
}

/** Drops alternatives that demand all that another one does, and more. */
function absorb(residual: Residual): Residual {
  const all = residual.map(keyed)
  const facts = residual.map(factsOf)
  const isAbsorbed = (i: number, j: number): boolean =>
    i !== j && all[j]!.conjunction.every((one) => follows(one, all[i]!, facts[i]!))
  const kept: Keyed[] = []
  const gone = new Set<number>()
  for (const [i, one] of all.entries()) {
    if (all.some((_, j) => !gone.has(j) && isAbsorbed(i, j))) gone.add(i)
    else kept.push(one)
  }
  return kept.map(({ conjunction }) => conjunction)
}

function factsOf(conjunction: Conjunction): Facts {
  const facts = new Facts()
  for (const literal of conjunction) facts.add(literal)
  return facts
}

function follows(literal: Literal, { keys }: Keyed, facts: Facts): boolean {
  return keys.has(literalKey(literal)) || facts.decide(literal) === true
}

/**
 * Where one alternative is `S and P`, another one that demands `S` and NOT of `P` need not demand
 * the latter; and the other way round.
 */
function resolve(residual: Residual): Residual {
  const all = residual.map(keyed)
  for (let i = 0; i < all.length; i++) {
    for (let changed = true; changed;) {
      const needless = all[i]!.conjunction.find((literal) =>
        all.some((other, j) => i !== j && isNeedless(literal, all[i]!, other)),
      )
      changed = needless !== undefined
      if (needless) all[i] = keyed(all[i]!.conjunction.filter((literal) => literal !== needless))
    }
  }
  return anyOf([all.map(({ conjunction }) => conjunction)])
}

function isNeedless(literal: Literal, { keys }: Keyed, other: Keyed): boolean {
  if (hasOpaque(literal)) return false
  const opposites = oppositeKeys(literal)
  if (!opposites || !isSubset(opposites, other.keys)) return false
  // An opaque literal does not say the same as another one, even where it looks at the same.
  return other.conjunction.every((one) => {
    const key = literalKey(one)
    return opposites.has(key) || (keys.has(key) && !hasOpaque(one))
  })
}

/** The keys of the literals that together are the opposite of one. */
function oppositeKeys(literal: Literal): ReadonlySet<string> | undefined {
  if (literal.kind !== 'not') return new Set([literalKey({ kind: 'not', residual: [[literal]] })])
  const [inner] = literal.residual
  if (literal.residual.length !== 1) return undefined
  return new Set(inner!.map(literalKey))
}

/** Alternatives that differ in what one path equals become one that says `in`. */
function mergeConstants(residual: Residual): Residual {
  return mergeBy(residual, constantsOf, (literals) => {
    const first = literals[0] as Atom
    const values = literals.flatMap((literal) => constantsOf(literal)!.values)
    const distinct = values.filter(
      (value, i) => !values.slice(0, i).some((before) => equalJson(before, value)),
    )
    if (distinct.length === 1) return first
    const { kind, path } = first
    return { kind, path, operator: 'in', operand: { constant: distinct }, ...placeOf(first) }
  })
}

function placeOf({ location }: Literal): Pick<Literal, 'location'> {
  return location ? { location } : {}
}

function constantsOf(
  literal: Literal,
): { readonly path: Path; readonly values: readonly Json[] } | undefined {
  if (literal.kind !== 'atom' || !('operand' in literal) || !('constant' in literal.operand)) return
  const { path, operator, operand } = literal
  if (operator === 'equal') return { path, values: [operand.constant] }
  if (operator !== 'in' || !Array.isArray(operand.constant)) return undefined
  return { path, values: operand.constant }
}

/** Alternatives that differ in what some element of one array is like become one. */
function mergeSomes(residual: Residual): Residual {
  return mergeBy(residual, someOf, (literals) => {
    const somes = literals as readonly RangedSome[]
    // The highest, whose element has a number that the others leave free.
    const first = somes.reduce((a, b) => (b.range < a.range ? b : a))
    const merged: RangedSome = {
      ...first,
      where: combine(somes.flatMap((some) => sameElement(some, first))),
    }
    return settle(merged)
  })
}

function someOf(literal: Literal): { readonly path: Path } | undefined {
  return literal.kind === 'some' ? { path: literal.path } : undefined
}

/** Puts alternatives together that are alike but for one literal of a kind, on the same path. */
function mergeBy(
  residual: Residual,
  kindOf: (literal: Literal) => { readonly path: Path } | undefined,
  merge: (literals: readonly Literal[]) => Literal,
): Residual {
  const left = new Map<string, Conjunction>(residual.map((one) => [conjunctionKey(one), one]))
  const groups = new Map<string, { at: string; literal: Literal }[]>()
  for (const [at, conjunction] of left) {
    for (const literal of conjunction) {
      const kind = kindOf(literal)
      if (!kind) continue
      const rest = conjunction.filter((one) => one !== literal).map(literalKey)
      const key = `${JSON.stringify(kind.path)} ${rest.sort().join('&')}`
      groups.set(key, [...(groups.get(key) ?? []), { at, literal }])
    }
  }
  for (const members of groups.values()) {
    const present = members.filter(({ at }) => left.has(at))
    if (new Set(present.map(({ at }) => at)).size < 2) continue
    const [{ at, literal }] = present as [{ at: string; literal: Literal }]
    const merged = merge(present.map((member) => member.literal))
    left.set(
      at,
      left.get(at)!.map((one) => (one === literal ? merged : one)),
    )
    for (const { at: other } of present.slice(1)) left.delete(other)
  }
  return [...left.values()]
}
