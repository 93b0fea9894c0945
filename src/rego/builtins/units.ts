import { numberOf } from '../value.ts'
import type { RegoNumber } from '../value.ts'
import { BuiltinError, stringOperand } from './builtin.ts'
import type { Builtins } from './builtin.ts'
import { parseRational, roundToBits } from './go/rational.ts'
import type { Rational } from './go/rational.ts'

export const units: Builtins = {
  'units.parse': (operands) => parseUnits(stringOperand(operands, 0).replaceAll('"', '')),
  'units.parse_bytes': (operands) =>
    parseBytes(lower(stringOperand(operands, 0).replaceAll('"', ''))),
}

/** Most digits that OPA takes in an exponent. */
const EXPONENT_DIGITS_MAX = 6
/** Digits behind the point of an answer that is no integer. */
const FRACTION_DIGITS = 10
/** OPA's bytes are Go's big.Float, which keeps this many bits. */
const FLOAT_BITS = 64

const DECIMAL = 'kmgtpe'
/** Go's float64 of 0.001, which is what OPA multiplies by. */
const MILLI: Rational = { numerator: 1_152_921_504_606_847n, denominator: 1n << 60n }

function parseUnits(text: string): RegoNumber {
  const [amount, unit] = amountAndUnit(text)
  const factor = factorOf(unit.slice(0, 1) + lower(unit.slice(1)))
  const value = times(amount, factor)
  const { numerator, denominator } = value
  if (numerator % denominator === 0n) return numberOf(String(numerator / denominator))
  return numberOf(fixed(value))
}

/** `m` is milli and `M` mega; the other letters have one meaning in either case. */
function factorOf(unit: string): Rational {
  if (unit === '') return whole(1n)
  if (unit === 'm') return MILLI
  const power = BigInt('KMGTPE'.indexOf(asciiUpper(unit.slice(0, 1))) + 1)
  const rest = unit.slice(1)
  if (power > 0n && rest === '') return whole(1000n ** power)
  if (power > 0n && rest === 'i') return whole(1024n ** power)
  throw new BuiltinError(`unit ${unit} not recognized`)
}

/** All in small letters: `m` is mega, and a `b` may follow. */
function parseBytes(text: string): RegoNumber {
  const [amount, unit] = amountAndUnit(text)
  const { numerator, denominator } = roundToBits(
    times(roundToBits(amount, FLOAT_BITS), whole(bytesOf(unit))),
    FLOAT_BITS,
  )
  return numberOf(String(numerator / denominator))
}

function bytesOf(unit: string): bigint {
  const match = /^([kmgtpe])(i?)b?$/.exec(unit)
  if (unit === '') return 1n
  if (!match) throw new BuiltinError(`byte unit ${unit} not recognized`)
  return (match[2] === 'i' ? 1024n : 1000n) ** BigInt(DECIMAL.indexOf(match[1]!) + 1)
}

function amountAndUnit(text: string): [Rational, string] {
  if (text.includes(' ')) throw new BuiltinError('spaces not allowed in resource strings')
  const split = unitStart(text)
  if (split === 0) throw new BuiltinError('no amount provided')
  const amount = parseRational(text.slice(0, split))
  if (!amount) throw new BuiltinError('could not parse amount to a number')
  return [amount, text.slice(split)]
}

/** Where the number ends. An `e` belongs to it when a digit or a sign follows. */
function unitStart(text: string): number {
  for (let i = 0; i < text.length; i++) {
    const mark = text[i]!
    if (/[eE]/.test(mark)) {
      if (!/[0-9+-]/.test(text[i + 1] ?? '')) return i
      if (/[+-]/.test(text[i + 1]!)) i++
      const digits = /^[0-9]*/.exec(text.slice(i + 1))![0]
      if (digits.length > EXPONENT_DIGITS_MAX) throw new BuiltinError('exponent too large')
    } else if (!/[0-9.+-]/.test(mark)) return i
  }
  return text.length
}

function whole(value: bigint): Rational {
  return { numerator: value, denominator: 1n }
}

function times(a: Rational, b: Rational): Rational {
  return {
    numerator: a.numerator * b.numerator,
    denominator: a.denominator * b.denominator,
  }
}

/** Decimal text, halves rounded away from zero. */
function fixed({ numerator, denominator }: Rational): string {
  const magnitude = numerator < 0n ? -numerator : numerator
  const scaled = magnitude * 10n ** BigInt(FRACTION_DIGITS)
  const digits = String((scaled * 2n + denominator) / (denominator * 2n)).padStart(
    FRACTION_DIGITS + 1,
    '0',
  )
  const sign = numerator < 0n ? '-' : ''
  return `${sign}${digits.slice(0, -FRACTION_DIGITS)}.${digits.slice(-FRACTION_DIGITS)}`
}

function asciiUpper(letter: string): string {
  return /^[a-z]$/.test(letter) ? letter.toUpperCase() : letter
}

/** Go lowers a dotted capital I to a plain i. */
function lower(text: string): string {
  return text.replaceAll('\u0130', 'i').toLowerCase()
}
