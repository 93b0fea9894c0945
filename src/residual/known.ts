/** What is known of an event for which a residual holds. */
import { testAtom } from './atom.ts'
import { Facts } from './facts.ts'
import type { Knowledge } from './possible.ts'
import type { Atom, Conjunction, Json, Path, Residual } from './residual.ts'

/** Knowledge for `possible`: whether a literal holds wherever the residual does. */
export function knownFrom(residual: Residual): Knowledge {
  const alternatives = residual.map((conjunction) => {
    const facts = new Facts()
    for (const literal of conjunction) facts.add(literal)
    return { conjunction, facts }
  })
  return (literal) => {
    const answers = alternatives.map(
      ({ conjunction, facts }) =>
        facts.decide(literal) ??
        (literal.kind === 'atom' ? holdsForAll(literal, conjunction) : undefined),
    )
    const [first] = answers
    return answers.every((answer) => answer === first) ? first : undefined
  }
}

function holdsForAll(atom: Atom, conjunction: Conjunction): boolean | undefined {
  const answers = valuesIn(conjunction, atom.path)?.map((value) => testAtom(atom, value))
  return answers?.every((answer) => answer === answers[0]) ? answers[0] : undefined
}

/** The values of which a path has one; undefined where it may have others, or none. */
export function valuesAt(residual: Residual, path: Path): readonly Json[] | undefined {
  const each = residual.map((conjunction) => valuesIn(conjunction, path))
  return each.includes(undefined) ? undefined : [...new Set(each.flatMap((values) => values!))]
}

/** The values that a path has where some alternative says so. */
export function valuesNamed(residual: Residual, path: Path): readonly Json[] {
  return [...new Set(residual.flatMap((conjunction) => valuesIn(conjunction, path) ?? []))]
}

function valuesIn(conjunction: Conjunction, path: Path): readonly Json[] | undefined {
  for (const literal of conjunction) {
    const values =
      literal.kind === 'any'
        ? valuesAt(literal.residual, path)
        : literal.kind === 'atom'
          ? valuesOf(literal, path)
          : undefined
    if (values) return values
  }
  return undefined
}

function valuesOf(atom: Atom, path: Path): readonly Json[] | undefined {
  if (atom.operator !== 'equal' && atom.operator !== 'in') return undefined
  if (!('constant' in atom.operand)) return undefined
  if (JSON.stringify(atom.path) !== JSON.stringify(path)) return undefined
  const { constant } = atom.operand
  if (atom.operator === 'equal') return [constant]
  return Array.isArray(constant) ? (constant as readonly Json[]) : undefined
}
