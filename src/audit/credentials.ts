import { Edits, inReport } from './redact/edits.ts'
import { shapes } from './redact/shapes.ts'

export { isCredentialName } from './redact/names.ts'

/** Replaces everything in `text` that is a credential by its shape. */
export function redactShapes(text: string): string {
  const edits = new Edits(text)
  shapes(text, edits)
  return inReport(text, edits.merged())
}
