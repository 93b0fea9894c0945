import { isMark, type Kind, REPORT_MARK } from './kinds.ts'

/** A credential inside a text, from `start` to before `end` in UTF-16 units. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly kind: Kind
  /** What stands for it in a log. In a report that is always the same mark. */
  readonly form: string
}

/** Collects what is to be taken out of one text. */
export class Edits {
  readonly #text: string
  #found: Edit[] = []

  constructor(text: string) {
    this.#text = text
  }

  get count(): number {
    return this.#found.length
  }

  /** Nothing is taken out twice: not what is empty, and not what stands for a credential already. */
  add(start: number, end: number, kind: Kind, form: string): void {
    if (end <= start) return
    const what = this.#text.slice(start, end)
    if (what === form || isMark(what)) return
    this.#found.push({ start, end, kind, form })
  }

  /** In order and without overlaps: of two that do, the larger is kept and covers both. */
  merged(): readonly Edit[] {
    if (this.#found.length < 2) return this.#found
    this.#found.sort((a, b) => a.start - b.start || b.end - a.end)
    const merged: Edit[] = []
    for (const edit of this.#found) {
      const last = merged.at(-1)
      if (last === undefined || edit.start >= last.end) merged.push(edit)
      else if (edit.end > last.end) merged[merged.length - 1] = joined(last, edit)
    }
    this.#found = merged
    return merged
  }
}

function joined(a: Edit, b: Edit): Edit {
  const larger = b.end - b.start > a.end - a.start ? b : a
  return { ...larger, start: a.start, end: b.end }
}

/** The text with each edit's form in its place. */
export function inLog(text: string, edits: readonly Edit[]): string {
  return replaced(text, edits, (edit) => edit.form)
}

/** The text with the report's mark for each edit. */
export function inReport(text: string, edits: readonly Edit[]): string {
  return replaced(text, edits, () => REPORT_MARK)
}

function replaced(text: string, edits: readonly Edit[], by: (edit: Edit) => string): string {
  if (edits.length === 0) return text
  let result = ''
  let at = 0
  for (const edit of edits) {
    result += text.slice(at, edit.start) + by(edit)
    at = edit.end
  }
  return result + text.slice(at)
}
