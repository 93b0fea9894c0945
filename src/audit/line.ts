import type { EventSink } from './documents.ts'
import { beginsAsEvent } from './kind.ts'
import { skipSpace, trimEnd } from './space.ts'
import { behindStamp } from './stamp.ts'
import { Structure } from './structure.ts'
import type { Unwrapper } from './unwrap.ts'
import { CUT_OFF, walk } from './walk.ts'

/** Reads lines that are documents of their own: an event, a list, a provider's record. */
export class LineReader {
  /** The last line was no event by itself: a list, a record, or nothing that is known. */
  wrapped = false
  readonly #sink: EventSink
  readonly #unwrapper: Unwrapper
  readonly #file: string
  readonly #structure: Structure = new Structure()

  constructor(sink: EventSink, unwrapper: Unwrapper, file: string) {
    this.#sink = sink
    this.#unwrapper = unwrapper
    this.#file = file
  }

  /** Takes a line; gives the position of a document on it that goes on in the next one, else -1. */
  take(bytes: Buffer, start: number, end: number, line: number): number {
    const first = skipSpace(bytes, start, end)
    const last = trimEnd(bytes, first, end)
    if (first === last) return -1
    const json = behindStamp(bytes, first, last)
    this.wrapped = json > first
    const isEvent = bytes[last - 1] === 0x7d && beginsAsEvent(bytes, json, last)
    if (!isEvent) return this.#documents(bytes, json, last, line)
    this.#sink.event(bytes, json, last, line)
    return -1
  }

  /** Takes what is not, in an ordinary way, one event. */
  #documents(bytes: Buffer, start: number, last: number, line: number): number {
    const structure = this.#structure
    // Nothing goes on behind a time: every line of such a file has its own.
    const isStamped = this.wrapped
    for (let at = start; at < last;) {
      structure.start(at, line)
      const isSound = isBracket(bytes[at]) && fits(structure, bytes, last)
      if (isSound && structure.closed) at = this.#document(bytes, at, last, line)
      else if (isSound && !isStamped) return at
      else {
        if (isSound) structure.reason = CUT_OFF
        this.#flawed(bytes, at, last, line)
        return -1
      }
    }
    return -1
  }

  /** Takes a document that is closed on its line; the position of what comes behind it. */
  #document(bytes: Buffer, at: number, last: number, line: number): number {
    const structure = this.#structure
    if (!structure.list) {
      if (this.#unwrapper.object(bytes, at, last, line)) this.wrapped = true
      return last
    }
    this.wrapped = true
    structure.start(at, line)
    let signal = structure.scan(bytes, last)
    for (; signal === 'item'; signal = structure.scan(bytes, last)) {
      this.#unwrapper.object(bytes, structure.itemStart, structure.at, structure.itemLine)
    }
    return signal === 'end' ? structure.at : last
  }

  #flawed(bytes: Buffer, first: number, last: number, line: number): void {
    const { at, reason, code } = this.#structure
    // The walk knows better what is wrong with an object; what it makes of an array is no help.
    const flaw = bytes[first] === 0x5b ? undefined : walk(bytes, first, last)
    this.#sink.malformed({
      file: this.#file,
      code: flaw?.code ?? code,
      line,
      offset: flaw?.offset ?? at - first,
      reason: flaw?.reason ?? reason,
    })
  }
}

/**
 * Whether events may stand inside of what is on a line. A sink whose `lines` is at work takes single
 * events more slowly than one that is not.
 */
export function mayWrap(bytes: Buffer, start: number, end: number): boolean {
  const first = skipSpace(bytes, start, end)
  if (beginsAsEvent(bytes, first, end)) return false
  return isBracket(bytes[first]) || behindStamp(bytes, first, end) > first
}

export function isBracket(byte: number | undefined): boolean {
  return byte === 0x7b || byte === 0x5b
}

/** Scans a document that should stand on one line; false for a flaw. */
function fits(structure: Structure, bytes: Buffer, end: number): boolean {
  let signal = structure.scan(bytes, end)
  while (signal === 'item') signal = structure.scan(bytes, end)
  if (signal === 'flaw') return false
  if (!structure.inString) return true
  structure.reason = 'the line ends inside a string, which looks truncated'
  return false
}
