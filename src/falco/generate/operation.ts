/**
 * One operation of a JSON patch, `{"op":"add","path":"/spec","value":…}`, as a pattern for the text of
 * the whole patch. Which of the operations with a value it is cannot be told where the value is an
 * object, so guardrails must not ask.
 */
import type { Atom, Json } from '../../residual/residual.ts'
import type { FieldExpr } from '../condition/ast.ts'
import { isFlat, isInMap, isOwnKey, type Shape, shapeAt, type Way } from './bodies.ts'
import { checked } from './constant.ts'
import { VALUE_OPERATIONS } from './coverage.ts'
import { compared, or, type Term } from './expr.ts'
import { Inexpressible, TooLong } from './inexpressible.ts'
import {
  ANY,
  anywhere,
  BEFORE_ELEMENT,
  BETWEEN,
  BETWEEN_OBJECTS,
  betweenElements,
  choice,
  inAnyOrder,
  mayBeText,
  stringPattern,
  textPattern,
  valuePattern,
} from './json-text.ts'
import { type NamedMember, namedMember } from './look.ts'
import type { Part } from './parts.ts'

/** An operation's parts by its members. */
export interface Operation {
  /** Empty where any operation with a value will do. */
  readonly op: readonly Atom[]
  /** One of these: each is what is asked of one pointer. */
  readonly paths: readonly (readonly Atom[])[]
  /** Ways begin at the value. */
  readonly value: readonly Part[]
  /** The value is an object that holds none. */
  readonly isFlat?: true
  /** A condition may hold for more. */
  readonly isWider?: true
}

/** Undefined for what is no test of an operation. */
export function operationOf(parts: readonly Part[]): Operation | undefined {
  const of = (name: string): Part[] =>
    parts.flatMap((part) => (part.way[0] === name ? [{ ...part, way: part.way.slice(1) }] : []))
  const [op, path, value] = [of('op'), of('path'), of('value')]
  if (op.length + path.length + value.length < parts.length) return undefined
  if ([...op, ...path].some(({ way, isKey }) => way.length > 0 || isKey)) return undefined
  const atoms = op.map(({ atom }) => atom)
  return {
    op: value.length > 0 && atoms.every(isAnyWithValue) ? [] : atoms,
    paths: [path.map(({ atom }) => atom)],
    value,
  }
}

/** Operations that differ in their paths alone, put together. */
export function joinPaths(operations: readonly Operation[]): readonly Operation[] {
  const joined = new Map<string, Operation>()
  for (const operation of operations) {
    const { op, paths, value } = operation
    const isScalar = value.length === 0 || scalarPattern(value) !== undefined
    const parts = value.map(({ way, atom }) => [way, valuePattern(atom)])
    const key = isScalar ? JSON.stringify([op, parts]) : JSON.stringify(operation)
    const known = joined.get(key)
    joined.set(key, known ? { ...known, paths: [...known.paths, ...paths] } : operation)
  }
  return [...joined.values()]
}

function isAnyWithValue(atom: Atom): boolean {
  if (atom.operator !== 'in' || !('constant' in atom.operand)) return false
  const { constant } = atom.operand
  return Array.isArray(constant) && VALUE_OPERATIONS.every((op) => constant.includes(op))
}

/**
 * A condition that holds for a patch with such an operation.
 *
 * @throws Inexpressible
 */
export function operationTerm(patch: FieldExpr, operation: Operation): Term {
  try {
    return written(patch, operation)
  } catch (error) {
    const halves = error instanceof TooLong ? halvesOf(operation) : undefined
    if (!halves) throw error
    return or(halves.map((half) => operationTerm(patch, half)))
  }
}

/** An operation with one of many paths or values, as two with one of half as many. */
function halvesOf(operation: Operation): readonly Operation[] | undefined {
  const { paths, value } = operation
  if (paths.length > 1) return halves(paths).map((half) => ({ ...operation, paths: half }))
  const at = value.findIndex(({ atom }) => choicesOf(atom).length > 1)
  if (at < 0) return undefined
  const part = value[at]!
  return halves(choicesOf(part.atom)).map((constant) => {
    const atom = { ...part.atom, operand: { constant } } as Atom
    return { ...operation, value: value.with(at, { ...part, atom }) }
  })
}

