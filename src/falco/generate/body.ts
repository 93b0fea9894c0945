/** What a request writes, by names that tell wherever they stand in its body, and by JSON patches. */
import type { Facts } from '../../residual/facts.ts'
import { literalKey } from '../../residual/key.ts'
import {
  type Atom,
  type Conjunction,
  eventPath,
  type Literal,
  type Residual,
  type Some,
} from '../../residual/residual.ts'
import type { Way } from './bodies.ts'
import { coversObjects, coversPatches } from './coverage.ts'
import { found } from './element-text.ts'
import { and, compared, or, type Term } from './expr.ts'
import { pointerField } from './fields.ts'
import { Inexpressible } from './inexpressible.ts'
import { type Look, lookOf, looksAtText } from './look.ts'
import { joinPaths, type Operation, operationOf, operationTerm, placeOf } from './operation.ts'
import { alternatives, anyElement, lacksRequired, type Leave, type Part, partsOf } from './parts.ts'

const BODY = pointerField(['requestObject'])

/** Alternatives said by looks into the whole body, and those that are left. */
export interface Looked {
  readonly terms: readonly Term[]
  readonly left: Residual
}

/**
 * Finds alternatives about an object and about JSON patches that together say that a name stands
 * somewhere in the body.
 *
 * @param resources of the requests; undefined for any
 */
export function lookIntoBody(
  residual: Residual,
  resources: readonly string[] | undefined,
  leave: Leave,
): Looked {
  const patches = residual.filter(isPatch)
  if (patches.length === 0) return { terms: [], left: residual }
  const variants = patches.flatMap((conjunction) =>
    variantsOf(patchOf(conjunction)!, resources, leave),
  )
  const looks = looksOf(
    variants,
    (look) => coversObjects(residual, look) && coversPatches(residual, look),
  )
  const objects = residual.filter((conjunction) => !isPatch(conjunction)).flatMap(single)
  const isSaid = (look: Look | undefined): boolean =>
    look !== undefined && looks.has(look.patterns.join())
  return {
    terms: [
      ...[...looks.values()].map((look) => lookTerm(look)),
      ...variantTerms(unsaid(variants, looks), leave),
    ],
    left: objects.filter((conjunction) => !isSaid(lookAt(conjunction, resources, leave))),
  }
}

/**
 * A condition about the operations of a JSON patch.
 *
 * @param facts what holds besides
 * @throws Inexpressible
 */
export function patchTerm(
  patch: Some,
  resources: readonly string[] | undefined,
  facts: Facts,
  leave: Leave,
): Term {
  const variants = variantsOf(patch, resources, leave)
  const looks = looksOf(variants, (look) => coversPatches([[patch]], look))
  const inValues = or([...looks.values()].map((look) => lookTerm(look)))
  const isArray = facts.decide(ARRAY_BODY) === true || compared(BODY, 'startswith', '[')
  return or([and([isArray, inValues]), ...variantTerms(unsaid(variants, looks), leave)])
}

export function isPatchLiteral(literal: Literal): literal is Some {
  return (
    literal.kind === 'some' &&
    literal.path.from === 'event' &&
    literal.path.steps.length === 1 &&
    literal.path.steps[0] === 'requestObject'
  )
}

/** Operations of a patch, and nothing besides but that it is one. */
function isPatch(conjunction: Conjunction): boolean {
  return patchOf(conjunction) !== undefined
}

function patchOf(conjunction: Conjunction): Some | undefined {
  const others = conjunction.filter((literal) => !isVerbPatch(literal) && !isArrayBody(literal))
  return others.length === 1 && isPatchLiteral(others[0]!) ? others[0] : undefined
}

const ARRAY_BODY: Atom = {
  kind: 'atom',
  path: eventPath('requestObject'),
  operator: 'type',
  type: 'array',
}

/** What is asked of operations holds for no object. */
function isArrayBody(literal: Literal): boolean {
  return literalKey(literal) === literalKey(ARRAY_BODY)
}

/** A body that is an array is a JSON patch, so that the verb says nothing more. */
function isVerbPatch(literal: Literal): boolean {
  return (
    literal.kind === 'atom' &&
    literal.path.from === 'event' &&
    literal.path.steps.join() === 'verb' &&
    literal.operator === 'equal' &&
    'constant' in literal.operand &&
    literal.operand.constant === 'patch'
  )
}

