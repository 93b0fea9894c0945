/** An exact fraction; the denominator is positive. */
export interface Rational {
  readonly numerator: bigint
  readonly denominator: bigint
}

const DECIMAL = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?$/

/** Reads a decimal number with an optional fraction and exponent; undefined for anything else. */
export function parseRational(text: string): Rational | undefined {
  const match = DECIMAL.exec(text)
  if (!match) return undefined
  const [, sign, integer = '', fraction = '', power = '0'] = match
  if (integer + fraction === '') return undefined
  const digits = BigInt(integer + fraction) * (sign === '-' ? -1n : 1n)
  const exponent = Number(power) - fraction.length
  if (exponent < 0) return { numerator: digits, denominator: 10n ** BigInt(-exponent) }
  return { numerator: digits * 10n ** BigInt(exponent), denominator: 1n }
}

/** The nearest number whose mantissa has so many bits, ties to even: what Go's big.Float keeps. */
export function roundToBits(value: Rational, bits: number): Rational {
  const { numerator, denominator } = value
  if (numerator === 0n) return { numerator: 0n, denominator: 1n }
  const magnitude = numerator < 0n ? -numerator : numerator
  let shift = bits - bitLength(magnitude) + bitLength(denominator)
  let quotient = scaled(magnitude, denominator, shift)
  if (bitLength(quotient.whole) > bits) quotient = scaled(magnitude, denominator, --shift)
  const { whole, remainder, divisor } = quotient
  const double = remainder * 2n
  const isUp = double > divisor || (double === divisor && (whole & 1n) === 1n)
  const mantissa = (isUp ? whole + 1n : whole) * (numerator < 0n ? -1n : 1n)
  if (shift >= 0) return { numerator: mantissa, denominator: 1n << BigInt(shift) }
  return { numerator: mantissa << BigInt(-shift), denominator: 1n }
}

function scaled(
  magnitude: bigint,
  denominator: bigint,
  shift: number,
): { whole: bigint; remainder: bigint; divisor: bigint } {
  const dividend = shift >= 0 ? magnitude << BigInt(shift) : magnitude
  const divisor = shift >= 0 ? denominator : denominator << BigInt(-shift)
  return { whole: dividend / divisor, remainder: dividend % divisor, divisor }
}

function bitLength(value: bigint): number {
  return value.toString(2).length
}
