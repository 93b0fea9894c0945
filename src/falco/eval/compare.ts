/** Comparisons of one value with constants, and of two values, by Falco's rules. */
import type { CheckExpr, Modifier, Operator } from '../condition/ast.ts'
import { ConditionError } from '../condition/error.ts'
import { cString, lower, trimNul, utf8 } from '../event/byte-string.ts'
import type { FieldType } from '../fields/catalogue.ts'
import type { Extracted } from '../fields/extract.ts'
import { compileGlob } from './glob.ts'
import { compilePathMatch } from './pmatch.ts'
import { compileRegex } from './regex.ts'

/** Longest constant, in bytes: Falco's buffer has one more for the NUL. */
export const CONSTANT_BYTES_MAX = 255

/** Of a value that is there. */
export type Test = (value: NonNullable<Extracted>) => boolean

/** What stands left of the operator. */
interface LeftSide {
  readonly type: FieldType
  readonly list: boolean
  readonly mayHoldNul: boolean
}

/** How values are compared. */
type Operation = Pick<CheckExpr, 'operator' | 'modifier'>

/**
 * A test against the literals on the right.
 *
 * @throws ConditionError without a useful offset; the caller knows where the literals are.
 */
export function constantTest(
  left: LeftSide,
  operation: Operation,
  values: readonly string[],
): Test {
  if (left.type === 'text') return textTest(left, operation, values)
  const parse: (value: string) => bigint | boolean = left.type === 'bool' ? parseBool : parseUint64
  return scalarTest(operation, values.map(parse))
}

function textTest(
  left: LeftSide,
  { operator, modifier }: Operation,
  values: readonly string[],
): Test {
  const constants = values.map(textConstant)
  if (left.list) {
    const members = new Set(constants)
    const isMember = (item: string): boolean => members.has(item)
    if (operator === 'in') return (value) => (value as readonly string[]).every(isMember)
    return (value) => (value as readonly string[]).some(isMember)
  }
  const test = modifier
    ? modifiedTest(operator, modifier, values, constants)
    : plainTest(operator, values, constants)
  if (!left.mayHoldNul) return test as Test
  const clean = modifier || keepsInnerNul(operator) ? trimNul : cString
  return (value) => test(clean(value as string))
}

/** These compare bytes by length, so only NULs at the end go. */
function keepsInnerNul(operator: Operator): boolean {
  return (
    operator === 'in' || operator === 'intersects' || operator === 'pmatch' || operator === 'regex'
  )
}

function plainTest(
  operator: Operator,
  values: readonly string[],
  constants: readonly string[],
): (text: string) => boolean {
  if (operator === 'in' || operator === 'intersects') {
    if (constants.length === 1) return elementTest('=', values[0]!, constants[0]!)
    const members = new Set(constants)
    return (text) => members.has(text)
  }
  if (operator === 'pmatch') return compilePathMatch(constants)
  return elementTest(operator, values[0]!, constants[0]!)
}

function modifiedTest(
  operator: Operator,
  modifier: Modifier,
  values: readonly string[],
  constants: readonly string[],
): (text: string) => boolean {
  if (constants.length === 0) return () => false
  const members = new Set(constants)
  if (operator !== '!=' && operator !== 'regex' && modifier === 'anyof' && isEquality(operator)) {
    return (text) => members.has(text)
  }
  if (operator === '!=' && modifier === 'allof') return (text) => !members.has(text)
  const tests = constants.map((constant, i) => {
    const test = elementTest(operator, values[i]!, constant)
    return operator === 'regex' ? test : (text: string): boolean => test(cString(text))
  })
  switch (modifier) {
    case 'oneof':
      return (text) => tests.filter((test) => test(text)).length === 1
    case 'anyof':
      return (text) => tests.some((test) => test(text))
    case 'allof':
      return (text) => tests.every((test) => test(text))
  }
}

function isEquality(operator: Operator): boolean {
  return operator === '=' || operator === '=='
}

