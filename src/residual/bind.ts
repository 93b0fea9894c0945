import type {
  Atom,
  Conjunction,
  GuardrailResidual,
  Json,
  Literal,
  Opaque,
  Operand,
  Origin,
  Path,
  Residual,
  Some,
} from './residual.ts'
import { testAtom } from './atom.ts'
import { literalKey } from './key.ts'
import { pathText } from './residual.ts'
import { all, anyOf, negate, type Truth } from './simplify.ts'
import { valueAt } from './value.ts'

/**
 * What the numbers of the enclosing `some` literals stand for: an element of the data, with its key,
 * or the number that the literal has once those over data are gone.
 */
type Binding = { readonly key: Json; readonly value: Json } | { readonly number: number }

/**
 * The residual with the organisation's data put in. Everything that begins at `data` is gone from
 * the result: tests of data are decided, a `some` over data is written out element by element, and
 * operands are constants or paths of the event. What cannot be decided (a template whose part is no
 * string) becomes opaque. Equivalent to the residual given, for this data.
 *
 * @param data the whole data document, `{"org": {…}}`
 */
export function bindData(residual: Residual, data: Json): Residual {
  return bindResidual(residual, { data, bindings: [], depth: 0, written: undefined })
}

/**
 * `bindData` for a policy: the same list stands in many guardrails, and what it is written out to
 * becomes one object in all of them. Of several places where it was written, the first stays.
 */
export function bindGuardrails(
  guardrails: readonly GuardrailResidual[],
  data: Json,
): GuardrailResidual[] {
  const context: Context = { data, bindings: [], depth: 0, written: new Map() }
  return guardrails.map((one) => ({ ...one, residual: bindResidual(one.residual, context) }))
}

interface Context {
  readonly data: Json
  /** By number of the `some`, less one. */
  readonly bindings: readonly Binding[]
  /** Enclosing `some` literals that remain. */
  readonly depth: number
  /** What a `some` over data that stands in no other one is written out to. */
  readonly written: Map<string, Literal> | undefined
}

function bindResidual(residual: Residual, context: Context): Residual {
  if (isInPlace(context) && !residual.some(readsData)) return residual
  return anyOf(residual.map((conjunction) => bindConjunction(conjunction, context)))
}

function bindConjunction(conjunction: Conjunction, context: Context): Residual {
  if (isInPlace(context) && !readsData(conjunction)) return [conjunction]
  return all(conjunction.map((literal) => bindLiteral(literal, context)))
}

/** No `some` over data is around: the numbers of the others stay what they are. */
function isInPlace({ bindings, depth }: Context): boolean {
  return bindings.length === depth
}

function readsData(conjunction: Conjunction): boolean {
  return conjunction.some((literal) => {
    switch (literal.kind) {
      case 'atom':
        return [literal.path, ...atomPaths(literal)].some(isData)
      case 'some':
        return isData(literal.path) || literal.where.some(readsData)
      case 'not':
      case 'any':
        return literal.residual.some(readsData)
      case 'opaque':
        return literal.reads.some(isData)
    }
  })
}

function isData({ from }: Path): boolean {
  return from === 'data'
}

function bindLiteral(literal: Literal, context: Context): Literal | Truth {
  switch (literal.kind) {
    case 'atom':
      return bindAtom(literal, context)
    case 'some':
      return bindSome(literal, context)
    case 'not':
      return negate(bindResidual(literal.residual, context))
    case 'any':
      return { kind: 'any', residual: bindResidual(literal.residual, context) }
    case 'opaque':
      return bindOpaque(literal, context)
  }
}

function bindSome(literal: Some, context: Context): Literal | Truth {
  const path = bindPath(literal.path, context)
  if (!('constant' in path)) {
    const depth = context.depth + 1
    const bindings = [...context.bindings, { number: depth }]
    const where = bindResidual(literal.where, { ...context, bindings, depth })
    return where.length === 0 ? false : { kind: 'some', path: path.path, where }
  }
  return writtenOut(literal, path.constant, context)
}

