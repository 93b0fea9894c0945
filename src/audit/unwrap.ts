import type { EventSink } from './documents.ts'
import { openEnvelope, unescaped } from './envelope.ts'
import { CLOUD_LOG_ENTRY, notAnEvent } from './kind.ts'
import { MALFORMED, prove, UNSANITARY } from './prove.ts'
import { sanitise } from './sanitise.ts'
import { skipSpace, trimEnd } from './space.ts'

/**
 * Hands on to a sink what the splitter found, and takes out of the records of providers the events
 * that they hold. An event's line is the one that it begins on; a line inside of a JSON text is the
 * line of that text.
 */
export class Unwrapper {
  readonly #sink: EventSink
  readonly #file: string
  #refused = false

  constructor(sink: EventSink, file: string) {
    this.#sink = sink
    this.#file = file
  }

  /**
   * Takes what should be one object, `bytes[start, end)`, not proved yet. True where it is no event
   * by itself.
   */
  object(bytes: Buffer, start: number, end: number, line: number): boolean {
    const other = notAnEvent(bytes, start, end)
    if (other !== undefined && bytes[start] === 0x7b) {
      const verdict = prove(bytes, start, end)
      if (verdict < MALFORMED && this.#record(bytes, start, end, line, other, verdict)) return true
    }
    this.#sink.event(bytes, start, end, line)
    return other !== undefined
  }

  #record(
    bytes: Buffer,
    start: number,
    end: number,
    line: number,
    what: string,
    verdict: number,
  ): boolean {
    if (what === CLOUD_LOG_ENTRY) {
      this.#refuse(line)
      return true
    }
    const content = openEnvelope(bytes, start, end)
    if (!content) return false
    if (content.kind === 'other') {
      this.#sink.other?.(content.what)
      return true
    }
    const at = line + feeds(bytes, start, content.start)
    if (content.kind === 'object') {
      this.#sink.event(bytes, content.start, content.end, at)
      return true
    }
    const written = bytes.subarray(content.start, content.end)
    const text = unescaped(verdict & UNSANITARY ? sanitise(written) : written)
    this.#sink.event(text, skipSpace(text, 0, text.length), trimEnd(text, 0, text.length), at)
    return true
  }

  /** Once for a file: all the rest of it is such entries too. */
  #refuse(line: number): void {
    if (this.#refused) return
    this.#refused = true
    this.#sink.malformed({
      file: this.#file,
      code: 'NOT_AN_EVENT',
      line,
      offset: 0,
      reason: `this is ${CLOUD_LOG_ENTRY}, not an audit event; the file's other entries are passed over`,
      help: 'GKE hands out no audit.k8s.io events: read its entries with the plugin k8saudit-gke of Falco, or scan the log of an API server whose audit policy is yours',
      ofInput: true,
    })
  }
}

/** Line feeds in `bytes[start, end)`. */
function feeds(bytes: Buffer, start: number, end: number): number {
  let count = 0
  const part = bytes.subarray(start, end)
  for (let at = part.indexOf(0x0a); at >= 0; at = part.indexOf(0x0a, at + 1)) count++
  return count
}