interface Variant {
  readonly operation: Operation
  /** It finds all that the operation may have. */
  readonly look: Look | undefined
  /** Or these do, but for a value that is an object and holds none. */
  readonly texts: readonly Look[]
  readonly literal: Literal
}

function variantsOf(
  patch: Some,
  resources: readonly string[] | undefined,
  leave: Leave,
): readonly Variant[] {
  return alternatives(patch.where).flatMap((conjunction) => {
    const { parts, others } = partsOf(conjunction, leave)
    const operation = others.length === 0 ? operationOf(parts) : undefined
    if (!operation) throw new Inexpressible('a JSON patch beside other conditions', patch)
    const { op, paths, value } = operation
    if (lacksRequired(value, placeOf(paths[0]!))) return []
    if (parts.some(({ isAbsent }) => isAbsent))
      throw new Inexpressible('what a value does not have', patch)
    const isAny = op.length === 0 && value.length > 0
    const look = isAny ? lookOf(value, resources) : undefined
    const texts = isAny && !look ? looksAtText(value, resources) : []
    const literal = conjunction.find(({ location }) => location) ?? patch
    return { operation, look, texts, literal }
  })
}

/** Looks of variants by their patterns, those that find no more than is asked for. */
function looksOf(
  variants: readonly Variant[],
  covers: (look: Look) => boolean,
): ReadonlyMap<string, Look> {
  const all = variants.flatMap(({ look, texts }) => (look ? [look] : texts))
  const byPatterns = new Map(all.map((look) => [look.patterns.join(), look]))
  return new Map([...byPatterns].filter(([, look]) => covers(look)))
}

function lookTerm({ patterns }: Look): Term {
  return or(patterns.map((pattern) => found(BODY, { pattern })))
}

/** What the looks leave of variants. */
function unsaid(
  variants: readonly Variant[],
  looks: ReadonlyMap<string, Look>,
): readonly Variant[] {
  return variants.flatMap((variant) => {
    const { operation, look, texts } = variant
    if (look && looks.has(look.patterns.join())) return []
    if (texts.length === 0 || !texts.every(({ patterns }) => looks.has(patterns.join())))
      return [variant]
    const isNamed = operation.value.every(({ way }) => way.length > 1)
    return isNamed ? [] : [{ ...variant, operation: { ...operation, isFlat: true } }]
  })
}

function variantTerms(variants: readonly Variant[], leave: Leave): readonly Term[] {
  const operations = variants.map((variant) => expressible(variant, leave))
  return joinPaths(operations).map((operation) => operationTerm(BODY, operation))
}

/** Where a value cannot be asked for, its place is enough for a condition that may hold for more. */
function expressible({ operation, literal }: Variant, leave: Leave): Operation {
  try {
    operationTerm(BODY, operation)
    return operation
  } catch (error) {
    if (!(error instanceof Inexpressible)) throw error
    const placed = error.place ? error : new Inexpressible(error.message, literal)
    if (!leave || operation.paths[0]!.length === 0) throw placed
    leave(placed)
    return { ...operation, op: [], value: [], isWider: true }
  }
}

/** A `some` whose element may be one of several is that many alternatives. */
function single(conjunction: Conjunction): readonly Conjunction[] {
  const [only, ...more] = conjunction
  if (only?.kind !== 'some' || more.length > 0) return [conjunction]
  return alternatives(only.where).map((where) => [{ ...only, where: [where] }])
}

/** What one alternative about an object asks for. */
function lookAt(
  conjunction: Conjunction,
  resources: readonly string[] | undefined,
  leave: Leave,
): Look | undefined {
  const [only, ...more] = conjunction
  if (more.length > 0 || (only?.kind !== 'atom' && only?.kind !== 'some')) return undefined
  const { from, steps } = only.path
  if (from !== 'event' || steps[0] !== 'requestObject' || steps.length < 2) return undefined
  const parts = partsOfBody(only, steps.slice(1), leave)
  return parts.some(({ isAbsent }) => isAbsent) ? undefined : lookOf(parts, resources)
}

/** @param way from the body to what the literal is about */
function partsOfBody(literal: Atom | Some, way: Way, leave: Leave): readonly Part[] {
  if (literal.kind === 'atom') return [{ way, atom: literal, isKey: false }]
  const { parts, others } = partsOf(literal.where[0]!, leave, 1, [...way, null])
  if (others.length > 0) return []
  return parts.length > 0 ? parts : [anyElement(literal, [...way, null])]
}
