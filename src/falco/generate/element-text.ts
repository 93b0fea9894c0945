import { type Atom, type Path, pathText, type Some } from '../../residual/residual.ts'
import type { TypeOf } from '../../residual/typed.ts'
import { assumedBy } from './assumed.ts'
import { atomTerm } from './atom.ts'
import { isFlat, shapeAt, type Shape, typeOfShape } from './bodies.ts'
import { checked } from './constant.ts'
import type { Part } from './parts.ts'
import { and, compared, not, type Term } from './expr.ts'
import { isKeyOfPlace } from './places.ts'
import { pointerField } from './fields.ts'
import { Inexpressible } from './inexpressible.ts'
import { type NamedMember, namedMember } from './look.ts'
import {
  ANY,
  anywhere,
  BEFORE_ELEMENT,
  BETWEEN,
  choice,
  repeated,
  textPattern,
  valuePattern,
} from './json-text.ts'
import type { FieldExpr } from '../condition/ast.ts'

/** What is known of paths, and what takes what is assumed where nothing is. */
export interface Types {
  readonly types: TypeOf
  readonly assume: (assumption: string) => void
}

/**
 * A condition over the compact JSON of the array or object at a path, that holds where one of its
 * elements has all of these parts.
 *
 * @throws Inexpressible where none says it exactly
 */
export function textTerm(path: Path, parts: readonly Part[], literal: Some, types: Types): Term {
  try {
    return written(path, parts, types)
  } catch (error) {
    if (error instanceof Inexpressible && !error.place)
      throw new Inexpressible(error.message, literal)
    throw error
  }
}

function written(path: Path, parts: readonly Part[], types: Types): Term {
  const holder = pointerField(path.steps)
  const shape = shapeOf(path, types)
  if (parts.length === 0) return someElement(holder, shape)
  const [first] = parts
  if (parts.some(({ isKey }) => isKey)) return memberTerm(path, shape, parts)
  if (parts.length === 1 && first!.way.length === 0) return elementTerm(path, shape, first!, types)
  const element = typeof shape === 'object' && 'items' in shape ? shape.items : undefined
  if (parts.length === 1 && isKeyOfPlace(path, first!.way)) return keyTerm(path, first!)
  const patterns = parts.map((part) => partPattern(part, element, parts.length))
  if (patterns.length === 1) return found(holder, patterns[0]!)
  if (!isFlat(element)) throw new Inexpressible(`${parts.length} conditions on one element`)
  const each = choice(patterns.map(({ pattern }) => pattern))
  return matches(holder, anywhere(repeated(each, patterns.length)))
}

/** A key of which is known where it stands; where it is no text, with what the API gives it, as maps of texts hold no such thing. */
function keyTerm({ steps }: Path, { way, atom }: Part): Term {
  const type = typeOfShape(shapeAt([...steps.slice(1), null, ...way]))
  const value =
    atom.operator === 'defined' && type && type !== 'string'
      ? { ...atom, operator: 'type' as const, type }
      : atom
  return found(pointerField(steps), {
    pattern: `"${textPattern(String(way.at(-1)))}":${valuePattern(value)}`,
  })
}

interface PartPattern {
  readonly pattern: string
}

/** `"privileged":true`, `"verbs":["get","*"` and the like, which can stand in an element once. */
function partPattern({ way, atom }: Part, element: Shape | undefined, count: number): PartPattern {
  const value = valuePattern(atom)
  const names = way.filter((step): step is string => typeof step === 'string')
  const isLast = way.at(-1) === null
  if (names.length !== way.length - (isLast ? 1 : 0) || names.length === 0)
    throw new Inexpressible('an element of an array within an array')
  const key = names.at(-1)!
  if (names.length > 1) return nestedPattern(names, value, element, isLast || count > 1)
  if (isLast) return { pattern: `"${textPattern(key)}":\\[${BEFORE_ELEMENT}${value || '"'}` }
  if (!isFlat(element) && count === 1)
    throw new Inexpressible(`\`${key}\`, which may stand further inside too`)
  return { pattern: `"${textPattern(key)}":${value}` }
}

/** `"hostPath":{"path":"/etc"`: where the inner object is flat, its other members may stand before. */
function nestedPattern(
  names: readonly string[],
  value: string,
  element: Shape | undefined,
  isComposed: boolean,
): PartPattern {
  let at = element
  for (const name of names.slice(0, -1))
    at = typeof at === 'object' && 'members' in at ? at.members[name] : undefined
  const key = names.at(-1)!
  if (isComposed || names.length !== 2 || !isFlat(at))
    throw new Inexpressible(`\`${names.join('.')}\` of an element`)
  return { pattern: `"${textPattern(names[0]!)}":\\{${BETWEEN}"${textPattern(key)}":${value}` }
}

