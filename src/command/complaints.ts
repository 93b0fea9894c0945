import { numberText } from '../report/words.ts'
import { type LocatedDiagnostic, renderDiagnostic } from '../text/diagnostic.ts'
import { MALFORMED_SHOWN_MAX } from '../text/limits.ts'
import { type Io, write } from './io.ts'

/** Tells of lines and events that could not be read or judged: the first ones each, then their number. */
export class Complaints {
  readonly #io: Io
  readonly #structured: boolean
  #count = 0

  /** @param structured says it as JSON, a document on each line */
  constructor(io: Io, structured: boolean) {
    this.#io = io
    this.#structured = structured
  }

  add(diagnostic: LocatedDiagnostic): void {
    this.#count += 1
    if (this.#count > MALFORMED_SHOWN_MAX) return
    const { code, message, file, line, column, help } = diagnostic
    const text = this.#structured
      ? JSON.stringify({ error: { code, message, file, line, column, help } })
      : renderDiagnostic(diagnostic)
    this.#io.stderr.write(`${text}\n`)
  }

  async end(): Promise<void> {
    const more = this.#count - MALFORMED_SHOWN_MAX
    if (more <= 0) return
    const text = `and ${numberText(more)} more that could not be judged`
    await write(
      this.#io.stderr,
      this.#structured
        ? `${JSON.stringify({ error: { code: 'MORE_INCOMPLETE', message: text } })}\n`
        : `${text}\n`,
    )
  }
}
