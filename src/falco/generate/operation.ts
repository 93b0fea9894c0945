/**
 * One operation of a JSON patch, `{"op":"add","path":"/spec","value":…}`, as a pattern for the text of
 * the whole patch. Which of the operations with a value it is cannot be told where the value is an
 * object, so guardrails must not ask.
 */
import type { Atom, Json } from '../../residual/residual.ts'
import type { FieldExpr } from '../condition/ast.ts'
import { isFlat, isInMap, type Shape, shapeAt, type Way } from './bodies.ts'
import { checked, isShort } from './constant.ts'
import { VALUE_OPERATIONS } from './coverage.ts'
import { compared, or, type Term } from './expr.ts'
import { Inexpressible, TooLong } from './inexpressible.ts'
import {
  ANY,
  BEFORE_ELEMENT,
  BEFORE_OBJECT,
  BETWEEN,
  choice,
  repeated,
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

function written(patch: FieldExpr, { op, paths, value }: Operation): Term {
  const members = [
    ...op.map((atom) => `"op":${valuePattern(atom)}`),
    ...(paths[0]!.length > 0 ? [`"path":${stringPattern(choice(paths.map(pathPattern)))}`] : []),
  ]
  const scalar = value.length === 0 ? [] : scalarPattern(value)
  if (scalar) {
    const all = [...members, ...scalar]
    if (all.length > 1 && !isFlatOperation({ op, paths, value }))
      throw new Inexpressible('an operation whose value may be an object')
    return inAnyOrder(patch, all)
  }
  if (members.length !== 1) throw new Inexpressible('the kind of an operation beside its value')
  const { open, close } = objectPattern(paths[0]!, value)
  return or([
    compared(patch, 'regex', checked(`.*${members[0]!}${BETWEEN}${open}.*`)),
    compared(patch, 'regex', checked(`.*${open}${close}${BETWEEN}${members[0]!}.*`)),
  ])
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

/** Members of one flat object: as many of them as are asked for, each of which stands there once. */
function inAnyOrder(patch: FieldExpr, members: readonly string[]): Term {
  const pattern = `.*${repeated(choice(members), members.length)}.*`
  const [first, second, ...more] = members
  if (second === undefined || more.length > 0 || isShort(pattern))
    return compared(patch, 'regex', checked(pattern))
  return or(
    [`${first!}${BETWEEN}${second}`, `${second}${BETWEEN}${first!}`].map((order) =>
      compared(patch, 'regex', checked(`.*${order}.*`)),
    ),
  )
}

/** Undefined where the value is an object, or an array of objects. */
function scalarPattern(parts: readonly Part[]): readonly string[] | undefined {
  const [only, ...more] = parts
  if (more.length > 0 || only!.isKey || only!.way.some((step) => step !== null)) return undefined
  const { atom } = only!
  // What holds objects cannot be passed over on the way to another member.
  if (atom.operator === 'type' && (atom.type === 'object' || atom.type === 'array'))
    return undefined
  const value = valuePattern(atom)
  if (only!.way.length === 0) return [`"value":${value}`]
  if (only!.way.length > 1) return undefined
  return [`"value":\\[${value === '' ? stringPattern(ANY) : BEFORE_ELEMENT + value}`]
}

interface Around {
  /** Up to what is asked for. */
  readonly open: string
  /** From there to the end of the value. */
  readonly close: string
}

/** An object that holds no objects, or an array of such, by the place where the patch puts it. */
function objectPattern(path: readonly Atom[], parts: readonly Part[]): Around {
  const place = placeOf(path)
  const member = namedMember(parts)
  const isElement = !member && parts.every(({ way }) => way[0] === null)
  const shape = place && shapeAt(isElement ? [...place, null] : place)
  if (!isFlat(shape)) throw new Inexpressible('a part of a value that holds objects')
  const all = member ? mapPattern(member) : membersPattern(parts, isElement ? 1 : 0)
  return isElement
    ? {
        open: `"value":\\[${BEFORE_OBJECT}\\{${BETWEEN}${all}`,
        close: `${BETWEEN}\\}(,\\{${BETWEEN}\\})*\\]`,
      }
    : { open: `"value":\\{${BETWEEN}${all}`, close: `${BETWEEN}\\}` }
}

function mapPattern({ way, pattern }: NamedMember): string {
  if (way.length !== 1) throw new Inexpressible('a part of a value that holds objects')
  return pattern
}

function membersPattern(parts: readonly Part[], depth: number): string {
  const members = parts.map(({ way, atom, isKey }) => {
    if (way.length !== depth + 1 || isKey)
      throw new Inexpressible('a part of a value that holds objects')
    return `"${textPattern(String(way[depth]))}":${valuePattern(atom)}`
  })
  return repeated(choice(members), members.length)
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