/**
 * Of texts that C would see whole.
 *
 * @param value the literal as text, for `regex`, which is UTF-8.
 * @param constant the literal as bytes.
 */
function elementTest(
  operator: Operator,
  value: string,
  constant: string,
): (text: string) => boolean {
  switch (operator) {
    case '=':
    case '==':
      return (text) => text === constant
    case '!=':
      return (text) => text !== constant
    case '<':
      return (text) => text < constant
    case '<=':
      return (text) => text <= constant
    case '>':
      return (text) => text > constant
    case '>=':
      return (text) => text >= constant
    case 'contains':
      return (text) => text.includes(constant)
    case 'icontains': {
      const wanted = lower(constant)
      return (text) => lower(text).includes(wanted)
    }
    case 'startswith':
      return (text) => text.startsWith(constant)
    case 'endswith':
      return (text) => text.endsWith(constant)
    case 'glob':
      return compileGlob(constant)
    case 'iglob':
      return compileGlob(constant, true)
    case 'regex':
      return compileRegex(cString(value))
    default:
      throw new ConditionError(`the operator \`${operator}\` does not work on texts`, 0)
  }
}

function scalarTest(
  { operator, modifier }: Operation,
  constants: readonly (bigint | boolean)[],
): Test {
  const compare = RELATIONS[operator] ?? equal
  const matches = (value: NonNullable<Extracted>): number =>
    constants.filter((constant) => compare(value, constant)).length
  if (modifier === 'allof') {
    return (value) => constants.length > 0 && matches(value) === constants.length
  }
  if (modifier === 'oneof') return (value) => matches(value) === 1
  return (value) => matches(value) > 0
}

type Relation = (a: NonNullable<Extracted>, b: NonNullable<Extracted>) => boolean

const equal: Relation = (a, b) => a === b

const RELATIONS: Readonly<Record<string, Relation>> = {
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
}

/** A literal as the bytes that Falco keeps of it. */
function textConstant(value: string): string {
  const bytes = cString(utf8(value))
  if (bytes.length <= CONSTANT_BYTES_MAX) return bytes
  throw new ConditionError(
    `expected at most ${CONSTANT_BYTES_MAX} bytes in a value, but found ${bytes.length}`,
    0,
    'compare with a shorter part of it, by `startswith` or `contains`',
  )
}

/** Decimal digits with an optional sign, as C's sscanf reads them; negative numbers wrap around. */
function parseUint64(value: string): bigint {
  const match = /^[ \t\n\v\f\r]*([+-]?)([0-9]+)$/.exec(cString(value))
  if (!match) {
    throw new ConditionError(`expected a whole number in decimal digits, but found \`${value}\``, 0)
  }
  const digits = match[2]!.length > 40 ? '9'.repeat(40) : match[2]!
  const number = BigInt(digits)
  const most = 0xffff_ffff_ffff_ffffn
  const bounded = number > most ? most : number
  return match[1] === '-' ? BigInt.asUintN(64, -bounded) : bounded
}

function parseBool(value: string): boolean {
  if (value === 'true') return true
  if (value === 'false') return false
  throw new ConditionError(`expected \`true\` or \`false\`, but found \`${value}\``, 0)
}

/** A comparison with another field's value, both there. The types were found equal before. */
export function fieldTest(
  left: LeftSide,
  operator: Operator,
): (value: NonNullable<Extracted>, other: NonNullable<Extracted>) => boolean {
  const member = operator === 'in' || operator === 'intersects'
  if (left.type !== 'text') return (member ? undefined : RELATIONS[operator]) ?? equal
  if (left.list) {
    return (value, other) => {
      const members = new Set(other as readonly string[])
      const isMember = (item: string): boolean => members.has(item)
      const items = value as readonly string[]
      return operator === 'in' ? items.every(isMember) : items.some(isMember)
    }
  }
  // A transformed value on the right keeps its NUL, so membership in it never holds.
  if (member) return (value, other) => trimNul(value as string) === other
  return (value, other) => {
    const constant = cString(other as string)
    return elementTest(operator, constant, constant)(cString(value as string))
  }
}
