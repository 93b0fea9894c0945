import type { Position, Span } from '../text/document.ts'
import type { JsonObject } from '../text/json.ts'
import type { Priority } from '../text/priority.ts'

/** One case of a `*.cases.yaml` file: what happens, and every finding that is wanted of it. */
export interface Case {
  /** A sentence; unique in its file. */
  readonly note: string
  /** The Falco rule that the case is about; all rules of its file where it names none. */
  readonly rule?: string
  readonly happens: Happening
  /** Data that is merged over the defaults. */
  readonly data?: JsonObject
  readonly want: Want
  readonly file: string
  /** One-based line on which the case begins. */
  readonly line: number
  /** Where the value of `want` is written. */
  readonly wantSpan: Span
}

/** What happens in a case. */
export type Happening =
  | { readonly kind: 'events'; readonly events: readonly JsonObject[] }
  | RecordedRequest

/** A request of a recording: the events with its auditID. */
export interface RecordedRequest {
  readonly kind: 'recording'
  /** Path of the log as written, relative to the case file. */
  readonly recording: string
  readonly recordingAt: Position
  readonly auditID: string
  readonly auditIDAt: Position
  /** Only the event of this stage; all of them where it is absent. */
  readonly stage?: string
  /** A JSON merge patch for each of the events. */
  readonly patch?: JsonObject
}

/** What a case wants: nothing, that many findings, or exactly these. */
export type Want =
  | { readonly kind: 'none' }
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'list'; readonly findings: readonly WantedFinding[] }

/**
 * The fields of a finding that a case names, by their names; `{message}` for a text alone. Of objects
 * only the members that are named are compared.
 */
export type WantedFinding = JsonObject & { readonly priority?: Priority }

/** Members of a finding that a case may name, and what those that are objects have inside. */
export const WANTED_FIELDS: Readonly<Record<string, readonly string[] | undefined>> = {
  rule: undefined,
  engine: undefined,
  title: undefined,
  priority: undefined,
  message: undefined,
  tags: undefined,
  time: undefined,
  auditID: undefined,
  stage: undefined,
  user: ['name', 'groups', 'impersonated'],
  verb: undefined,
  resource: ['group', 'resource', 'subresource', 'namespace', 'name'],
  sourceIPs: undefined,
  userAgent: undefined,
  response: ['code'],
  source: undefined,
  output_fields: undefined,
}
