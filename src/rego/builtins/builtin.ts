import { RegoObject, RegoSet, decimalOf, isNumber } from '../value.ts'
import type { RegoNumber, Value } from '../value.ts'

/** What one evaluation has in common: its time, its random numbers, and where prints go. */
export interface Evaluation {
  /** Nanoseconds since 1970, the same during one evaluation. */
  now(): bigint
  /** `size` random bytes. */
  random(size: number): Uint8Array
  /** What `rand.intn` and `uuid.rfc4122` answered, by their arguments. */
  readonly remembered: Map<string, Value>
  print(text: string): void
}

/** The answer of a builtin that leaves this call to OPA's own code. */
export const ELSEWHERE: unique symbol = Symbol('answered elsewhere')

/** One of OPA's builtins. Throws a BuiltinError where OPA reports one, which Rego takes as undefined. */
export type Builtin = (
  operands: readonly Value[],
  evaluation: Evaluation,
) => Value | undefined | typeof ELSEWHERE

export type Builtins = Readonly<Record<string, Builtin>>

/** What OPA calls an operand or builtin error. */
export class BuiltinError extends Error {}

/** Any value but undefined is an operand, so a missing one is a broken module. */
export function operand(operands: readonly Value[], index: number): Value {
  const value = operands[index]
  if (value === undefined) throw new BuiltinError(`operand ${index + 1} is missing`)
  return value
}

export function stringOperand(operands: readonly Value[], index: number): string {
  const value = operand(operands, index)
  return typeof value === 'string' ? value : mistyped(index, 'a string')
}

function numberOperand(operands: readonly Value[], index: number): RegoNumber {
  const value = operand(operands, index)
  return isNumber(value) ? value : mistyped(index, 'a number')
}

export function arrayOperand(operands: readonly Value[], index: number): readonly Value[] {
  const value = operand(operands, index)
  return isArray(value) ? value : mistyped(index, 'an array')
}

export function objectOperand(operands: readonly Value[], index: number): RegoObject {
  const value = operand(operands, index)
  return value instanceof RegoObject ? value : mistyped(index, 'an object')
}

/** The elements of an array, or of a set in Rego's order. */
export function collectionOperand(operands: readonly Value[], index: number): readonly Value[] {
  const value = operand(operands, index)
  if (value instanceof RegoSet) return value.sorted()
  return isArray(value) ? value : mistyped(index, 'an array or set')
}

/** The strings of an array or set of strings. */
export function stringsOperand(operands: readonly Value[], index: number): readonly string[] {
  const values = collectionOperand(operands, index)
  for (const value of values) {
    if (typeof value !== 'string') mistyped(index, 'an array or set of strings')
  }
  return values as readonly string[]
}

/** A 64-bit integer. `1.0` is one, `1e2` is none: that is how OPA reads a number as an integer. */
export function int64Operand(operands: readonly Value[], index: number): bigint {
  const value = numberOperand(operands, index)
  const integer = toInt64(value)
  return integer ?? mistyped(index, 'an integer')
}

function toInt64(value: RegoNumber): bigint | undefined {
  if (typeof value === 'number') return BigInt(value)
  if (!/^-?\d+(\.0*)?$/.test(value.text)) return undefined
  const integer = BigInt(value.text.split('.')[0]!)
  return BigInt.asIntN(64, integer) === integer ? integer : undefined
}

/** An integer of any size, in any notation: `1e3` is 1000. */
export function integerOperand(operands: readonly Value[], index: number): bigint {
  const value = numberOperand(operands, index)
  if (typeof value === 'number') return BigInt(value)
  const { digits, exponent } = decimalOf(value)
  if (exponent < 0 || exponent > DIGITS_MAX) return mistyped(index, 'an integer')
  return digits * 10n ** BigInt(exponent)
}

/** Past this many zeros a number is no integer to compute with. OPA's own bound is 2^100000. */
const DIGITS_MAX = 30_103

export function isArray(value: Value): value is readonly Value[] {
  return Array.isArray(value)
}

export function mistyped(index: number, wanted: string): never {
  throw new BuiltinError(`operand ${index + 1} must be ${wanted}`)
}
