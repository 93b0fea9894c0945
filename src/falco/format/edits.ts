/** Changes to a text, kept until all are known. */
import type { Span } from '../../text/document.ts'

export interface Edit extends Span {
  readonly text: string
}

/** The text with all edits made; those that overlap an earlier one are left out. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const parts: string[] = []
  let at = 0
  for (const edit of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (edit.start < at) continue
    parts.push(text.slice(at, edit.start), edit.text)
    at = edit.end
  }
  parts.push(text.slice(at))
  return parts.join('')
}
