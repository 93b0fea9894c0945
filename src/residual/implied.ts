import { operandPaths } from './bind.ts'
import type { Conjunction, Literal, Path, Residual, TypeName } from './residual.ts'
import { test } from './residual.ts'
import { literalKey } from './key.ts'

const known = new WeakMap<Literal, ReadonlySet<string>>()

/** Keys of the atoms that say of a path that something is there, which follow from a literal. */
function presence(literal: Literal): ReadonlySet<string> {
  let paths = known.get(literal)
  if (!paths) known.set(literal, (paths = new Set(findPresence(literal))))
  return paths
}

function findPresence(literal: Literal): readonly string[] {
  switch (literal.kind) {
    case 'atom':
      return [literal.path, ...('operand' in literal ? operandPaths(literal.operand) : [])].flatMap(
        prefixKeys,
      )
    case 'some':
      return [...prefixKeys(literal.path), ...common(literal.where)]
    case 'any':
      return common(literal.residual)
    default:
      return []
  }
}

function prefixKeys({ from, steps }: Path): readonly string[] {
  const lengths = Array.from({ length: steps.length + 1 }, (_, i) => i)
  return lengths.map((length) =>
    literalKey(test({ from, steps: steps.slice(0, length) }, 'defined')),
  )
}

/** What follows from each of the alternatives. */
function common(residual: Residual): readonly string[] {
  const [first, ...rest] = residual.map(
    (conjunction) => new Set(conjunction.flatMap((literal) => [...presence(literal)])),
  )
  return first ? [...first].filter((key) => rest.every((other) => other.has(key))) : []
}

/** Drops what follows from the other literals: that something is there, that it is of some type. */
export function withoutImplied(conjunction: Conjunction): Conjunction {
  let left = conjunction
  for (const literal of conjunction) {
    const others = left.filter((other) => other !== literal)
    if (isImplied(literal, others)) left = others
  }
  return left
}

function isImplied(literal: Literal, others: Conjunction): boolean {
  if (literal.kind === 'atom' && literal.operator === 'defined') {
    const key = literalKey(literal)
    return others.some((other) => presence(other).has(key))
  }
  const types = typesOf(literal)
  return types !== undefined && others.some((other) => hasType(other, types))
}

interface Types {
  readonly path: string
  readonly types: ReadonlySet<TypeName>
}

/** The types of which one path has one. */
function typesOf(literal: Literal): Types | undefined {
  if (literal.kind !== 'any') return undefined
  const atoms = literal.residual.map((conjunction) =>
    conjunction.length === 1 ? conjunction[0]! : undefined,
  )
  const types = atoms.map((atom) =>
    atom?.kind === 'atom' && atom.operator === 'type' ? atom : undefined,
  )
  const paths = new Set(types.map((atom) => atom && JSON.stringify(atom.path)))
  if (types.includes(undefined) || paths.size !== 1) return undefined
  return { path: [...paths][0]!, types: new Set(types.map((atom) => atom!.type)) }
}

/** A literal holds only where the path has one of the types. */
function hasType(literal: Literal, wanted: Types): boolean {
  switch (literal.kind) {
    case 'atom':
      return (
        literal.operator === 'type' &&
        JSON.stringify(literal.path) === wanted.path &&
        wanted.types.has(literal.type)
      )
    case 'some':
      return (
        JSON.stringify(literal.path) === wanted.path &&
        wanted.types.has('array') &&
        wanted.types.has('object')
      )
    case 'any':
      return (
        // One that says the same says no more.
        typesOf(literal) === undefined &&
        literal.residual.every((conjunction) => conjunction.some((one) => hasType(one, wanted)))
      )
    default:
      return false
  }
}
