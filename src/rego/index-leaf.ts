import type { Atom, Json, Literal, Path, Residual, Some } from '../residual/residual.ts'
import { isPlainGlob } from './match-atom.ts'

/**
 * What the text of a JSON value in its usual spelling begins with exactly where the atom holds for
 * the value: any one of these. Undefined for an atom that cannot be decided this way (numbers have
 * many spellings).
 */
export function atomTexts(atom: Atom): readonly string[] | undefined {
  switch (atom.operator) {
    case 'defined':
      return ['']
    case 'type':
      return typeTexts[atom.type]
    case 'equal':
      return 'constant' in atom.operand ? scalarTexts([atom.operand.constant]) : undefined
    case 'in': {
      if (!('constant' in atom.operand)) return undefined
      const { constant } = atom.operand
      return typeof constant === 'object' && constant !== null
        ? scalarTexts(Object.values(constant))
        : []
    }
    case 'startsWith': {
      if (!('constant' in atom.operand)) return undefined
      const { constant } = atom.operand
      return typeof constant === 'string' ? [JSON.stringify(constant).slice(0, -1)] : []
    }
    case 'globMatch': {
      if (!('constant' in atom.operand)) return undefined
      const { constant } = atom.operand
      if (typeof constant !== 'string') return []
      return isPlainGlob(constant) ? scalarTexts([constant]) : undefined
    }
    default:
      return undefined
  }
}

const typeTexts = {
  null: ['n'],
  boolean: ['t', 'f'],
  number: [...'-0123456789'],
  string: ['"'],
  array: ['['],
  object: ['{'],
} as const

function scalarTexts(values: readonly Json[]): readonly string[] | undefined {
  const texts: string[] = []
  for (const value of values) {
    if (typeof value === 'number' || (typeof value === 'object' && value !== null)) return undefined
    texts.push(JSON.stringify(value))
  }
  return texts
}

/** A test of an array's elements, one by one, by what their texts begin with. */
export interface ElementTest {
  readonly texts: readonly string[]
  /** @param begun those of the texts that the element's text begins with */
  holds(begun: ReadonlySet<string>): boolean
}

/** The test that `where` makes of each element; undefined where their beginnings do not decide it. */
export function elementTest(where: Residual): ElementTest | undefined {
  const alternatives = where.map((conjunction) => conjunction.map(literalTest))
  const parts = alternatives.flat()
  if (parts.includes(undefined)) return undefined
  return {
    texts: parts.flatMap((part) => part!.texts),
    holds: (begun) => alternatives.some((all) => all.every((part) => part!.holds(begun))),
  }
}

function literalTest(literal: Literal): ElementTest | undefined {
  switch (literal.kind) {
    case 'any':
      return elementTest(literal.residual)
    case 'not': {
      const inner = elementTest(literal.residual)
      return inner && { texts: inner.texts, holds: (begun) => !inner.holds(begun) }
    }
    case 'atom': {
      const { from, steps } = literal.path
      const itself = typeof from === 'object' && 'element' in from && steps.length === 0
      return itself ? elementAtomTest(literal) : undefined
    }
    default:
      return undefined
  }
}

function elementAtomTest(atom: Atom): ElementTest | undefined {
  if (atom.operator === 'truthy') return { texts: ['false'], holds: (begun) => !begun.has('false') }
  const opposite = atom.operator === 'notEqual'
  const texts = atomTexts(opposite ? { ...atom, operator: 'equal' } : atom)
  if (!texts) return undefined
  const among = new Set(texts)
  return { texts, holds: (begun) => hasAny(begun, among) !== opposite }
}

function hasAny(few: ReadonlySet<string>, many: ReadonlySet<string>): boolean {
  for (const text of few) if (many.has(text)) return true
  return false
}

/**
 * The names from the event down to the value that a path is about: all steps up to the first array
 * index. The rest is looked for in that value.
 */
export function watchedNames(path: Path): string[] {
  const names: string[] = []
  for (const step of path.steps) {
    if (typeof step === 'number') break
    names.push(step)
  }
  return names
}

/** The same literal about the value at its first `count` names, as if that value were the event. */
export function rebase<T extends Atom | Some>(literal: T, count: number): T {
  return { ...literal, path: { from: 'event', steps: literal.path.steps.slice(count) } }
}

/** True where nothing in the residual looks at the event outside of the elements around it. */
function isRelative(residual: Residual): boolean {
  return residual.every((conjunction) => conjunction.every(isRelativeLiteral))
}

/** True for a literal that depends on the elements around it alone. */
export function isRelativeLiteral(literal: Literal): boolean {
  switch (literal.kind) {
    case 'atom':
      return (
        typeof literal.path.from === 'object' &&
        (!('operand' in literal) || 'constant' in literal.operand)
      )
    case 'some':
      return typeof literal.path.from === 'object' && isRelative(literal.where)
    case 'not':
    case 'any':
      return isRelative(literal.residual)
    case 'opaque':
      return false
  }
}
