import { nameMatcher } from '../text/glob.ts'
import { ParapetError } from '../text/error.ts'
import { type JsonObject, objectOf } from '../text/json.ts'
import { parseDuration, parseTimestamp } from '../audit/time.ts'

export interface FilterOptions {
  /** RFC 3339 time or a duration back from `now`; inclusive, on stageTimestamp. */
  readonly since?: string
  /** The same; exclusive. */
  readonly until?: string
  /** `KEY=GLOB[,GLOB]` or `KEY!=GLOB`; all must hold. */
  readonly where?: readonly string[]
  /** The present, in microseconds since 1970, for durations. */
  readonly now?: number
}

/** True for events that the user asked about. */
export type EventFilter = (event: JsonObject) => boolean

const fields: Readonly<Record<string, (event: JsonObject) => unknown>> = {
  user: (event) => objectOf(event['user'])['username'],
  namespace: (event) => objectOf(event['objectRef'])['namespace'],
  verb: (event) => event['verb'],
  resource: (event) => {
    const { resource, subresource } = objectOf(event['objectRef'])
    return typeof subresource === 'string' ? `${String(resource)}/${subresource}` : resource
  },
}

/**
 * Compiles the filter options; undefined where there are none. An event without a time that can be
 * read stays in under `since` and `until`: it may not be lost.
 *
 * @throws ParapetError `USAGE` that names the option and what it should look like.
 */
export function compileFilter(options: FilterOptions): EventFilter | undefined {
  const { since, until, where = [], now } = options
  const conditions = where.map(compileCondition)
  if (since !== undefined || until !== undefined) {
    const from = since === undefined ? -Infinity : readTime('--since', since, now)
    const to = until === undefined ? Infinity : readTime('--until', until, now)
    conditions.push((event) => {
      const at = parseTimestamp(String(event['stageTimestamp']))
      return at === undefined || (at >= from && at < to)
    })
  }
  if (conditions.length === 0) return undefined
  return (event) => conditions.every((holds) => holds(event))
}

function compileCondition(text: string): EventFilter {
  const match = /^(\w+)(!?=)(.+)$/s.exec(text)
  const field = match && fields[match[1]!]
  if (!match || !field) {
    throw new ParapetError('USAGE', `\`--where ${text}\` is not KEY=GLOB or KEY!=GLOB`, {
      help: `keys are ${Object.keys(fields).join(', ')}; for example \`--where resource=pods/*\``,
    })
  }
  const matchers = match[3]!.split(',').map(nameMatcher)
  const wanted = match[2] === '='
  return (event) => {
    const value = field(event)
    return (typeof value === 'string' && matchers.some((matches) => matches(value))) === wanted
  }
}

function readTime(option: string, text: string, now: number | undefined): number {
  const back = parseDuration(text)
  const at = back !== undefined && now !== undefined ? now - back : parseTimestamp(text)
  if (at !== undefined) return at
  throw new ParapetError('USAGE', `\`${option} ${text}\` is neither a time nor a duration`, {
    help: 'give RFC 3339, `2026-11-24T08:00:00Z`, or a duration such as `24h`',
  })
}
