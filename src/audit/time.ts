const RFC3339 = /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)$/
const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/

const MICROSECONDS: Readonly<Record<string, number>> = {
  ms: 1e3,
  s: 1e6,
  m: 60e6,
  h: 3_600e6,
  d: 86_400e6,
  w: 604_800e6,
}

/** Microseconds since 1970 of an RFC 3339 text, which is what audit events carry; undefined for anything else. */
export function parseTimestamp(text: string): number | undefined {
  const match = RFC3339.exec(text)
  if (!match) return undefined
  const [, date, time, fraction = '', zone] = match
  const seconds = Date.parse(`${date}T${time}${zone!.toUpperCase()}`)
  if (Number.isNaN(seconds)) return undefined
  return seconds * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0'))
}

/** Microseconds of a duration such as `24h`, `15m`, `7d`; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const match = DURATION.exec(text)
  return match ? Number(match[1]) * MICROSECONDS[match[2]!]! : undefined
}