function halves<T>(all: readonly T[]): readonly (readonly T[])[] {
  const middle = Math.ceil(all.length / 2)
  return [all.slice(0, middle), all.slice(middle)]
}

function choicesOf(atom: Atom): readonly Json[] {
  if (atom.operator !== 'in' || !('constant' in atom.operand)) return []
  return Array.isArray(atom.operand.constant) ? (atom.operand.constant as readonly Json[]) : []
}

function written(patch: FieldExpr, operation: Operation): Term {
  const { op, paths, value } = operation
  const members = [
    ...op.map((atom) => `"op":${valuePattern(atom)}`),
    ...(paths[0]!.length > 0 ? [`"path":${stringPattern(choice(paths.map(pathPattern)))}`] : []),
  ]
  const scalar = value.length === 0 ? [] : scalarPattern(value)
  if (operation.isWider) return matches(patch, members)
  if (scalar) {
    const isTextual = scalar.every((member) => mayBeText(member.slice(VALUE.length)))
    const isTold = op.length > 0 || (members.length > 0 && scalar.length > 0)
    const all = [...(isTextual && !isTold ? [ANY_OP] : []), ...members, ...scalar]
    if (!isFlatOperation({ op, paths, value }))
      throw new Inexpressible('an operation whose value may be an object')
    const before = isTextual ? BEFORE_MEMBER : ''
    return matches(
      patch,
      inAnyOrder(all, (inner) => before + inner),
    )
  }
  if (members.length !== 1) throw new Inexpressible('the kind of an operation beside its value')
  const [path] = members
  const { open, close, between, members: inside } = objectOf(operation)
  const begin = `${VALUE}${open}${between}`
  return matches(patch, [
    ...inAnyOrder(inside, (inner) => path! + BETWEEN + begin + inner),
    ...inAnyOrder(inside, (inner) => begin + inner + between + close + BETWEEN + path!),
  ])
}

/** Something in the patch matches one of these patterns. */
function matches(patch: FieldExpr, patterns: readonly string[]): Term {
  return or(patterns.map((pattern) => compared(patch, 'regex', checked(anywhere(pattern)))))
}

/** Whatever the value is, no object stands between the other members. */
function isFlatOperation({ op, paths, value }: Operation): boolean {
  if (value.some(({ atom }) => atom.operator !== 'defined' && !isNotNull(atom))) return true
  const ops = op.flatMap((atom): readonly Json[] =>
    atom.operator === 'equal' ? [constantOf(atom) ?? ''] : choicesOf(atom),
  )
  if (ops.length > 0 && !ops.some((one) => VALUE_OPERATIONS.includes(String(one)))) return true
  return paths.every((path) => {
    const place = placeOf(path)
    return place !== undefined && (isScalar(shapeAt(place)) || isInMap(place))
  })
}

/** A scalar, or an array of scalars. */
function isScalar(shape: Shape | undefined): boolean {
  return (
    typeof shape === 'string' ||
    (typeof shape === 'object' && 'items' in shape && isScalar(shape.items))
  )
}

function isNotNull(atom: Atom): boolean {
  return atom.operator === 'notEqual' && constantOf(atom) === null
}

function constantOf(atom: Atom): Json | undefined {
  return 'operand' in atom && 'constant' in atom.operand ? atom.operand.constant : undefined
}

const VALUE = '"value":'

/**
 * What stands before a member of an operation that a map of texts may have too: an operation is an
 * element of an array, which no such map is. No other elements have both a path and a value, or an op.
 */
const BEFORE_MEMBER = `[[,]\\{${BETWEEN}`

const ANY_OP = `"op":"[a-z]+"`

/** Undefined where the value is an object, or an array of objects. */
function scalarPattern(parts: readonly Part[]): readonly string[] | undefined {
  const [only, ...more] = parts
  if (more.length > 0 || only!.isKey || only!.way.some((step) => step !== null)) return undefined
  const { atom } = only!
  // What holds objects cannot be passed over on the way to another member.
  if (atom.operator === 'type' && (atom.type === 'object' || atom.type === 'array'))
    return undefined
  const value = valuePattern(atom)
  if (only!.way.length === 0) return [`${VALUE}${value}`]
  if (only!.way.length > 1) return undefined
  return [`${VALUE}\\[${value === '' ? stringPattern(ANY) : BEFORE_ELEMENT + value}`]
}

