/**
 * Rego values as the builtins see them. Numbers keep their literals: Rego compares `1` and `1.0` as
 * equal and prints them as they were written, and knows integers of any size.
 */

/** A number whose literal is not that of a safe integer: `1.0`, `1e2`, `-0`, `12345678901234567890`. */
export class NumberLiteral {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** A set. Elements are distinct in Rego's sense; they are in no order until asked for. */
export class RegoSet {
  readonly elements: readonly Value[]

  constructor(elements: readonly Value[]) {
    this.elements = elements
  }

  /** The elements in Rego's order. */
  sorted(): readonly Value[] {
    return this.elements.toSorted(compare)
  }
}

/** An object. Keys are values of any kind, distinct in Rego's sense. */
export class RegoObject {
  readonly entries: readonly Entry[]
  #byKey: Map<string, Value> | undefined

  constructor(entries: readonly Entry[]) {
    this.entries = entries
  }

  /** The value under a key that Rego holds equal to `key`. */
  get(key: Value): Value | undefined {
    this.#byKey ??= new Map(this.entries.map(([k, v]) => [identity(k), v]))
    return this.#byKey.get(identity(key))
  }

  /** The entries in Rego's order of keys. */
  sorted(): readonly Entry[] {
    return this.entries.toSorted((a, b) => compare(a[0], b[0]))
  }
}

export type Entry = readonly [key: Value, value: Value]
/** A JavaScript number is always a safe integer other than minus zero. */
export type RegoNumber = number | NumberLiteral
export type Value = null | boolean | RegoNumber | string | readonly Value[] | RegoSet | RegoObject

/** The number that a literal stands for. */
export function numberOf(text: string): RegoNumber {
  if (text.length < 16) {
    const value = Number(text)
    if (Number.isInteger(value) && String(value) === text) return value
  }
  return new NumberLiteral(text)
}

export function literalOf(value: RegoNumber): string {
  return typeof value === 'number' ? String(value) : value.text
}

export function isNumber(value: Value): value is RegoNumber {
  return typeof value === 'number' || value instanceof NumberLiteral
}

/** Builds a set, dropping elements that are equal to earlier ones. */
export function setOf(elements: Iterable<Value>): RegoSet {
  const distinct = new Map<string, Value>()
  for (const element of elements) {
    const key = identity(element)
    if (!distinct.has(key)) distinct.set(key, element)
  }
  return new RegoSet([...distinct.values()])
}

/** Builds an object; of equal keys the last value wins. */
export function objectOf(entries: Iterable<Entry>): RegoObject {
  const distinct = new Map<string, Entry>()
  for (const entry of entries) distinct.set(identity(entry[0]), entry)
  return new RegoObject([...distinct.values()])
}

/** Rego's equality: numbers by value, sets and objects without order. */
export function equal(a: Value, b: Value): boolean {
  return compare(a, b) === 0
}

/** Rego's order of all values: null, booleans, numbers, strings, arrays, objects, sets. */
export function compare(a: Value, b: Value): number {
  const order = rank(a) - rank(b)
  if (order !== 0) return order
  if (typeof a === 'string') return compareStrings(a, b as string)
  if (isNumber(a)) return compareNumbers(a, b as RegoNumber)
  if (typeof a === 'boolean') return Number(a) - Number(b)
  if (a instanceof RegoSet) return compareLists(a.sorted(), (b as RegoSet).sorted())
  if (a instanceof RegoObject) return compareObjects(a, b as RegoObject)
  return a === null ? 0 : compareLists(a, b as readonly Value[])
}

/** A text that two values share exactly when they are equal. */
export function identity(value: Value): string {
  if (typeof value === 'string') return `"${value}`
  if (typeof value === 'number') return String(value)
  if (value instanceof NumberLiteral) return identityOfNumber(value)
  if (value === null || typeof value === 'boolean') return String(value)
  if (value instanceof RegoSet) return `{${value.elements.map(quotedIdentity).sort().join()}}`
  if (value instanceof RegoObject) {
    const entries = value.entries.map(([k, v]) => `${quotedIdentity(k)}:${quotedIdentity(v)}`)
    return `(${entries.sort().join()})`
  }
  return `[${value.map(quotedIdentity).join()}]`
}

/** Inside collections an identity must not run into its neighbour. */
function quotedIdentity(value: Value): string {
  return typeof value === 'string' ? JSON.stringify(value) : identity(value)
}

function rank(value: Value): number {
  if (value === null) return 0
  if (typeof value === 'boolean') return 1
  if (typeof value === 'string') return 3
  if (isNumber(value)) return 2
  if (value instanceof RegoObject) return 5
  return value instanceof RegoSet ? 6 : 4
}

/**
 * By code points, as UTF-8 bytes sort. JavaScript compares UTF-16 units, which differ where one
 * side has a surrogate pair and the other a unit above it (U+E000 to U+FFFF).
 */
export function compareStrings(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return rotated(x) - rotated(y)
  }
  return a.length - b.length
}

/** Puts surrogates above every other unit. */
function rotated(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit
}

function compareLists(a: readonly Value[], b: readonly Value[]): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const order = compare(a[i]!, b[i]!)
    if (order !== 0) return order
  }
  return a.length - b.length
}

function compareObjects(a: RegoObject, b: RegoObject): number {
  const left = a.sorted()
  const right = b.sorted()
  const length = Math.min(left.length, right.length)
  for (let i = 0; i < length; i++) {
    const order = compare(left[i]![0], right[i]![0]) || compare(left[i]![1], right[i]![1])
    if (order !== 0) return order
  }
  return left.length - right.length
}

/** A number as `digits` × 10^`exponent`, exactly. */
export interface Decimal {
  readonly digits: bigint
  readonly exponent: number
}

/** The exact value of a literal. Zeros at the end of the digits move into the exponent. */
export function decimalOf(value: RegoNumber): Decimal {
  const text = literalOf(value)
  const [mantissa = '0', power = '0'] = text.split(/e/i)
  const point = mantissa.indexOf('.')
  const all = mantissa.replace('.', '')
  const significant = all.replace(/0+$/, '')
  if (significant === '' || significant === '-') return { digits: 0n, exponent: 0 }
  const fraction = point < 0 ? 0 : mantissa.length - point - 1
  const exponent = Number(power) - fraction + all.length - significant.length
  return { digits: BigInt(significant), exponent }
}

function compareNumbers(a: RegoNumber, b: RegoNumber): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  const x = decimalOf(a)
  const y = decimalOf(b)
  const signs = sign(x.digits) - sign(y.digits)
  if (signs !== 0 || x.digits === 0n) return signs
  const magnitudes = magnitude(x) - magnitude(y)
  if (magnitudes !== 0) return x.digits < 0n ? -magnitudes : magnitudes
  // The leading digits stand at the same place, so the exponents differ by no more than the digits.
  const low = Math.min(x.exponent, y.exponent)
  const difference =
    x.digits * 10n ** BigInt(x.exponent - low) - y.digits * 10n ** BigInt(y.exponent - low)
  return sign(difference)
}

function sign(value: bigint): number {
  return value < 0n ? -1 : value > 0n ? 1 : 0
}

/** Place of the leading digit. */
function magnitude({ digits, exponent }: Decimal): number {
  return String(digits < 0n ? -digits : digits).length + exponent
}

function identityOfNumber(value: NumberLiteral): string {
  const { digits, exponent } = decimalOf(value)
  // Written like a safe integer where it is one, so that 1.0 meets 1.
  const isSmall = exponent >= 0 && exponent < 16
  return isSmall ? String(digits * 10n ** BigInt(exponent)) : `${digits}e${exponent}`
}