/** Not empty: what is in it begins behind the bracket. */
function someElement(holder: FieldExpr, shape: Shape | undefined): Term {
  if (typeof shape !== 'object')
    throw new Inexpressible('whether something of no known type is empty')
  if (!('items' in shape)) return compared(holder, 'startswith', '{"')
  return shape.items === 'string'
    ? compared(holder, 'startswith', '["')
    : compared(holder, 'startswith', '[{')
}

/** An element of an array of strings for which none of these tests holds: not all are such elements. */
export function notAllTerm(path: Path, atoms: readonly Atom[], types: Types): Term {
  const holder = pointerField(path.steps)
  if (!isArrayOfTexts(shapeOf(path, types)))
    throw new Inexpressible('an exclusion within one element')
  // Whatever an element is, it is there.
  if (atoms.some(({ operator }) => operator === 'defined')) return false
  return and([
    compared(holder, 'startswith', '["'),
    not(matches(holder, `\\[("${choice(atoms.map(textInside))}",?)*\\]`)),
  ])
}

/** A test of a string, between its quotes. */
function textInside(atom: Atom): string {
  const [, inside] = /^"(.*)"$/.exec(valuePattern(atom)) ?? []
  if (inside === undefined) throw new Inexpressible('an exclusion of what is no text')
  return inside
}

/** An element of an array of strings, or a value of a member of an object without objects. */
function elementTerm(path: Path, shape: Shape | undefined, { atom }: Part, types: Types): Term {
  const holder = pointerField(path.steps)
  const value = valuePattern(atom)
  if (isFlat(shape)) return matches(holder, `\\{${BETWEEN}:${beginOf(value)}.*`)
  if (isArrayOfTexts(shape)) return matches(holder, `\\[${BEFORE_ELEMENT}${value}[],].*`)
  if (shape !== undefined || !value.startsWith('"'))
    throw new Inexpressible('an element of what may hold other things than strings')
  types.assume(`${pathText(path)} is an array or an object of strings`)
  return matches(holder, `(\\[${BEFORE_ELEMENT}|\\{${BETWEEN}:)${beginOf(value)}.*`)
}

/** A member of an object by its name and value: labels, annotations, data. */
function memberTerm(path: Path, shape: Shape | undefined, parts: readonly Part[]): Term {
  if (!isFlat(shape)) throw new Inexpressible('names of an object that holds objects')
  const member = namedMember(parts)
  if (!member || member.way.length > 0)
    throw new Inexpressible('several conditions on one member of an object')
  return (
    fieldOfMember(path, member) ??
    matches(pointerField(path.steps), `\\{${BETWEEN}${beginOf(member.pattern)}.*`)
  )
}

/** Where the name is known, and can stand in a pointer. */
function fieldOfMember(path: Path, { name, value }: NamedMember): Term | undefined {
  const step = name.operator === 'equal' && 'constant' in name.operand && name.operand.constant
  if (typeof step !== 'string' || !value || assumedBy(value) !== undefined) return undefined
  try {
    return atomTerm({ ...value, path: { from: 'event', steps: [...path.steps, step] } })
  } catch (error) {
    if (error instanceof Inexpressible) return undefined
    throw error
  }
}

/** The pattern somewhere in the text of a field. */
export function found(holder: FieldExpr, { pattern }: { readonly pattern: string }): Term {
  const begin = beginOf(pattern)
  const plain = plainText(begin)
  return plain === undefined
    ? matches(holder, anywhere(begin))
    : compared(holder, 'contains', checked(plain))
}

/** Without the rest of a string. */
function beginOf(pattern: string): string {
  const rest = `${ANY}"`
  return pattern.endsWith(rest) ? pattern.slice(0, -rest.length) : pattern
}

/** What a pattern without anything special in it stands for. */
function plainText(pattern: string): string | undefined {
  const text = pattern.replaceAll(/\[([.*+?()[\]{}|$])\]/g, '$1')
  const plain = pattern.replaceAll(/\[[.*+?()[\]{}|$]\]/g, '')
  return /[.*+?()[\]{}|^$\\]/.test(plain) ? undefined : text
}

function matches(holder: FieldExpr, pattern: string): Term {
  return compared(holder, 'regex', checked(pattern))
}

function isArrayOfTexts(shape: Shape | undefined): boolean {
  return typeof shape === 'object' && 'items' in shape && shape.items === 'string'
}

/** As Kubernetes has it in bodies, and the schema of audit events besides. */
function shapeOf({ steps }: Path, { types }: Types): Shape | undefined {
  if (steps[0] === 'requestObject' || steps[0] === 'responseObject') return shapeAt(steps.slice(1))
  if (types([...steps, null], 'event') !== 'string') return undefined
  return types(steps, 'event') === 'array' ? { items: 'string' } : { values: 'string' }
}
