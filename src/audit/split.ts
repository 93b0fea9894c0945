import { EVENT_BYTES_MAX } from '../text/limits.ts'
import { Documents, type EventSink } from './documents.ts'
import { Held } from './held.ts'
import { sniff } from './sniff.ts'

export type { EventSink } from './documents.ts'
export type { Malformed, MalformedCode } from './malformed.ts'

export interface SplitOptions {
  /** The input's name in messages. */
  readonly file: string
  /** Longest line, document or list element that is accepted, in bytes; EVENT_BYTES_MAX by default. */
  readonly bytesMax?: number
  /**
   * Where the input is read from within, behind a line: how many lines come before. Its beginning,
   * which says whether it is text, is not looked at then.
   */
  readonly linesBefore?: number
}

/**
 * Splits an audit input into events, however it is cut into chunks. It may have any of these forms,
 * also mixed: JSON lines; an EventList or an array of events, on one line each or over many; events
 * printed over many lines; and in place of an event the record that a provider wraps around it (see
 * openEnvelope), lists of such records, and lines with a time before the JSON text. Lines may end in
 * CRLF or be blank, and a byte-order mark may come first.
 *
 * A line that is a document of its own is judged as a whole, so that nothing of `{…}{…}` is
 * evaluated. A document that does not end on its line goes on in the next ones; the elements of a
 * list then come out one by one, and no more is held than the one that is being read. Where such a
 * document breaks, the next line that has a bracket in its first column begins another one. What is
 * not an event goes to the sink's `malformed`; nothing is left out in silence.
 */
export class EventSplitter {
  readonly #sink: EventSink
  readonly #file: string
  readonly #documents: Documents
  readonly #held: Held = new Held()
  #state: 'beginning' | 'reading' | 'refused' = 'beginning'

  constructor(sink: EventSink, options: SplitOptions) {
    this.#sink = sink
    this.#file = options.file
    const { file, bytesMax = EVENT_BYTES_MAX, linesBefore } = options
    this.#documents = new Documents(sink, file, bytesMax, (linesBefore ?? 0) + 1)
    if (linesBefore !== undefined) this.#state = 'reading'
  }

  /** Lines that were read to their ends; of meaning between documents. */
  get lines(): number {
    return this.#documents.line - 1
  }

  /** True behind a line with which all that was begun has ended: what follows can be read without it. */
  get isBetweenDocuments(): boolean {
    return this.#state === 'reading' && this.#documents.betweenDocuments && this.#held.length === 0
  }

  /** True when the input turned out to be no text, which was reported: the rest need not be read. */
  get refused(): boolean {
    return this.#state === 'refused'
  }

  /** Takes the next bytes of the input. They may be written over afterwards. */
  push(chunk: Uint8Array): void {
    if (this.#state === 'refused') return
    const bytes = asBuffer(chunk)
    if (this.#state === 'reading') this.#read(bytes)
    else {
      this.#held.append(bytes, 0, bytes.length)
      if (this.#begin(false)) this.#readHeld(false)
    }
  }

  /** Says that the input is complete. */
  end(): void {
    if (this.#state === 'beginning') this.#begin(true)
    if (this.#state === 'reading') this.#readHeld(true)
  }

  /** Judges the first bytes; false where they are too few, or no text. */
  #begin(whole: boolean): boolean {
    const head = this.#held.bytes.subarray(0, this.#held.length)
    const sniffed = sniff(head, whole)
    if (!sniffed) return false
    this.#state = sniffed.refusal ? 'refused' : 'reading'
    if (sniffed.refusal) {
      const { reason, help } = sniffed.refusal
      this.#sink.malformed({ file: this.#file, code: 'NOT_TEXT', line: 1, offset: 0, reason, help })
    }
    this.#held.drop(sniffed.refusal ? head.length : sniffed.skip)
    return !sniffed.refusal
  }

  /** Most chunks are read where they are; only the line between two of them is copied. */
  #read(chunk: Buffer): void {
    let at = 0
    if (this.#held.length > 0) {
      const newline = this.#documents.betweenDocuments ? chunk.indexOf(0x0a) : -1
      at = newline < 0 ? chunk.length : newline + 1
      this.#held.append(chunk, 0, at)
      this.#readHeld(false)
      if (this.#held.length > 0) {
        // The line began a document: it needs everything in one place.
        if (at < chunk.length) {
          this.#held.append(chunk, at, chunk.length)
          this.#readHeld(false)
        }
        return
      }
    }
    const read = this.#documents.read(chunk, at, chunk.length, false)
    this.#held.append(chunk, read, chunk.length)
  }

  #readHeld(last: boolean): void {
    this.#held.drop(this.#documents.read(this.#held.bytes, 0, this.#held.length, last))
  }
}

/** The same memory with Node's fast search. */
function asBuffer(bytes: Uint8Array): Buffer {
  if (Buffer.isBuffer(bytes)) return bytes
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