interface PatchedObject {
  /** Of the object, or of the array that it is an element of. */
  readonly open: string
  readonly close: string
  /** From one of its members to another, or to its beginning or end. */
  readonly between: string
  /** Patterns of what is asked for. */
  readonly members: readonly string[]
}

/** An object or an array of objects, by the place where the patch puts it. */
function objectOf({ paths, value, isFlat: isKnownFlat }: Operation): PatchedObject {
  const place = placeOf(paths[0]!)
  const member = namedMember(value)
  if (!member && value.every(({ way }) => way[0] === null)) {
    const shape = place && shapeAt([...place, null])
    if (!isFlat(shape) && !hasOwnKey(shape, value)) throw holdsObjects()
    const between = betweenElements([shape])
    return { open: '\\[', close: '\\]', between, members: membersOf(value, 1) }
  }
  const between = betweenMembers(place && shapeAt(place), value, isKnownFlat)
  const members = member ? [mapPattern(member)] : membersOf(value, 0)
  return { open: '\\{', close: '\\}', between, members }
}

function betweenMembers(
  shape: Shape | undefined,
  parts: readonly Part[],
  isKnownFlat: true | undefined,
): string {
  if (isFlat(shape) || isKnownFlat) return BETWEEN
  if (hasOwnKey(shape, parts)) return BETWEEN_OBJECTS
  throw holdsObjects()
}

/** One thing is asked, of a member whose name stands nowhere further inside. */
function hasOwnKey(shape: Shape | undefined, [only, ...more]: readonly Part[]): boolean {
  return more.length === 0 && isOwnKey(shape, String(only!.way.at(-1)))
}

function holdsObjects(): Inexpressible {
  return new Inexpressible('a part of a value that holds objects')
}

function mapPattern({ way, pattern }: NamedMember): string {
  if (way.length !== 1) throw holdsObjects()
  return pattern
}

function membersOf(parts: readonly Part[], depth: number): readonly string[] {
  return parts.map(({ way, atom, isKey }) => {
    if (way.length !== depth + 1 || isKey) throw holdsObjects()
    return `"${textPattern(String(way[depth]))}":${valuePattern(atom)}`
  })
}

/**
 * Where a pointer leads, as far as it is known: `/subjects`, what begins with `/subjects/`, and of that
 * what ends with `/name`.
 */
export function placeOf(path: readonly Atom[]): Way | undefined {
  const begin = textOf(path, 'startsWith')
  const end = textOf(path, 'endsWith')
  const whole = textOf(path, 'equal')
  if (whole !== undefined) return path.length === 1 ? stepsOf(whole) : undefined
  if (begin === undefined || !begin.endsWith('/')) return undefined
  const list: Way = [...stepsOf(begin).slice(0, -1), null]
  if (path.length === 1) return list
  return path.length === 2 && end !== undefined && /^\/[^/]+$/.test(end)
    ? [...list, ...stepsOf(end)]
    : undefined
}

function textOf(path: readonly Atom[], operator: string): string | undefined {
  const atom = path.find((one) => one.operator === operator)
  const constant = atom && constantOf(atom)
  return typeof constant === 'string' ? constant : undefined
}

function stepsOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** No name in a pointer has a quote. */
const ANY_NAMES = '[^"]*'

/** A pointer of which all of this is asked: its beginning, what it contains, its end. */
function pathPattern(path: readonly Atom[]): string {
  const [only, ...more] = path
  if (more.length === 0 && !(only!.operator in AFFIXES))
    return valuePattern(only!).replace(/^"(.*)"$/, '$1')
  const text = (operator: string): readonly string[] =>
    path.flatMap((atom) =>
      atom.operator === operator && 'operand' in atom && 'constant' in atom.operand
        ? [textPattern(String(atom.operand.constant))]
        : [],
    )
  const [begins, contains, ends] = [text('startsWith'), text('contains'), text('endsWith')]
  if (begins.length > 1 || ends.length > 1 || path.some(({ operator }) => !(operator in AFFIXES)))
    throw new Inexpressible('several conditions on one path')
  return [begins[0] ?? '', ...contains, ends[0] ?? ''].join(ANY_NAMES)
}

const AFFIXES: Readonly<Record<string, true>> = { startsWith: true, contains: true, endsWith: true }
