import { type JsonObject, objectOf, textOf } from '../text/json.ts'

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

/** Whether a match covers an event with these texts. */
export function fits(match: JsonObject, texts: MatchTexts): boolean {
  return Object.entries({ as: null, ...match }).every(([key, pattern]) => {
    return Object.hasOwn(texts, key) && matches(pattern, texts[key as MatchKey])
  })
}

function matches(pattern: unknown, text: string | null): boolean {
  if (typeof pattern !== 'string' || text === null) return pattern === text
  return isBeginning(pattern) ? text.startsWith(pattern.slice(0, -1)) : pattern === text
}

/** What a match asks of a key; undefined where it does not say. */
export function patternOf(match: JsonObject, key: MatchKey): unknown {
  return Object.hasOwn(match, key) ? match[key] : key === 'as' ? null : undefined
}

/** Whether a pattern is the beginning of a text, with a star behind it. */
export function isBeginning(pattern: unknown): pattern is string {
  return typeof pattern === 'string' && pattern.endsWith('*')
}
