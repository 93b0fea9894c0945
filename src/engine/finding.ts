import type { Priority } from '../text/priority.ts'

export { atLeast, parsePriority, priorities, type Priority } from '../text/priority.ts'

/**
 * A guardrail or a Falco rule × an audit event. One JSON object per line in `--format jsonl`.
 * Fields that the event lacks are null. Texts are redacted unless the caller switched that off.
 */
export interface Finding {
  /** Guardrail id or Falco rule name. */
  readonly rule: string
  readonly engine: 'rego' | 'falco'
  readonly title: string
  readonly priority: Priority
  readonly message: string
  readonly tags: readonly string[]
  /** stageTimestamp as written in the event (RFC 3339). */
  readonly time: string | null
  readonly auditID: string | null
  readonly stage: string | null
  readonly user: {
    readonly name: string | null
    readonly groups: readonly string[]
    /** The impersonated user's name. */
    readonly impersonated: string | null
  }
  readonly verb: string | null
  /** Null for non-resource requests. */
  readonly resource: {
    readonly group: string | null
    readonly resource: string | null
    readonly subresource: string | null
    readonly namespace: string | null
    readonly name: string | null
  } | null
  readonly sourceIPs: readonly string[]
  readonly userAgent: string | null
  readonly response: { readonly code: number | null }
  readonly file: string
  /** One-based line on which the event begins. */
  readonly line: number
  /** First 32 hex digits of SHA-256 over engine, rule, auditID (else the line's hash) and redacted message. */
  readonly fingerprint: string
  /** Only on events that Falco would have dropped for their size. */
  readonly beyondFalcoLimit?: true
  /** Falco findings only. */
  readonly source?: string
  /** Falco findings only: Falco's names, null where missing. */
  readonly output_fields?: Readonly<Record<string, unknown>>
}
