/** What is asked of one object within a body, as a pattern for its text wherever it stands. */
import type { Atom, Json, TypeName } from '../../residual/residual.ts'
import { isFlat, isOwnKey, type Shape, shapeAt, type Way } from './bodies.ts'
import { ifExpressible } from './inexpressible.ts'
import {
  BEFORE_ELEMENT,
  BETWEEN,
  betweenElements,
  inAnyOrder,
  mayBeText,
  textPattern,
  valuePattern,
} from './json-text.ts'
import type { Part } from './parts.ts'
import { parsePattern } from './pattern.ts'
import { exampleOf } from './words.ts'
import { type UniqueName, uniqueName } from './unique.ts'

export interface Look {
  /** Something in the body matches one of them. */
  readonly patterns: readonly string[]
  /** The name that tells what the patterns are about. */
  readonly unique: UniqueName
  /** From that name, where it is a member, to the object that has the parts asked for. */
  readonly inside: Way
  /** A value of that object for which all parts hold. */
  readonly sample: { readonly [name: string]: Json }
}

/**
 * The look that finds these parts, by a name that tells; undefined where none does.
 *
 * @param parts their ways begin anywhere above
 */
export function lookOf(
  parts: readonly Part[],
  resources: readonly string[] | undefined,
): Look | undefined {
  const look = parts.some(({ isKey }) => isKey) ? lookAtName : lookAtParts
  return ifExpressible(() => look(parts, resources))
}

function lookAtParts(
  parts: readonly Part[],
  resources: readonly string[] | undefined,
): Look | undefined {
  const members = parts.map(memberOf)
  const [first] = members
  if (!first || members.some((member) => !member || !sameWay(member.holder, first.holder)))
    return undefined
  const known = members.map((member) => member!)
  const patterns = known.map(({ pattern }) => pattern)
  const sample = Object.fromEntries(known.map(({ name, sample: value }) => [name, value]))
  for (const { name, isText } of known) {
    const unique = isText ? undefined : uniqueName(resources, name)
    const holders = unique?.places.map((place) => shapeAt(place.slice(0, -1))) ?? []
    if (unique && !unique.isText && (known.length === 1 || holders.every(isFlat)))
      return { patterns: inAnyOrder(patterns, (inner) => inner), unique, inside: [], sample }
  }
  const unique = nameAbove(first.holder, resources)
  return unique && isPlain(unique, first.holder, known)
    ? lookFromAbove(unique, first.holder, patterns, sample)
    : undefined
}

/**
 * Looks that together find a text, by a name that tells in an object that holds an object: whatever
 * stands before it and behind it. Of objects that hold none they find those whose name tells, which
 * must be so for all but values of a patch; empty where the name of the text does not tell.
 */
export function looksAtText(
  parts: readonly Part[],
  resources: readonly string[] | undefined,
): readonly Look[] {
  const [only, ...more] = parts
  const member = only && more.length === 0 && !only.isKey ? memberOf(only) : undefined
  const unique = member && uniqueName(resources, member.name)
  if (!member || !unique?.isText || !member.pattern.endsWith('"')) return []
  const { pattern, holder, name } = member
  const sample = { [name]: member.sample }
  const above = nameAbove(holder, resources)
  if (holder.length > 0 && !above) return []
  return [
    { patterns: [`\\}${BETWEEN}${pattern}`], unique, inside: [], sample },
    { patterns: [`${pattern}${BETWEEN}\\{`], unique, inside: [], sample },
    ...(above ? [lookFromAbove(above, holder, [pattern], sample)] : []),
  ]
}

/** The name of the array or the object that the parts are in, if it tells. */
function nameAbove(holder: Way, resources: readonly string[] | undefined): UniqueName | undefined {
  const name = holder.at(holder.at(-1) === null ? -2 : -1)
  return typeof name === 'string' ? uniqueName(resources, name) : undefined
}

/** Between the name above and these members stands nothing that may have such members too. */
function isPlain(unique: UniqueName, holder: Way, members: readonly Member[]): boolean {
  return shapesAt(unique, holder).every(
    (shape) => isFlat(shape) || (members.length === 1 && isOwnKey(shape, members[0]!.name)),
  )
}

