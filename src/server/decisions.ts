import { redactorFor } from '../audit/redact.ts'
import { objectOf } from '../text/json.ts'

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
  const fields = objectOf(decision)
  const redactor = redactorFor(objectOf(fields['input']))
  return redactor.value(fields)
}
