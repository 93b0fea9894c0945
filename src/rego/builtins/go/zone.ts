/** Offsets of time zones, from the zone data that Node carries. */

/** A zone's offset is looked up once for a stretch of this length, in seconds. */
const STRETCH = 900
/** Stretches that are remembered for one zone. */
const STRETCHES_MAX = 4096

let known: ReadonlySet<string> | undefined
const zones = new Map<string, Zone>()

/** The zone of that exact name; undefined for names that Node has only as an alias, or not at all. */
export function zoneOf(name: string): Zone | undefined {
  known ??= new Set(Intl.supportedValuesOf('timeZone'))
  if (!known.has(name)) return undefined
  let zone = zones.get(name)
  if (!zone) zones.set(name, (zone = new Zone(name)))
  return zone
}

/** Seconds to add to a time in UTC to get the zone's clock. */
export interface Offsets {
  offsetAt(seconds: number): number
}

export const UTC: Offsets = { offsetAt: () => 0 }

class Zone implements Offsets {
  readonly #format: Intl.DateTimeFormat
  readonly #stretches = new Map<number, number>()

  constructor(name: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  }

  /** `seconds` since 1970, not before it: older offsets differ between collections of zone data. */
  offsetAt(seconds: number): number {
    const stretch = Math.floor(seconds / STRETCH)
    let offset = this.#stretches.get(stretch)
    // Since 1970 clocks change at quarters of an hour only.
    if (offset === undefined) {
      offset = this.#lookUp(stretch * STRETCH)
      if (this.#stretches.size >= STRETCHES_MAX) this.#stretches.clear()
      this.#stretches.set(stretch, offset)
    }
    return offset
  }

  #lookUp(seconds: number): number {
    const parts: Record<string, number> = {}
    for (const { type, value } of this.#format.formatToParts(seconds * 1000)) {
      parts[type] = Number(value)
    }
    const { year, month, day, hour, minute, second } = parts
    return Date.UTC(year!, month! - 1, day!, hour!, minute!, second!) / 1000 - seconds
  }
}
