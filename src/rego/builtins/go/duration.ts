/** Durations as OPA reads them: Go's, and days, weeks and years besides. */

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  '\u00b5s': 1_000n,
  '\u03bcs': 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
}
const HOURS: Readonly<Record<string, number>> = { d: 24, w: 7 * 24, y: 365 * 24 }
const LIMIT = 1n << 63n
const EXTENDED = /^([+-]?)((?:[0-9.]+(?:ms|us|\u00b5s|ns|[a-z]))+)$/
const SEGMENTS = /([0-9.]+)(ms|us|\u00b5s|ns|[a-z])/g
const PART = /([0-9]*)(?:(\.)([0-9]*))?([^0-9.]*)/y

/** Nanoseconds; undefined where the text is no duration or does not fit into 64 bits. */
export function parseDuration(text: string): bigint | undefined {
  if (!/[dwy]/.test(text)) return parseGoDuration(text)
  const match = EXTENDED.exec(text)
  const rewritten = match && inHours(match[2]!)
  return rewritten ? parseGoDuration(match[1]! + rewritten) : undefined
}

/** Writes days, weeks and years as hours. */
function inHours(text: string): string | undefined {
  let rewritten = ''
  for (const [whole, digits, unit] of text.matchAll(SEGMENTS)) {
    const hours = HOURS[unit!]
    if (hours === undefined) rewritten += whole
    else {
      if (!/^(?:[0-9]+\.?[0-9]*|\.[0-9]+)$/.test(digits!)) return undefined
      rewritten += `${plain(Number(digits) * hours)}h`
    }
  }
  return rewritten
}

/** Without an exponent. */
function plain(value: number): string {
  const text = String(value)
  return text.includes('e') ? value.toFixed(20).replace(/\.?0+$/, '') : text
}

function parseGoDuration(text: string): bigint | undefined {
  const sign = /^[+-]?/.exec(text)![0]
  if (text.slice(sign.length) === '0') return 0n
  if (text.length === sign.length) return undefined
  let total = 0n
  PART.lastIndex = sign.length
  while (PART.lastIndex < text.length) {
    const [, integer, point, fraction, unit] = PART.exec(text)!
    const part = partOf(integer!, point === undefined ? undefined : fraction!, UNITS[unit!])
    if (part === undefined) return undefined
    total += part
    if (total > LIMIT) return undefined
  }
  if (sign === '-') return -total
  return total === LIMIT ? undefined : total
}

function partOf(
  integer: string,
  fraction: string | undefined,
  unit: bigint | undefined,
): bigint | undefined {
  if (unit === undefined || integer + (fraction ?? '') === '') return undefined
  const whole = BigInt(integer || '0')
  if (whole > LIMIT / unit) return undefined
  const value = whole * unit + fractionOf(fraction ?? '', unit)
  return value > LIMIT ? undefined : value
}

/** Go computes the fraction in float64, and leaves out digits that 63 bits cannot hold. */
function fractionOf(digits: string, unit: bigint): bigint {
  let value = 0n
  let scale = 1
  for (const digit of digits) {
    const next = value * 10n + BigInt(digit)
    if (value > (LIMIT - 1n) / 10n || next > LIMIT) break
    value = next
    scale *= 10
  }
  return BigInt(Math.trunc(Number(value) * (Number(unit) / scale)))
}
