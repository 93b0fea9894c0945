import { redactedEvent, redactorFor } from '../audit/redact.ts'
import { type JsonObject, objectOf } from '../text/json.ts'

/**
 * The decisions of one upload as JSON lines. Secrets of the audit event that was decided about are
 * taken out of input and result alike.
 * @param options.redact false keeps every value as OPA sent it
 */
export function decisionLines(upload: unknown, options: { redact: boolean }): string[] | undefined {
  if (!Array.isArray(upload)) return undefined
  return upload.map((decision: unknown) =>
    JSON.stringify(options.redact ? redacted(decision) : decision),
  )
}

function redacted(decision: unknown): unknown {
  const { input, ...others } = objectOf(decision)
  if (typeof input !== 'object' || input === null) return redactorFor(() => ({})).value(decision)
  const event = input as JsonObject
  return { ...redactorFor(() => event).value(others), input: redactedEvent(event) }
}