/** What a name stands for, or the elements of that. */
function shapesAt({ places }: UniqueName, holder: Way): readonly (Shape | undefined)[] {
  return places.map((place) => shapeAt(holder.at(-1) === null ? [...place, null] : place))
}

/** Before these members stand others that are no objects, or elements of the array. */
function lookFromAbove(
  unique: UniqueName,
  holder: Way,
  members: readonly string[],
  sample: Look['sample'],
): Look {
  const isElement = holder.at(-1) === null
  const open = isElement ? `\\[${betweenElements(shapesAt(unique, holder))}` : `\\{${BETWEEN}`
  return {
    patterns: inAnyOrder(members, (inner) => `"${textPattern(unique.name)}":${open}${inner}`),
    unique,
    inside: isElement ? [unique.name, null] : [unique.name],
    sample,
  }
}

interface Member {
  readonly holder: Way
  readonly name: string
  readonly pattern: string
  readonly sample: Json
  /** A map of texts may have such a member too. */
  readonly isText: boolean
}

/** `"privileged":true`, `"verbs":["get","*"`; undefined for an element without a name. */
function memberOf({ way, atom }: Part): Member | undefined {
  const isElement = way.at(-1) === null
  const name = way.at(isElement ? -2 : -1)
  if (typeof name !== 'string') return undefined
  // What the API makes a string is never false.
  const value = atom.operator === 'truthy' ? '' : valuePattern(atom)
  const holder = way.slice(0, isElement ? -2 : -1)
  const one = sampleOf(atom)
  return isElement
    ? {
        holder,
        name,
        isText: false,
        sample: [one],
        pattern: `"${textPattern(name)}":\\[${elementPattern(atom, value)}`,
      }
    : {
        holder,
        name,
        isText: mayBeText(value),
        sample: one,
        pattern: `"${textPattern(name)}":${value}`,
      }
}

/** The API gives all elements of an array one type, so that there is one is all that can be asked. */
function elementPattern(atom: Atom, value: string): string {
  return atom.operator === 'defined' || atom.operator === 'type'
    ? '[^]]'
    : `${BEFORE_ELEMENT}${value}`
}

/** A member of a map by its name and value: a label. */
function lookAtName(
  parts: readonly Part[],
  resources: readonly string[] | undefined,
): Look | undefined {
  const member = namedMember(parts)
  if (!member) return undefined
  const { way, pattern, name, value } = member
  const sample = { [String(sampleOf(name))]: value ? sampleOf(value) : 'x' }
  const holder = way.slice(0, -1)
  const unique = nameAbove(holder, resources)
  return unique && lookFromAbove(unique, holder, [pattern], sample)
}

export interface NamedMember {
  /** To the members of the map. */
  readonly way: Way
  readonly pattern: string
  readonly name: Atom
  readonly value: Atom | undefined
}

/** Undefined for more than a test of the name and one of the value. */
export function namedMember(parts: readonly Part[]): NamedMember | undefined {
  const [name, ...names] = parts.filter(({ isKey }) => isKey)
  const [value, ...values] = parts.filter(({ isKey }) => !isKey)
  if (!name || names.length + values.length > 0) return undefined
  if (value && !sameWay(value.way, name.way)) return undefined
  const pattern = `${valuePattern(name.atom)}:${value ? valuePattern(value.atom) : ''}`
  return { way: name.way, pattern, name: name.atom, value: value?.atom }
}

const SAMPLES: Readonly<Record<TypeName, Json>> = {
  string: 'x',
  number: 1,
  boolean: true,
  null: null,
  array: [],
  object: {},
}

/** A value for which an atom holds. */
function sampleOf(atom: Atom): Json {
  if (atom.operator === 'type') return SAMPLES[atom.type]
  if (!('operand' in atom) || !('constant' in atom.operand)) return 'x'
  const { constant } = atom.operand
  switch (atom.operator) {
    case 'notEqual':
      return 'x'
    case 'in':
      return (constant as Json[])[0]!
    case 'startsWith':
      return `${String(constant)}x`
    case 'endsWith':
    case 'contains':
      return `x${String(constant)}`
    case 'regexMatch':
      return exampleOf(parsePattern(String(constant)))
    default:
      return constant
  }
}

function sameWay(a: Way, b: Way): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
