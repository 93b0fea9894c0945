/** Go's strconv.FormatFloat, digit for digit. */

/** Shortest digits that read back as the same number. */
export const SHORTEST = -1

/** A finite number as 0.d₁d₂d₃… × 10^point, without its sign. */
interface Digits {
  readonly digits: string
  readonly point: number
}

/** Formats with verb e, E, f, g, G, b, x or X. `precision` as in Go, or SHORTEST. */
export function formatFloat(value: number, verb: string, precision: number): string {
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  const magnitude = Math.abs(value)
  if (verb === 'b') return sign + binary(magnitude)
  if (verb === 'x' || verb === 'X') return sign + hexadecimal(magnitude, verb, precision)
  return sign + decimal(magnitude, verb, precision)
}

function decimal(value: number, verb: string, precision: number): string {
  const lower = verb.toLowerCase()
  const isShortest = precision < 0
  if (isShortest) {
    const exact = shortest(value)
    if (lower === 'e') return exponential(exact, verb, Math.max(exact.digits.length - 1, 0))
    if (lower === 'f') return fixed(exact, Math.max(exact.digits.length - exact.point, 0))
    return general(exact, verb, exact.digits.length, true)
  }
  const exact = exactly(value)
  if (lower === 'e') return exponential(rounded(exact, precision + 1), verb, precision)
  if (lower === 'f') return fixed(rounded(exact, exact.point + precision), precision)
  const wanted = precision === 0 ? 1 : precision
  return general(rounded(exact, wanted), verb, wanted, false)
}

function general(number: Digits, verb: string, precision: number, isShortest: boolean): string {
  const { digits, point } = number
  let limit = precision
  if (limit > digits.length && digits.length >= point) limit = digits.length
  if (isShortest) limit = 6
  const exponent = point - 1
  if (exponent < -4 || exponent >= limit) {
    const shown = Math.min(precision, digits.length)
    return exponential(number, verb === 'G' ? 'E' : 'e', Math.max(shown - 1, 0))
  }
  return fixed(number, Math.max(digits.length - point, 0))
}

function exponential({ digits, point }: Digits, verb: string, precision: number): string {
  const head = digits[0] ?? '0'
  const tail = precision > 0 ? `.${digits.slice(1, precision + 1).padEnd(precision, '0')}` : ''
  const exponent = digits === '' ? 0 : point - 1
  const power = String(Math.abs(exponent)).padStart(2, '0')
  return `${head}${tail}${verb}${exponent < 0 ? '-' : '+'}${power}`
}

function fixed({ digits, point }: Digits, precision: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0'
  if (precision === 0) return whole
  const fraction = point >= 0 ? digits.slice(point) : '0'.repeat(-point) + digits
  return `${whole}.${fraction.slice(0, precision).padEnd(precision, '0')}`
}

/** JavaScript and Go agree on the shortest digits; only their layout differs. */
function shortest(value: number): Digits {
  if (value === 0) return { digits: '', point: 0 }
  const [mantissa, exponent] = value.toExponential().split('e')
  return { digits: mantissa!.replace('.', ''), point: Number(exponent) + 1 }
}

function exactly(value: number): Digits {
  if (value === 0) return { digits: '', point: 0 }
  const { mantissa, exponent } = parts(value)
  // m × 2^-n = m × 5^n × 10^-n
  const scaled = exponent >= 0 ? mantissa << BigInt(exponent) : mantissa * 5n ** BigInt(-exponent)
  const all = String(scaled)
  return { digits: all.replace(/0+$/, ''), point: all.length + Math.min(exponent, 0) }
}

/** Keeps `count` digits, rounding half to even. */
function rounded({ digits, point }: Digits, count: number): Digits {
  if (count >= digits.length) return { digits, point }
  if (count < 0) return { digits: '', point: 0 }
  const kept = digits.slice(0, count)
  const next = digits.charCodeAt(count) - 0x30
  const isTie = next === 5 && digits.length === count + 1
  const isOdd = count > 0 && (digits.charCodeAt(count - 1) - 0x30) % 2 === 1
  if (next < 5 || (isTie && !isOdd)) return trimmed(kept, point)
  const up = String(BigInt(kept || '0') + 1n).padStart(count, '0')
  return trimmed(up, point + up.length - count)
}

function trimmed(digits: string, point: number): Digits {
  const significant = digits.replace(/0+$/, '')
  return significant === '' ? { digits: '', point: 0 } : { digits: significant, point }
}

/** A positive finite number as mantissa × 2^exponent, as IEEE 754 holds it. */
function parts(value: number): { mantissa: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  const bits = view.getBigUint64(0)
  const biased = Number((bits >> 52n) & 0x7ffn)
  const fraction = bits & 0xfffffffffffffn
  if (biased === 0) return { mantissa: fraction, exponent: -1074 }
  return { mantissa: fraction | 0x10000000000000n, exponent: biased - 1075 }
}

function binary(value: number): string {
  const { mantissa, exponent } = parts(value)
  return `${mantissa}p${exponent < 0 ? '' : '+'}${exponent}`
}

/** `0x1.8p+01`: one hexadecimal digit before the point, an exponent of two. */
function hexadecimal(value: number, verb: string, precision: number): string {
  let { mantissa, exponent } = value === 0 ? { mantissa: 0n, exponent: -52 } : parts(value)
  while (mantissa !== 0n && mantissa < 1n << 52n) {
    mantissa <<= 1n
    exponent--
  }
  exponent += 52
  if (precision >= 0 && precision < 13) {
    const dropped = BigInt(52 - 4 * precision)
    const half = 1n << (dropped - 1n)
    const rest = mantissa & ((1n << dropped) - 1n)
    mantissa >>= dropped
    if (rest > half || (rest === half && (mantissa & 1n) === 1n)) mantissa++
    mantissa <<= dropped
    if (mantissa >> 53n) {
      mantissa >>= 1n
      exponent++
    }
  }
  const hex = (mantissa & 0xfffffffffffffn).toString(16).padStart(13, '0')
  const tail =
    precision < 0 ? hex.replace(/0+$/, '') : hex.padEnd(precision, '0').slice(0, precision)
  const power = String(Math.abs(exponent)).padStart(2, '0')
  const text = `0x${mantissa >> 52n}${tail && `.${tail}`}p${exponent < 0 ? '-' : '+'}${power}`
  return verb === 'X' ? text.toUpperCase() : text
}
