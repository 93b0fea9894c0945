import { literalKey } from './key.ts'
import type { Conjunction, Literal, Residual } from './residual.ts'

/** Writes what alternatives share once, before an `any` of what is left of them; all the way down. */
export function factor(residual: Residual): Residual {
  return factorHere(residual.map((conjunction) => conjunction.map(factorInside)))
}

function factorInside(literal: Literal): Literal {
  switch (literal.kind) {
    case 'some':
      return { ...literal, where: factor(literal.where) }
    case 'not':
    case 'any':
      return { ...literal, residual: factor(literal.residual) }
    default:
      return literal
  }
}

function factorHere(residual: Residual): Residual {
  const shared = mostShared(residual)
  if (!shared) return residual
  const has = (conjunction: Conjunction): boolean =>
    conjunction.some((literal) => literalKey(literal) === shared)
  const group = residual.filter(has)
  const common = group[0]!.filter((literal) =>
    group.every((conjunction) =>
      conjunction.some((one) => literalKey(one) === literalKey(literal)),
    ),
  )
  const keys = new Set(common.map(literalKey))
  const rests = group.map((one) => one.filter((literal) => !keys.has(literalKey(literal))))
  const inner: Literal = { kind: 'any', residual: factorHere(rests) }
  const first = residual.findIndex(has)
  const others = residual.filter((conjunction) => !has(conjunction))
  const factored = [...common, inner]
  const before = residual.slice(0, first)
  return [...before, factored, ...factorHere(others.slice(before.length))]
}

/** The literal that most alternatives have, two at least; the longest of several. */
function mostShared(residual: Residual): string | undefined {
  const counts = new Map<string, number>()
  for (const conjunction of residual) {
    for (const literal of conjunction) {
      const key = literalKey(literal)
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
  }
  let best: readonly [string, number] | undefined
  for (const [key, count] of counts) {
    if (count < 2) continue
    if (!best || count > best[1] || (count === best[1] && key.length > best[0].length))
      best = [key, count]
  }
  return best?.[0]
}
