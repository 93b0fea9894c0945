import { hash } from 'node:crypto'
import type { ProvedEvent } from '../audit/proved.ts'
import { type Redactor, redactorFor } from '../audit/redact.ts'
import type { Projection } from '../audit/scanner/projection.ts'
import { type JsonObject, objectOf, textOf, textsOf } from '../text/json.ts'
import { FALCO_EVENT_BYTES_MAX } from '../text/limits.ts'
import type { Match } from './evaluator.ts'
import type { Finding } from './finding.ts'

/** Hex digits of a fingerprint. */
const FINGERPRINT_DIGITS = 32

/** `--no-redact`: the engines' own text. */
const transparent: Redactor = {
  text: (text) => text,
  value: (value) => value,
  identity: (value) => value,
}

/** What a finding tells of its event. */
type Fields = Pick<
  Finding,
  | 'time'
  | 'auditID'
  | 'stage'
  | 'user'
  | 'verb'
  | 'resource'
  | 'sourceIPs'
  | 'userAgent'
  | 'response'
>

/** What findings show of their events, and what filters and exceptions ask of them. */
export const FACTS: Projection = {
  paths: [
    ['auditID'],
    ['stage'],
    ['requestReceivedTimestamp'],
    ['stageTimestamp'],
    ['user', 'username'],
    ['user', 'groups'],
    ['impersonatedUser', 'username'],
    ['verb'],
    ['requestURI'],
    ['objectRef'],
    ['sourceIPs'],
    ['userAgent'],
    ['responseStatus', 'code'],
  ],
}

/** As the API server writes it: nothing can hide in it, and no other field is new in every event. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/

/** An event that findings are made of, as far as it was looked at already. */
export interface FoundIn {
  readonly event: ProvedEvent
  /** `FACTS` of the event, as an object of its own; undefined where that is not known. */
  facts?(): ProvedEvent | undefined
  /** False where nothing in the event can be confidential, except in the query of its address. */
  mayHoldSecrets?(): boolean
}

/** An event's own half of its findings, read once however many rules fire on it. */
export class EventFacts {
  readonly auditID: string | null
  /** The event, parsed: all of it, or `FACTS` alone. */
  readonly event: JsonObject
  readonly #bytes: ProvedEvent
  readonly #redactor: Redactor
  readonly #redact: boolean
  #fields: Fields | undefined

  /** @param redact false gives the engines' own text; fingerprints stay those of the redacted one. */
  constructor(source: FoundIn, redact: boolean) {
    const facts = source.facts?.()
    this.event = parsed(facts ?? source.event)
    this.auditID = textOf(this.event['auditID'])
    this.#bytes = source.event
    this.#redact = redact
    this.#redactor = redactorFor(() =>
      facts && source.mayHoldSecrets?.() !== false ? parsed(source.event) : this.event,
    )
  }

  /** Joins a match to the event's fields. This is the only place where findings are made. */
  finding(match: Match, file: string, line: number): Finding {
    const { engine, rule, title, priority, tags, source, output_fields } = match
    const safe = this.#redactor.text(match.message)
    const show = this.#redact ? this.#redactor : transparent
    return {
      rule,
      engine,
      title,
      priority,
      message: this.#redact ? safe : match.message,
      tags,
      ...(this.#fields ??= this.#readFields()),
      file,
      line,
      fingerprint: this.#fingerprint(engine, rule, safe),
      ...(this.#bytes.length > FALCO_EVENT_BYTES_MAX ? { beyondFalcoLimit: true as const } : {}),
      ...(source === undefined ? {} : { source }),
      ...(output_fields === undefined ? {} : { output_fields: show.value(output_fields) }),
    }
  }

  #readFields(): Fields {
    const event = this.event
    const user = objectOf(event['user'])
    const ref = event['objectRef'] === undefined ? null : objectOf(event['objectRef'])
    const code = objectOf(event['responseStatus'])['code']
    const time = textOf(event['stageTimestamp'])
    return {
      time: time !== null && TIME.test(time) ? time : this.#shown(time),
      auditID: this.#shown(this.auditID),
      stage: this.#shown(event['stage']),
      user: {
        name: this.#shown(user['username']),
        groups: textsOf(user['groups']).map((group) => this.#shown(group)!),
        impersonated: this.#shown(objectOf(event['impersonatedUser'])['username']),
      },
      verb: this.#shown(event['verb']),
      resource: ref && {
        group: this.#shown(ref['apiGroup']),
        resource: this.#shown(ref['resource']),
        subresource: this.#shown(ref['subresource']),
        namespace: this.#shown(ref['namespace']),
        name: this.#shown(ref['name']),
      },
      sourceIPs: textsOf(event['sourceIPs']).map((address) => this.#shown(address)!),
      userAgent: this.#shown(event['userAgent']),
      response: { code: typeof code === 'number' ? code : null },
    }
  }

  /** A text that says who did what, as it may be shown; null for what is no text. */
  #shown(value: unknown): string | null {
    const text = textOf(value)
    return text === null || !this.#redact ? text : this.#redactor.identity(text)
  }

  #fingerprint(engine: string, rule: string, message: string): string {
    const subject = this.auditID ?? hash('sha256', this.#bytes)
    const identity = JSON.stringify([engine, rule, subject, message])
    return hash('sha256', identity).slice(0, FINGERPRINT_DIGITS)
  }
}

function parsed(json: ProvedEvent): JsonObject {
  return JSON.parse(Buffer.from(json.buffer, json.byteOffset, json.length).toString())
}
