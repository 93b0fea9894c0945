/** Instants in nanoseconds since 1970, as texts of RFC 3339. */

const SHAPE =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{1,2}):([0-9]{2}):([0-9]{2})(?:[.,]([0-9]+))?(?:Z|([+-])([0-9]{2}):([0-9]{2}))$/

export const SECOND = 1_000_000_000n
const INT64_MIN = -(1n << 63n)
const INT64_MAX = (1n << 63n) - 1n

/** As lenient as Go's time.Parse: an hour of one digit, a comma, offsets of 24 hours and 60 minutes. */
export function parseRfc3339(text: string): bigint | undefined {
  const match = SHAPE.exec(text)
  if (!match) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as Civil
  const fraction = (match[7] ?? '').slice(0, 9).padEnd(9, '0')
  const [sign, hours, minutes] = [match[8], Number(match[9] ?? 0), Number(match[10] ?? 0)]
  if (hour > 23 || minute > 59 || second > 59 || hours > 24 || minutes > 60) return undefined
  const midnight = daysOf(year, month, day)
  if (midnight === undefined) return undefined
  const offset = (hours * 60 + minutes) * 60 * (sign === '-' ? -1 : 1)
  const seconds = midnight * 86_400 + hour * 3600 + minute * 60 + second - offset
  return inRange(BigInt(seconds) * SECOND + BigInt(fraction))
}

type Civil = [number, number, number, number, number, number]

/** Days since 1970 of a date that exists. */
function daysOf(year: number, month: number, day: number): number | undefined {
  // setUTCFullYear, unlike Date.UTC, takes years below 100 as they are.
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined
  return date.getTime() / 86_400_000
}

/** OPA's instants are 64-bit integers. */
export function inRange(nanoseconds: bigint): bigint | undefined {
  return nanoseconds >= INT64_MIN && nanoseconds <= INT64_MAX ? nanoseconds : undefined
}
