/** What the name of a log says about its place among the others of its folder. */
export interface LogName {
  readonly name: string
  /** The name of the log that is still being written; the same for all that were rotated out of it. */
  readonly family: string
  /** Sorts the rotated logs of a family, oldest first; undefined for the log being written. */
  readonly age: string | undefined
  readonly gzip: boolean
}

const LOG = /\.(?:log|json|jsonl|ndjson)$/i
/** kube-apiserver (lumberjack): `audit-2026-11-24T02-43-01.936.log`, in UTC or local time. */
const STAMPED = /^(.*)-(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(?:\.\d+)?)(\.[^.]+)$/
/** logrotate: `audit.log.3`, and with dateext `audit.log-20261124`. */
const NUMBERED = /^(.*)\.(\d{1,9})$/
const DATED = /^(.*)-(\d{8}(?:-?\d+)?)$/

/** Reads the name of a log; undefined where the name is not one of a log. */
export function readLogName(name: string): LogName | undefined {
  const gzip = /\.gz$/i.test(name)
  const plain = gzip ? name.slice(0, -3) : name
  const [family, age] = rotated(plain)
  return LOG.test(family) ? { name, family, age, gzip } : undefined
}

function rotated(name: string): [family: string, age: string | undefined] {
  const stamped = STAMPED.exec(name)
  if (stamped) return [stamped[1]! + stamped[3]!, stamped[2]]
  const dated = DATED.exec(name)
  if (dated) return [dated[1]!, dated[2]]
  const numbered = NUMBERED.exec(name)
  // The highest number is the oldest, and all of them are younger than a date.
  if (numbered) return [numbered[1]!, `~${String(1e9 - Number(numbered[2])).padStart(10, '0')}`]
  return [name, undefined]
}

/** Orders logs by family, and each family in time: rotated logs from the oldest on, then the live one. */
export function compareLogs(a: LogName, b: LogName): number {
  return (
    compare(a.family, b.family) ||
    compare(a.age ?? '\uffff', b.age ?? '\uffff') ||
    compare(a.name, b.name)
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
