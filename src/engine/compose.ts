import { hash } from 'node:crypto'
import type { ProvedEvent } from '../audit/proved.ts'
import { type Redactor, redactorFor } from '../audit/redact.ts'
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

/** An event's own half of its findings, read once however many rules fire on it. */
export class EventFacts {
  readonly auditID: string | null
  /** The parsed event, all of it: what is confidential may stand anywhere in it. */
  readonly event: JsonObject
  readonly #bytes: ProvedEvent
  readonly #redactor: Redactor
  readonly #redact: boolean

  /** @param redact false gives the engines' own text; fingerprints stay those of the redacted one. */
  constructor(bytes: ProvedEvent, redact: boolean) {
    this.event = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString())
    this.auditID = textOf(this.event['auditID'])
    this.#bytes = bytes
    this.#redact = redact
    this.#redactor = redactorFor(this.event)
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
      ...show.identity(this.#fields()),
      file,
      line,
      fingerprint: this.#fingerprint(engine, rule, safe),
      ...(this.#bytes.length > FALCO_EVENT_BYTES_MAX ? { beyondFalcoLimit: true as const } : {}),
      ...(source === undefined ? {} : { source }),
      ...(output_fields === undefined ? {} : { output_fields: show.value(output_fields) }),
    }
  }

  #fields(): Pick<
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
  > {
    const event = this.event
    const user = objectOf(event['user'])
    const ref = event['objectRef'] === undefined ? null : objectOf(event['objectRef'])
    const code = objectOf(event['responseStatus'])['code']
    return {
      time: textOf(event['stageTimestamp']),
      auditID: this.auditID,
      stage: textOf(event['stage']),
      user: {
        name: textOf(user['username']),
        groups: textsOf(user['groups']),
        impersonated: textOf(objectOf(event['impersonatedUser'])['username']),
      },
      verb: textOf(event['verb']),
      resource: ref && {
        group: textOf(ref['apiGroup']),
        resource: textOf(ref['resource']),
        subresource: textOf(ref['subresource']),
        namespace: textOf(ref['namespace']),
        name: textOf(ref['name']),
      },
      sourceIPs: textsOf(event['sourceIPs']),
      userAgent: textOf(event['userAgent']),
      response: { code: typeof code === 'number' ? code : null },
    }
  }

  #fingerprint(engine: string, rule: string, message: string): string {
    const subject = this.auditID ?? hash('sha256', this.#bytes)
    const identity = JSON.stringify([engine, rule, subject, message])
    return hash('sha256', identity).slice(0, FINGERPRINT_DIGITS)
  }
}
