import { isObject, type JsonObject, objectOf, textOf } from '../text/json.ts'
import { nearest } from '../text/nearest.ts'

/** A guardrail's findings that are accepted for a while, as `data.org.exceptions` names it. */
export interface Exception {
  readonly name: string
  /** Id of the guardrail. */
  readonly guardrail: string
  /** First day or moment (UTC) on which it no longer holds: `2026-12-31`, `2026-12-31T08:00:00Z`. */
  readonly until: string
  readonly reason: string
  /** What an event must have, by `MATCH_KEYS`. What is left out is not compared, except `as`. */
  readonly match: Readonly<Record<string, unknown>>
}

/**
 * What a `match` can name. A value is a whole text, the beginning of one with `*` behind it, or null
 * for "has none". Without `as`, requests that impersonate somebody are not covered.
 */
export const MATCH_KEYS = ['user', 'as', 'verb', 'resource', 'namespace', 'name', 'uri'] as const

export type MatchKey = (typeof MATCH_KEYS)[number]

/** What patterns are held against; null for what the event does not have. */
export type MatchTexts = Readonly<Record<MatchKey, string | null>>

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/
const UNTIL = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?$/

/**
 * The exceptions of a policy's data. They are applied to findings, so an event without findings costs
 * nothing, and they say the same as the generated union of guardrails does in Rego (rego/union.ts).
 */
export class Exceptions {
  readonly #byGuardrail = new Map<string, Exception[]>()

  /** @param data the policy's whole data */
  constructor(data: unknown) {
    for (const exception of exceptionsIn(data)) {
      const others = this.#byGuardrail.get(exception.guardrail) ?? []
      others.push(exception)
      this.#byGuardrail.set(exception.guardrail, others)
    }
  }

  /** The exception of this name. */
  named(name: string): Exception | undefined {
    return [...this.#byGuardrail.values()].flat().find((one) => one.name === name)
  }

  /** The first exception, by name, that covers what a guardrail finds in an event. */
  covering(guardrail: string, event: JsonObject): Exception | undefined {
    const exceptions = this.#byGuardrail.get(guardrail)
    if (!exceptions) return undefined
    const texts = matchTextsOf(event)
    const time = event['requestReceivedTimestamp']
    return exceptions.find(({ until, match }) => holds(until, time) && fits(match, texts))
  }
}

/** The exceptions of a data document, by name. What is none is passed over, as Rego does. */
export function exceptionsIn(data: unknown): Exception[] {
  const named = Object.entries(objectOf(objectOf(objectOf(data)['org'])['exceptions']))
  return named
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, value]) => {
      const { guardrail, until, reason, match } = objectOf(value)
      if (typeof guardrail !== 'string' || typeof until !== 'string' || !isObject(match)) return []
      return [{ name, guardrail, until, reason: textOf(reason) ?? '', match }]
    })
}

/** A line for each exception of a data document whose guardrail is not there: it covers nothing. */
export function strayExceptions(data: unknown, guardrails: ReadonlySet<string>): string[] {
  const stray = exceptionsIn(data).filter(({ guardrail }) => !guardrails.has(guardrail))
  return stray.map(({ name, guardrail }) => {
    const meant = nearest(guardrail, guardrails)
    const advice = meant ? `; did you mean \`${meant}\`?` : ''
    return `the exception \`${name}\` is for \`${guardrail}\`, which is no guardrail here${advice}`
  })
}

/** Whether a text can end an exception, and is a day that exists. */
export function isDateOrTime(text: string): boolean {
  const at = UNTIL.test(text) ? Date.parse(text) : Number.NaN
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text.replace('Z', ''))
}

/** Data without exceptions: a policy with it gives all violations. */
export function withoutExceptions(data: unknown): unknown {
  if (!isObject(data) || !isObject(data['org']) || !Object.hasOwn(data['org'], 'exceptions'))
    return data
  const { exceptions: _, ...org } = data['org']
  return { ...data, org }
}

/** Who did what to what, as far as an event says it in texts. */
export function matchTextsOf(event: JsonObject): MatchTexts {
  const ref = objectOf(event['objectRef'])
  return {
    user: textOf(objectOf(event['user'])['username']),
    as: textOf(objectOf(event['impersonatedUser'])['username']),
    verb: textOf(event['verb']),
    resource: resourceOf(ref),
    namespace: textOf(ref['namespace']),
    name: textOf(ref['name']),
    uri: textOf(event['requestURI']),
  }
}

/** As kubectl names it: `pods/exec`, `deployments.apps`. */
function resourceOf(ref: JsonObject): string | null {
  const resource = textOf(ref['resource'])
  const group = textOf(ref['apiGroup'])
  const subresource = textOf(ref['subresource'])
  if (resource === null) return null
  return `${resource}${group ? `.${group}` : ''}${subresource ? `/${subresource}` : ''}`
}

/** An API server writes all times alike; an event with another one is covered by nothing. */
function holds(until: string, time: unknown): boolean {
  if (typeof time !== 'string' || !TIME.test(time) || !UNTIL.test(until)) return false
  // Without its Z, a second is not behind its own fractions.
  return time < until.replace('Z', '')
}

function fits(match: JsonObject, texts: MatchTexts): boolean {
  return Object.entries({ as: null, ...match }).every(([key, pattern]) => {
    return Object.hasOwn(texts, key) && matches(pattern, texts[key as MatchKey])
  })
}

function matches(pattern: unknown, text: string | null): boolean {
  if (typeof pattern !== 'string' || text === null) return pattern === text
  return pattern === text || (pattern.endsWith('*') && text.startsWith(pattern.slice(0, -1)))
}