function writtenOut(literal: Some, constant: Json | undefined, context: Context): Literal | Truth {
  if (typeof constant !== 'object' || constant === null) return false
  const written = context.bindings.length === 0 ? context.written : undefined
  const known = written?.get(literalKey(literal))
  if (known) return known
  const elements: Binding[] = Array.isArray(constant)
    ? constant.map((value: Json, key) => ({ key, value }))
    : Object.entries(constant).map(([key, value]) => ({ key, value }))
  const alternatives = elements.map((element) =>
    bindResidual(literal.where, { ...context, bindings: [...context.bindings, element] }),
  )
  const any: Literal = { kind: 'any', residual: anyOf(alternatives) }
  written?.set(literalKey(literal), any)
  return any
}

function bindAtom(atom: Atom, context: Context): Literal | Truth {
  const path = bindPath(atom.path, context)
  const operand = 'operand' in atom ? bindOperand(atom.operand, context) : undefined
  if (operand === 'unknown') return opaque(atom, context)
  if (operand === 'absent') return false
  if (!('constant' in path)) return { ...atom, path: path.path, ...(operand ? { operand } : {}) }
  if (path.constant === undefined) return false
  const bound = { ...atom, ...(operand ? { operand } : {}) }
  if (operand && !('constant' in operand)) return opaque(atom, context)
  return testAtom(bound, path.constant) ?? opaque(atom, context)
}

/** A path that remains, or the value that it has; undefined where it has none. */
function bindPath(
  path: Path,
  context: Context,
): { readonly path: Path } | { readonly constant: Json | undefined } {
  const { from, steps } = path
  if (from === 'event') return { path }
  if (from === 'data') return { constant: valueAt(context.data, steps) }
  const number = 'element' in from ? from.element : from.key
  const binding = context.bindings[number - 1]!
  if ('number' in binding) return { path: { from: renumbered(from, binding.number), steps } }
  return { constant: valueAt('element' in from ? binding.value : binding.key, steps) }
}

function renumbered(from: Exclude<Origin, string>, number: number): Origin {
  return 'element' in from ? { element: number } : { key: number }
}

function bindOperand(operand: Operand, context: Context): Operand | 'absent' | 'unknown' {
  if ('constant' in operand) return operand
  if ('path' in operand) {
    const bound = bindPath(operand.path, context)
    if (!('constant' in bound)) return bound
    return bound.constant === undefined ? 'absent' : { constant: bound.constant }
  }
  let text = ''
  for (const part of operand.concat) {
    const bound = bindOperand(part, context)
    if (typeof bound === 'string' || !('constant' in bound)) return 'unknown'
    if (typeof bound.constant !== 'string') return 'unknown'
    text += bound.constant
  }
  return { constant: text }
}

function bindOpaque(literal: Opaque, context: Context): Opaque {
  return { ...literal, reads: remaining(literal.reads, context) }
}

/** An atom that could not be decided. */
function opaque(atom: Atom, context: Context): Opaque {
  const paths = [atom.path, ...atomPaths(atom)]
  const text = `${atom.operator} of ${paths.map(pathText).join(', ')}`
  return { kind: 'opaque', reads: remaining(paths, context), text }
}

/** The paths that still begin in the event; data does not change any more. */
function remaining(paths: readonly Path[], context: Context): Path[] {
  return paths.flatMap((path) => {
    const bound = bindPath(path, context)
    return 'constant' in bound ? [] : [bound.path]
  })
}

/** The paths that an atom compares with. */
function atomPaths(atom: Atom): readonly Path[] {
  return 'operand' in atom ? operandPaths(atom.operand) : []
}

/** The paths that an operand looks at. */
export function operandPaths(operand: Operand): readonly Path[] {
  if ('constant' in operand) return []
  return 'path' in operand ? [operand.path] : operand.concat.flatMap(operandPaths)
}
