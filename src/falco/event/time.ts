/** Event times as Falco has them: nanoseconds since 1970, without a sign, in 64 bits. */

const SECOND = 1_000_000_000n

/** What Go's time.Parse takes for RFC 3339: one-digit hours and a comma too. */
const TIMESTAMP =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d?):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([+-])(\d\d):(\d\d))$/

/** Undefined for what is no timestamp; Falco skips such events. */
export function parseEventTime(text: string): bigint | undefined {
  const match = TIMESTAMP.exec(text)
  if (!match) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as number[]
  const [, , , , , , , fraction = '', sign, zoneHours = '0', zoneMinutes = '0'] = match
  if (hour! > 23 || minute! > 59 || second! > 59) return undefined
  if (Number(zoneHours) > 24 || Number(zoneMinutes) > 60) return undefined
  const date = new Date(0)
  date.setUTCFullYear(year!, month! - 1, day)
  if (date.getUTCMonth() !== month! - 1 || date.getUTCDate() !== day) return undefined
  date.setUTCHours(hour!, minute, second)
  const zone = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000 * (sign === '-' ? -1 : 1)
  const nanoseconds = BigInt(fraction.slice(0, 9).padEnd(9, '0'))
  return BigInt.asUintN(64, BigInt(date.getTime() - zone) * 1_000_000n + nanoseconds)
}

/** `2024-05-01T10:00:00.001000Z`, byte by byte; `0` stands for any digit. */
const USUAL = Uint8Array.from(Buffer.from('0000-00-00T00:00:00.000000Z'))

/**
 * True for what an API server writes, without making a text of it; false says nothing. Days from 29
 * on are left to the calendar.
 */
export function isUsualTime(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== USUAL.length) return false
  for (let i = 0; i < USUAL.length; i++) {
    const byte = bytes[start + i]!
    if (USUAL[i] === 0x30 ? byte < 0x30 || byte > 0x39 : byte !== USUAL[i]) return false
  }
  const two = (at: number): number => bytes[start + at]! * 10 + bytes[start + at + 1]! - 0x30 * 11
  const month = two(5)
  const day = two(8)
  return (
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 28 &&
    two(11) < 24 &&
    two(14) < 60 &&
    two(17) < 60
  )
}

/** The time of what `isUsualTime` accepts. */
export function usualTime(bytes: Uint8Array, start: number): bigint {
  const digits = (from: number, to: number): number => {
    let number = 0
    for (let i = start + from; i < start + to; i++) number = number * 10 + bytes[i]! - 0x30
    return number
  }
  const date = Date.UTC(
    digits(0, 4),
    digits(5, 7) - 1,
    digits(8, 10),
    digits(11, 13),
    digits(14, 16),
  )
  const microseconds = digits(17, 19) * 1_000_000 + digits(20, 26)
  return BigInt.asUintN(64, BigInt(date * 1000 + microseconds) * 1000n)
}

/** Whole seconds. */
export function seconds(time: bigint): bigint {
  return time / SECOND
}

/** Nanoseconds within the second. */
export function fraction(time: bigint): bigint {
  return time % SECOND
}

/** `2024-05-01` and `10:00:00` of a time, UTC. */
function parts(time: bigint): { date: string; clock: string; nanoseconds: string } {
  const iso = new Date(Number(seconds(time)) * 1000).toISOString()
  const [date = '', clock = ''] = iso.split('T')
  return { date, clock: clock.slice(0, 8), nanoseconds: String(fraction(time)).padStart(9, '0') }
}

/** `10:00:00.001000000` */
export function clockTime(time: bigint): string {
  const { clock, nanoseconds } = parts(time)
  return `${clock}.${nanoseconds}`
}

/** `10:00:00` */
export function clockSeconds(time: bigint): string {
  return parts(time).clock
}

/** `2024-05-01 10:00:00.001000000` */
export function dateTime(time: bigint): string {
  return `${parts(time).date} ${clockTime(time)}`
}

/** `2024-05-01 10:00:00` */
export function dateTimeSeconds(time: bigint): string {
  return `${parts(time).date} ${clockSeconds(time)}`
}

/** `2024-05-01T10:00:00.001000000+0000`, as the field `evt.time.iso8601` has it. */
export function isoField(time: bigint): string {
  return `${parts(time).date}T${clockTime(time)}+0000`
}

/** `2024-05-01T10:00:00.001000000Z`, as an alert's `time` has it. */
export function isoTime(time: bigint): string {
  return `${parts(time).date}T${clockTime(time)}Z`
}
