import type { Atom, Path, Some } from '../../residual/residual.ts'
import { isFlat, shapeAt, type Shape, type Way } from './bodies.ts'
import { checked } from './constant.ts'
import type { Part } from './parts.ts'
import { and, compared, not, type Term } from './expr.ts'
import { isKeyOfPlace } from './places.ts'
import { pointerField } from './fields.ts'
import { Inexpressible } from './inexpressible.ts'
import { namedMember } from './look.ts'
import {
  anywhere,
  BEFORE_ELEMENT,
  BETWEEN,
  choice,
  repeated,
  textPattern,
  valuePattern,
} from './json-text.ts'
import type { FieldExpr } from '../condition/ast.ts'

/**
 * A pattern over the compact JSON of the array or object at a path, that matches where one of its
 * elements has all of these parts.
 *
 * @throws Inexpressible where no pattern says it exactly
 */
export function textTerm(path: Path, parts: readonly Part[], literal: Some): Term {
  try {
    return written(path, parts)
  } catch (error) {
    if (error instanceof Inexpressible && !error.place)
      throw new Inexpressible(error.message, literal)
    throw error
  }
}

function written(path: Path, parts: readonly Part[]): Term {
  const holder = pointerField(path.steps)
  const shape = bodyShape(path)
  if (parts.length === 0) return someElement(holder, shape)
  const [first] = parts
  if (parts.some(({ isKey }) => isKey)) return memberTerm(holder, shape, parts)
  if (parts.length === 1 && first!.way.length === 0) return elementTerm(holder, first!)
  const element = typeof shape === 'object' && 'items' in shape ? shape.items : undefined
  if (parts.length === 1 && isKeyOfPlace(path, first!.way))
    return found(holder, {
      pattern: `"${textPattern(String(first!.way.at(-1)))}":${valuePattern(first!.atom)}`,
    })
  const patterns = parts.map((part) => partPattern(part, element, parts.length))
  if (patterns.length === 1) return found(holder, patterns[0]!)
  if (!isFlat(element)) throw new Inexpressible(`${parts.length} conditions on one element`)
  const each = choice(patterns.map(({ pattern }) => pattern))
  return matches(holder, anywhere(repeated(each, patterns.length)))
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
  if (!isFlat(element) && count === 1 && !isUnique(element, key))
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

/** Only the keys that shapes name are known to stand in one place. */
function isUnique(element: Shape | undefined, key: string): boolean {
  return (
    typeof element === 'object' && 'members' in element && key === 'ip' && 'ip' in element.members
  )
}

/** Not empty: what is in it begins behind the bracket. */
function someElement(holder: FieldExpr, shape: Shape | undefined): Term {
  if (typeof shape !== 'object')
    throw new Inexpressible('whether something of no known type is empty')
  if (!('items' in shape)) return matches(holder, '\\{".*')
  return shape.items === 'string'
    ? compared(holder, 'startswith', '["')
    : compared(holder, 'startswith', '[{')
}

/** An element of an array of strings for which none of these tests holds: not all are such elements. */
export function notAllTerm(path: Path, atoms: readonly Atom[]): Term {
  const holder = pointerField(path.steps)
  const shape = bodyShape(path)
  if (typeof shape !== 'object' || !('items' in shape) || shape.items !== 'string')
    throw new Inexpressible('an exclusion within one element')
  const inside = atoms.map((atom) => valuePattern(atom).replace(/^"(.*)"$/, '$1'))
  return and([
    compared(holder, 'startswith', '["'),
    not(matches(holder, `\\[("(${inside.join('|')})",?)*\\]`)),
  ])
}

/** An element of an array of strings. */
function elementTerm(holder: FieldExpr, { atom }: Part): Term {
  return matches(holder, `\\[${BEFORE_ELEMENT}${valuePattern(atom)}[],].*`)
}

/** A member of an object by its name and value: labels, annotations, data. */
function memberTerm(holder: FieldExpr, shape: Shape | undefined, parts: readonly Part[]): Term {
  if (!isFlat(shape)) throw new Inexpressible('names of an object that holds objects')
  const member = namedMember(parts)
  if (!member || member.way.length > 0)
    throw new Inexpressible('several conditions on one member of an object')
  return matches(holder, anywhere(member.pattern))
}

/** The pattern somewhere in the text of a field. */
export function found(holder: FieldExpr, { pattern }: { readonly pattern: string }): Term {
  const plain = plainText(pattern)
  return plain === undefined
    ? matches(holder, anywhere(pattern))
    : compared(holder, 'contains', checked(plain))
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

function bodyShape({ steps }: Path): Shape | undefined {
  const way: Way = steps.slice(1)
  if (steps[0] !== 'requestObject' && steps[0] !== 'responseObject') return { items: 'string' }
  return steps.length === 1 ? shapeAt([]) : shapeAt(way)
}
