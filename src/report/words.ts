const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const

/** A whole number, `12,345`. What JavaScript has for it takes ten milliseconds to load. */
export function numberText(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',')
}

/** `1 event`, `12,345 events`. */
export function countText(count: number, noun: string, plural = `${noun}s`): string {
  return `${numberText(count)} ${count === 1 ? noun : plural}`
}

/** `512 bytes`, `1.8 MB` (powers of 1000). */
export function bytesText(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`
}

/** A time, or a span whose shared date is written once: `2026-11-24 02:43:09Z – 02:44:10Z`. */
export function whenText(from: string | null, to: string | null): string {
  const first = split(from)
  const last = split(to)
  if (!first) return 'time unknown'
  if (!last || to === from) return `${first.date} ${first.time}`
  const end = last.date === first.date ? last.time : `${last.date} ${last.time}`
  return end === first.time ? `${first.date} ${first.time}` : `${first.date} ${first.time} – ${end}`
}

function split(time: string | null): { date: string; time: string } | undefined {
  const match = time && /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?(.*)$/.exec(time)
  return match ? { date: match[1]!, time: `${match[2]}${match[3]}` } : undefined
}
