import { decimalOf, isNumber, numberOf } from '../value.ts'
import type { Value } from '../value.ts'
import {
  BuiltinError,
  ELSEWHERE,
  int64Operand,
  isArray,
  operand,
  stringOperand,
} from './builtin.ts'
import type { Builtin, Builtins } from './builtin.ts'
import { parseDuration } from './go/duration.ts'
import { SECOND, inRange, parseRfc3339 } from './go/rfc3339.ts'
import { UTC, zoneOf } from './go/zone.ts'
import type { Offsets } from './go/zone.ts'

export const times: Builtins = {
  'time.now_ns': (_operands, evaluation) => numberOf(String(evaluation.now())),
  'time.parse_rfc3339_ns': (operands) => instant(parseRfc3339(stringOperand(operands, 0))),
  'time.parse_ns': (operands) => {
    const layout = stringOperand(operands, 0)
    if (!RFC3339.has(layout)) return ELSEWHERE
    return instant(parseRfc3339(stringOperand(operands, 1)))
  },
  'time.parse_duration_ns': (operands) => instant(parseDuration(stringOperand(operands, 0))),
  'time.date': local(({ date }) => [
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDate(),
  ]),
  'time.clock': local(({ date }) => [
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  ]),
  'time.weekday': local(({ date }) => WEEKDAYS[date.getUTCDay()]!),
  'time.format': local((time) => formatRfc3339(time)),
  'time.add_date': (operands) => addDate(operands),
  'time.diff': (operands) => diff(operands),
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
/** Layouts that mean the same when reading. Others are read by OPA's own code. */
const RFC3339: ReadonlySet<string> = new Set([
  'RFC3339',
  'RFC3339Nano',
  '2006-01-02T15:04:05Z07:00',
  '2006-01-02T15:04:05.999999999Z07:00',
])
/** Beyond these the sum leaves OPA's range, or overflows in ways of its own. */
const STEPS_MAX = { years: 1000n, months: 12_000n, days: 400_000n }

/** An instant and the clock on the wall at a place. */
interface LocalTime {
  /** Seconds since 1970, and nanoseconds into the second. */
  readonly seconds: number
  readonly nanoseconds: number
  readonly zone: Offsets
  readonly offset: number
  /** The wall clock, in the fields of UTC. */
  readonly date: Date
  readonly layout: string
}

function instant(nanoseconds: bigint | undefined): Value {
  if (nanoseconds === undefined)
    throw new BuiltinError('not a time, or one outside of the valid range')
  return numberOf(String(nanoseconds))
}

/** A builtin of one time operand: nanoseconds, or `[nanoseconds, zone, layout]`. */
function local(answer: (time: LocalTime) => Value | typeof ELSEWHERE): Builtin {
  return (operands) => {
    const time = timeOperand(operands, 0)
    return time === ELSEWHERE ? ELSEWHERE : answer(time)
  }
}

function timeOperand(operands: readonly Value[], index: number): LocalTime | typeof ELSEWHERE {
  const value = operand(operands, index)
  const [count = null, zoneName = '', layout = ''] = isArray(value) ? value : [value]
  const nanoseconds = nanosecondsOf(count)
  if (typeof zoneName !== 'string' || typeof layout !== 'string') {
    throw new BuiltinError('a time must be a number, or an array of number, zone and layout')
  }
  const zone = zoneName === '' || zoneName === 'UTC' ? UTC : zoneOf(zoneName)
  // Node knows fewer zone names than Go, and other offsets before 1970.
  if (!zone || (zone !== UTC && nanoseconds < 0n)) return ELSEWHERE
  const part = ((nanoseconds % SECOND) + SECOND) % SECOND
  const seconds = Number((nanoseconds - part) / SECOND)
  return localTime(seconds, Number(part), zone, layout)
}

function localTime(seconds: number, nanoseconds: number, zone: Offsets, layout: string): LocalTime {
  const offset = zone.offsetAt(seconds)
  const date = new Date((seconds + offset) * 1000)
  return { seconds, nanoseconds, zone, offset, date, layout }
}

/** An integer of 64 bits, in any notation. */
function nanosecondsOf(value: Value): bigint {
  if (!isNumber(value)) throw new BuiltinError('a time must be a number of nanoseconds')
  if (typeof value === 'number') return BigInt(value)
  const { digits, exponent } = decimalOf(value)
  const nanoseconds =
    exponent < 0 || exponent > 19 ? undefined : inRange(digits * 10n ** BigInt(exponent))
  if (nanoseconds === undefined) throw new BuiltinError('timestamp too big')
  return nanoseconds
}

function formatRfc3339(time: LocalTime): Value | typeof ELSEWHERE {
  const { layout, nanoseconds, offset, date } = time
  if (layout !== '' && !RFC3339.has(layout)) return ELSEWHERE
  const hasFraction = layout !== 'RFC3339' && layout !== '2006-01-02T15:04:05Z07:00'
  const digits = hasFraction ? String(nanoseconds).padStart(9, '0').replace(/0+$/, '') : ''
  const wall = date.toISOString().slice(0, -'.000Z'.length)
  return `${wall}${digits && `.${digits}`}${offset === 0 ? 'Z' : offsetText(offset)}`
}

function offsetText(offset: number): string {
  const minutes = Math.trunc(Math.abs(offset) / 60)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${offset < 0 ? '-' : '+'}${two(Math.trunc(minutes / 60))}:${two(minutes % 60)}`
}

function addDate(operands: readonly Value[]): Value | typeof ELSEWHERE {
  const time = timeOperand(operands, 0)
  const [years, months, days] = [1, 2, 3].map((index) => int64Operand(operands, index)) as Steps
  const { years: y, months: m, days: d } = STEPS_MAX
  if (time === ELSEWHERE || exceeds(years, y) || exceeds(months, m) || exceeds(days, d)) {
    return ELSEWHERE
  }
  const wall = new Date(time.date)
  wall.setUTCFullYear(
    wall.getUTCFullYear() + Number(years),
    wall.getUTCMonth() + Number(months),
    wall.getUTCDate() + Number(days),
  )
  const seconds = wall.getTime() / 1000
  if (time.zone !== UTC && seconds < 86_400) return ELSEWHERE
  const utc = seconds - offsetOfWall(seconds, time.zone)
  return instant(inRange(BigInt(utc) * SECOND + BigInt(time.nanoseconds)))
}

type Steps = [bigint, bigint, bigint]

function exceeds(value: bigint, limit: bigint): boolean {
  return value > limit || value < -limit
}

/** Go guesses the offset as if the wall clock were UTC, and looks once more at what that gives. */
function offsetOfWall(seconds: number, zone: Offsets): number {
  const guess = zone.offsetAt(seconds)
  return guess === 0 ? 0 : zone.offsetAt(seconds - guess)
}

/** Years, months, days, hours, minutes and seconds between two times, on the first one's clock. */
function diff(operands: readonly Value[]): Value | typeof ELSEWHERE {
  const one = timeOperand(operands, 0)
  const two = timeOperand(operands, 1)
  if (one === ELSEWHERE || two === ELSEWHERE) return ELSEWHERE
  if (one.zone !== UTC && two.seconds < 0) return ELSEWHERE
  const other = localTime(two.seconds, two.nanoseconds, one.zone, '')
  const isLater = one.seconds > other.seconds
  const [from, to] = isLater ? [other, one] : [one, other]
  return normalised(fields(from.date), fields(to.date))
}

function fields(date: Date): readonly number[] {
  return [
    date.getUTCFullYear(),
    date.getUTCMonth(),
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  ]
}

/** Borrows from the next larger unit wherever one is negative. */
function normalised(from: readonly number[], to: readonly number[]): readonly number[] {
  const steps = to.map((value, index) => value - from[index]!)
  const daysInMonth = 32 - new Date(Date.UTC(from[0]!, from[1]!, 32)).getUTCDate()
  const sizes = [0, 12, daysInMonth, 24, 60, 60]
  for (let unit = 5; unit > 0; unit--) {
    if (steps[unit]! < 0) {
      steps[unit]! += sizes[unit]!
      steps[unit - 1]!--
    }
  }
  return steps
}
