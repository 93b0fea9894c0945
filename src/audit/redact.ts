import type { JsonObject } from '../text/json.ts'
import { MALFORMED, prove } from './prove.ts'
import type { ProvedEvent } from './proved.ts'
import { isAccount } from './redact/accounts.ts'
import { echoesOf } from './redact/collect.ts'
import { type Echoes, mayRepeat, mayRepeatInName } from './redact/echoes.ts'
import { Edits, inReport } from './redact/edits.ts'
import { redactionsOf } from './redact/rewrite.ts'
import { spliced } from './redact/splice.ts'
import { isKnownClean } from './redact/memory.ts'
import { inName, inText } from './redact/text.ts'

/** Takes out of texts what the event holds in confidence. */
export interface Redactor {
  /** For what an engine wrote about the event. */
  text(text: string): string
  /** The same for every string inside a JSON value. */
  value<T>(value: T): T
  /**
   * For who and what: removes only what is a credential without doubt. A value that the event's
   * author chose must not be able to black out the author's own name.
   */
  identity<T>(value: T): T
}

/**
 * A redactor for texts about one event: it knows the values of the Secrets in the event, those of
 * ConfigMaps that are credentials, issued tokens, credential-like variables and arguments, and
 * removes them wherever they stand, besides what is a credential by its shape.
 *
 * @param event asked for once there is a text that might repeat something of it
 */
export function redactorFor(event: () => JsonObject): Redactor {
  let found: Echoes | undefined
  const echoes = (): Echoes => (found ??= echoesOf(event()))
  const clean = (text: string): string => {
    const edits = new Edits(text)
    inText(text, mayRepeat(text) ? echoes() : undefined, edits)
    return inReport(text, edits.merged())
  }
  const cleanName = (text: string): string => {
    const repeated = mayRepeatInName(text) && !isAccount(text) ? echoes() : undefined
    // Nearly all names come again and again, and nearly all events hold nothing in confidence.
    if ((repeated?.isEmpty ?? true) && isKnownClean(text) && !text.includes('%')) return text
    const edits = new Edits(text)
    inName(text, repeated, edits)
    return inReport(text, edits.merged())
  }
  return {
    text: clean,
    value: (value) => mapStrings(value, clean) as typeof value,
    identity: (value) => mapStrings(value, cleanName) as typeof value,
  }
}

/** The same for an event that was proved to be one JSON object and is not parsed yet. */
export function redactorOf(event: ProvedEvent): Redactor {
  return redactorFor(() => JSON.parse(Buffer.from(event).toString()) as JsonObject)
}

/**
 * A copy of an audit event with nothing confidential in it, as `parapet redact` would write it.
 * Numbers keep their value, not their digits.
 */
export function redactedEvent(event: JsonObject): JsonObject {
  const bytes = Buffer.from(JSON.stringify(event))
  // Deeper than any event, or no object after all.
  if (prove(bytes, 0, bytes.length) >= MALFORMED) return redactorFor(() => event).value(event)
  return JSON.parse(spliced(bytes, redactionsOf(bytes, 0, bytes.length))) as JsonObject
}

function mapStrings(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value)
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, map))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, mapStrings(item, map)]),
  )
}
