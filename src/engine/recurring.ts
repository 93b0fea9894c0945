import { starQuote } from '../text/star.ts'

/** Letters and digits that Kubernetes makes names of: no vowels, and nothing that looks alike. */
const SAFE = 'bcdfghjklmnpqrstvwxz2456789'
const RANDOM = new RegExp(`^[${SAFE}]{5}$`)
const HASH = new RegExp(`^[${SAFE}]{8,10}$`)
/** An ordinal, the minute of a CronJob, a serial number. */
const NUMBER = /^\d+$/
/** A digest or a part of a UUID: hexadecimal, with a digit in it. */
const HEX = /^(?=.*\d)[\da-f]{8,}$/

/** What differs from one time to the next in sentences about the same thing. */
const PASSING: readonly RegExp[] = [
  // RFC 3339, and the time on a clock after the day
  /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/g,
  /\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) at \d\d:\d\d\b/g,
  /\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b/g,
  /(?<=@sha256:)[\da-f]{64}\b/g,
]

/**
 * A name as a pattern (see star.ts) with a star for each part that Kubernetes generates:
 * `web-7d9f8b6c5-x2kqz` is `web-*-*`, `web-0` is `web-*`.
 */
function recurringName(name: string): string {
  const parts = name.split('-')
  const isGenerated = (part: string, index: number): boolean =>
    index > 0 &&
    (NUMBER.test(part) ||
      HEX.test(part) ||
      (index === parts.length - 1 && RANDOM.test(part)) ||
      (index === parts.length - 2 && HASH.test(part)))
  return parts.map((part, index) => (isGenerated(part, index) ? '*' : starQuote(part))).join('-')
}

/**
 * A name up to what Kubernetes generates of it, with a star behind it: `web-*`. The name itself where
 * nothing is generated, or where somebody chose it.
 *
 * @param resource plural, `pods`
 */
export function recurringStart(resource: string, name: string): string {
  if (!MADE_BY_CONTROLLERS.has(resource)) return name
  const star = recurringName(name).indexOf('*')
  return star < 0 ? name : `${name.slice(0, star)}*`
}

/** Objects that controllers create and name; the names of all others are somebody's choice. */
const MADE_BY_CONTROLLERS: ReadonlySet<string> = new Set([
  'pods',
  'replicasets',
  'jobs',
  'controllerrevisions',
  'endpointslices',
  'persistentvolumeclaims',
  'persistentvolumes',
  'certificatesigningrequests',
  'events',
])

/**
 * A sentence about an object as a pattern that matches it, and the same sentence about another time
 * or, where controllers make such objects, another copy of the object.
 *
 * @param resource plural, `pods`; '' for none
 * @param name the object's name, '' for none
 */
export function recurringText(text: string, resource: string, name: string): string {
  let pattern = starQuote(text)
  for (const passing of PASSING) pattern = pattern.replace(passing, '*')
  if (name === '' || !MADE_BY_CONTROLLERS.has(resource)) return pattern
  return pattern.replaceAll(starQuote(name), () => recurringName(name))
}
