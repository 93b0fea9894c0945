/**
 * Patterns for compact JSON, as `jevt.value` gives it for objects and arrays: no blanks, members in
 * the order of the event, quotes inside of strings behind a backslash. So `"name":` is always a key,
 * and no string can pretend to be one. POSIX syntax; the whole text must match.
 */
import type { Atom, Json, TypeName } from '../../residual/residual.ts'
import { holdsArrays, type Shape } from './bodies.ts'
import { isShort } from './constant.ts'
import { Inexpressible } from './inexpressible.ts'
import { networkPattern } from './network.ts'
import { parsePattern } from './pattern.ts'
import { type Notation, plainNotation, wholePattern } from './whole-pattern.ts'

/** One character of a string. */
const CHARACTER = '([^"\\\\]|\\\\.)'
/** A string's inside. */
export const ANY: string = `${CHARACTER}*`
/**
 * From one key of an object to another, where nothing between them is an object. Outside of strings
 * no backslash stands, so that this never begins inside of one.
 */
export const BETWEEN: string = `([^{}"\\\\]|"${ANY}")*`
/** What stands before an element of an array of strings. */
export const BEFORE_ELEMENT: string = `(${`"${ANY}"`},)*`

/** From one key of an object to another, past objects that hold none. */
export const BETWEEN_OBJECTS: string = `([^{}"\\\\]|"${ANY}"|\\{${BETWEEN}\\})*`
/** From one place in an array to another, within any of its elements, where these hold no arrays. */
const IN_PLAIN_ARRAY = `([^]["\\\\]|"${ANY}")*`
/** The same where they hold arrays that hold none. */
const IN_ARRAY = `([^]["\\\\]|"${ANY}"|\\[${IN_PLAIN_ARRAY}\\])*`

/**
 * From one place in an array to another, in any of its elements.
 *
 * @param elements what they may be: objects of which all members are known
 */
export function betweenElements(elements: readonly (Shape | undefined)[]): string {
  return elements.some(holdsArrays) ? IN_ARRAY : IN_PLAIN_ARRAY
}

