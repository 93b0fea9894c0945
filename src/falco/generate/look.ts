/** What is asked of one object within a body, as a pattern for its text wherever it stands. */
import type { Atom, Json, TypeName } from '../../residual/residual.ts'
import type { Way } from './bodies.ts'
import { Inexpressible } from './inexpressible.ts'
import {
  BEFORE_ELEMENT,
  BETWEEN,
  BEFORE_OBJECT,
  choice,
  repeated,
  textPattern,
  valuePattern,
} from './json-text.ts'
import type { Part } from './parts.ts'
import { parsePattern } from './pattern.ts'
import { exampleOf } from './words.ts'
import { type UniqueName, uniqueName } from './unique.ts'

export interface Look {
  readonly pattern: string
  /** The name that tells what the pattern is about. */
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
  try {
    return parts.some(({ isKey }) => isKey)
      ? lookAtName(parts, resources)
      : lookAtParts(parts, resources)
  } catch (error) {
    if (error instanceof Inexpressible) return undefined
    throw error
  }
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
  const each = choice(patterns)
  const pattern = patterns.length === 1 ? each : `${repeated(each, patterns.length)}`
  const sample = Object.fromEntries(known.map(({ name, sample: value }) => [name, value]))
  for (const { name, atom } of known) {
    const unique = uniqueName(resources, name)
    if (unique && isAmong(atom, unique)) return { pattern, unique, inside: [], sample }
  }
  return lookFromAbove(first.holder, pattern, sample, resources)
}

/** By the name of the array or the object that the parts are in. */
function lookFromAbove(
  holder: Way,
  pattern: string,
  sample: Look['sample'],
  resources: readonly string[] | undefined,
): Look | undefined {
  const isElement = holder.at(-1) === null
  const name = holder.at(isElement ? -2 : -1)
  const unique = typeof name === 'string' ? uniqueName(resources, name) : undefined
  if (!unique) return undefined
  const open = isElement ? `\\[${BEFORE_OBJECT}\\{` : '\\{'
  return {
    pattern: `"${textPattern(unique.name)}":${open}${BETWEEN}${pattern}`,
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
  readonly atom: Atom
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
        atom,
        sample: [one],
        pattern: `"${textPattern(name)}":\\[${elementPattern(atom, value)}`,
      }
    : { holder, name, atom, sample: one, pattern: `"${textPattern(name)}":${value}` }
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
  return lookFromAbove(way.slice(0, -1), pattern, sample, resources)
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

/** Where a name means this with some values only, these are what is asked for. */
function isAmong(atom: Atom, { values }: UniqueName): boolean {
  if (!values) return true
  if (atom.operator !== 'equal' && atom.operator !== 'in') return false
  if (!('constant' in atom.operand)) return false
  const asked: readonly unknown[] = [atom.operand.constant].flat()
  return asked.every((value) => typeof value === 'string' && values.includes(value))
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
