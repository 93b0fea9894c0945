import { inGroups } from '../text/groups.ts'
import { isObject, type JsonObject, objectOf, textOf } from '../text/json.ts'
import { nearest } from '../text/nearest.ts'
import { type Exception, fits, matchTextsOf } from './exception.ts'
import { ExceptionTable } from './exception-table.ts'

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/
const UNTIL = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?$/

/**
 * The exceptions of a policy's data. They are applied to findings, so an event without findings costs
 * nothing, and they say the same as the generated union of guardrails does in Rego (rego/union.ts).
 */
export class Exceptions {
  readonly #byName: ReadonlyMap<string, Exception>
  readonly #byGuardrail = new Map<string, ExceptionTable>()

  /** @param data the policy's whole data */
  constructor(data: unknown) {
    const all = exceptionsIn(data)
    this.#byName = new Map(all.map((one) => [one.name, one]))
    for (const [guardrail, own] of inGroups(all, (one) => one.guardrail)) {
      this.#byGuardrail.set(guardrail, new ExceptionTable(own))
    }
  }

  /** The exception of this name. */
  named(name: string): Exception | undefined {
    return this.#byName.get(name)
  }

  /** The first exception, by name, that covers what a guardrail finds in an event. */
  covering(guardrail: string, event: JsonObject): Exception | undefined {
    const exceptions = this.#byGuardrail.get(guardrail)
    if (!exceptions) return undefined
    const texts = matchTextsOf(event)
    const time = event['requestReceivedTimestamp']
    return exceptions.first(texts, ({ until, match }) => holds(until, time) && fits(match, texts))
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
  const unknown = new Set(stray.map(({ guardrail }) => guardrail))
  const advice = new Map([...unknown].map((id) => [id, meantBy(id, guardrails)]))
  return stray.map(({ name, guardrail }) => {
    const meant = advice.get(guardrail)
    return `the exception \`${name}\` ${strayText(guardrail)}${meant ? `; ${meant}` : ''}`
  })
}

/** What is wrong with an exception for a guardrail that is not there, behind its name. */
export function strayText(id: string): string {
  return `is for \`${id}\`, which is no guardrail here`
}

/** Which guardrail may be meant; undefined where none comes near. */
export function meantBy(id: string, guardrails: ReadonlySet<string>): string | undefined {
  const meant = nearest(id, guardrails)
  return meant ? `did you mean \`${meant}\`?` : undefined
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

/** An API server writes all times alike; an event with another one is covered by nothing. */
function holds(until: string, time: unknown): boolean {
  if (typeof time !== 'string' || !TIME.test(time) || !UNTIL.test(until)) return false
  // Without its Z, a second is not behind its own fractions.
  return time < until.replace('Z', '')
}