/** A string in compact JSON, between its quotes. */
export const jsonNotation: Notation = {
  any: ANY,
  character: escaped,
  class: (negated, inside) => {
    if (negated) return inside === '\\n' ? CHARACTER : `([^${inside}"\\\\]|\\\\.)`
    if (/["\\<>&]/.test(inside))
      throw new Inexpressible('a pattern with characters that JSON escapes')
    return `[${inside}]`
  },
}

function escaped(char: string): string {
  const json = JSON.stringify(char).slice(1, -1)
  // Go writes these three by their numbers.
  const isHtml = '<>&'.includes(char)
  const text = [...json].map(plainNotation.character).join('')
  if (!isHtml) return text
  return `(${text}|\\\\u00${char.charCodeAt(0).toString(16)})`
}

/** The pattern of a text that is known. */
export function textPattern(text: string): string {
  return [...text].map(escaped).join('')
}

/** The pattern of a JSON string with this pattern inside. */
export function stringPattern(inside: string): string {
  return `"${inside}"`
}

/**
 * The pattern of the values for which an atom holds, whatever the rest of its path.
 *
 * @throws Inexpressible
 */
export function valuePattern(atom: Atom): string {
  switch (atom.operator) {
    case 'defined':
      return ''
    case 'type':
      return typePattern(atom.type)
    case 'truthy':
      throw new Inexpressible('whether a part of an element is there and not false')
    default:
      if (!('constant' in atom.operand))
        throw new Inexpressible('a part of an element compared with another field')
      return constantPattern(atom, atom.operand.constant)
  }
}

/** A value with this pattern may be a string, or null, with which a patch takes a string away. */
export function mayBeText(pattern: string): boolean {
  return !/^(?:true$|false$|\(true\|false\)$|\[-0-9\]$|\\[[{])/.test(pattern)
}

/** A string whole, so that what follows it is no part of one; other values by their beginnings. */
function typePattern(type: TypeName): string {
  return {
    string: stringPattern(ANY),
    object: '\\{',
    array: '\\[',
    number: '[-0-9]',
    boolean: '(true|false)',
    null: 'null',
  }[type]
}

function constantPattern(atom: Atom, constant: Json): string {
  switch (atom.operator) {
    case 'equal':
      return anyPattern([constant])
    case 'in':
      return anyPattern(Object.values(constant as object) as Json[])
    case 'startsWith':
      return stringPattern(`${textPattern(String(constant))}${ANY}`)
    case 'endsWith':
      return stringPattern(`${ANY}${textPattern(String(constant))}`)
    case 'contains':
      return stringPattern(`${ANY}${textPattern(String(constant))}${ANY}`)
    case 'notEqual':
      if (constant !== null) throw new Inexpressible('a part of an element that is not some value')
      return `(${stringPattern(ANY)}|[^n"])`
    case 'cidrContains':
      return stringPattern(networkPattern(String(constant)))
    case 'regexMatch':
      return stringPattern(notEmpty(wholePattern(parsePattern(String(constant)), jsonNotation)))
    default:
      throw new Inexpressible(`\`${atom.operator}\` on a part of an element`)
  }
}

/** A character somewhere in a string is one or more characters. */
function notEmpty(pattern: string): string {
  return pattern === ANY + CHARACTER + ANY ? `${CHARACTER}+` : pattern
}

/** One of some values: strings share their quotes. */
function anyPattern(values: readonly Json[]): string {
  const texts = [...new Set(values.filter((value) => typeof value === 'string'))]
  const words = values
    .filter((value) => typeof value !== 'string')
    .map((value) => {
      if (typeof value === 'boolean' || value === null) return String(value)
      throw new Inexpressible('a number or a structure as a part of an element')
    })
  const options = [...(texts.length > 0 ? [stringPattern(textsPattern(texts))] : []), ...words]
  return choice(options)
}

/** One of some texts, what they begin with written once. */
function textsPattern(texts: readonly string[]): string {
  const [first, ...rest] = texts
  if (rest.length === 0) return textPattern(first!)
  let length = 0
  while (length < first!.length && rest.every((text) => text[length] === first![length])) length++
  if (length === 0) return choice(texts.map(textPattern))
  const longer = texts.map((text) => text.slice(length)).filter((text) => text !== '')
  const inner = textsPattern(longer)
  const group =
    longer.length > 1 && inner.startsWith('(') && inner.endsWith(')') ? inner : `(${inner})`
  const times = longer.length < texts.length ? '?' : ''
  return `${textPattern(first!.slice(0, length))}${group}${times}`
}

/** `(a|b)`, or what there is alone. */
export function choice(options: readonly string[]): string {
  return options.length === 1 ? options[0]! : `(${options.join('|')})`
}

/**
 * Patterns one of which matches where an object has all of these members, in any order. Names stand
 * once in an object, so that as many members as there are patterns are all of them.
 *
 * @param around the pattern with this one inside
 */
export function inAnyOrder(
  members: readonly string[],
  around: (inner: string) => string,
): readonly string[] {
  const [first, second, ...more] = members
  const all = around(repeated(choice(members), members.length))
  if (second === undefined || more.length > 0 || isShort(anywhere(all))) return [all]
  return [`${first!}${BETWEEN}${second}`, `${second}${BETWEEN}${first!}`].map(around)
}

/** The pattern of a text in which something matches this one. */
export function anywhere(pattern: string): string {
  return `.*${pattern}.*`
}

/** So many members of one object, each of which this pattern matches. */
export function repeated(member: string, count: number): string {
  if (count < 3) return count === 1 ? member : `${member}${BETWEEN}${member}`
  return `${member}(${BETWEEN}${member}){${count - 1}}`
}
