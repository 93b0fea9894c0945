import { REREAD_LINES_MAX } from '../text/limits.ts'
import { beginsAsEvent } from './kind.ts'
import type { Malformed } from './malformed.ts'
import { isBracket, LineReader, mayWrap } from './line.ts'
import { skipSpace, trimEnd } from './space.ts'
import { Structure } from './structure.ts'
import { Unwrapper } from './unwrap.ts'
import { CUT_OFF } from './walk.ts'

/** Receives what is found in an input, in the order of the input. */
export interface EventSink {
  /**
   * What should be one JSON object: `bytes[start, end)`, beginning on the one-based `line`. Not
   * proved yet. Valid during the call only: the buffer is written over afterwards.
   */
  event(bytes: Uint8Array, start: number, end: number, line: number): void
  /**
   * Where there is a faster way for JSON lines: takes the whole lines in `bytes[start, end)`, each of
   * which ends with a line feed; `line` is the number of the first. Hands lines that it does not take,
   * in their turn, to `read`, which says whether to go on behind the line. Gives how far it came.
   */
  lines?(
    bytes: Uint8Array,
    start: number,
    end: number,
    line: number,
    read: (start: number, end: number, line: number) => boolean,
  ): { readonly end: number; readonly lines: number }
  malformed(malformed: Malformed): void
  /** Hears of each record that holds an entry of another log than the audit log, `what`. */
  other?(what: string): void
}

/**
 * Finds the events in a sequence of windows onto an input: what one window leaves unread begins the
 * next. See EventSplitter, which cuts the windows, for the forms of input.
 */
export class Documents {
  readonly #sink: EventSink
  readonly #file: string
  readonly #bytesMax: number
  readonly #unwrapper: Unwrapper
  /** The document that goes on over many lines. */
  readonly #long: Structure = new Structure()
  readonly #lineReader: LineReader
  #mode: 'lines' | 'document' | 'skip-line' | 'skip-document' = 'lines'
  #line: number
  /** While skipping a document: the first unread byte is the first of its line. */
  #firstColumn = false

  /** @param line one-based line of the first byte */
  constructor(sink: EventSink, file: string, bytesMax: number, line: number) {
    this.#sink = sink
    this.#file = file
    this.#bytesMax = bytesMax
    this.#line = line
    this.#unwrapper = new Unwrapper(sink, file)
    this.#lineReader = new LineReader(sink, this.#unwrapper, file)
  }

  /** One-based line of the first unread byte. */
  get line(): number {
    return this.#line
  }

  /** True where nothing but the end of a line is waited for. */
  get betweenDocuments(): boolean {
    return this.#mode === 'lines'
  }

  /**
   * Reads `bytes[at, limit)` as far as it can, and gives the position of the first unread byte, with
   * which the next window must begin. `last` says that the input ends at `limit`; all is read then.
   */
  read(bytes: Buffer, at: number, limit: number, last: boolean): number {
    for (;;) {
      const mode = this.#mode
      if (mode === 'lines') at = this.#lines(bytes, at, limit, last)
      else if (mode === 'document') at = this.#document(bytes, at, limit, last)
      else if (mode === 'skip-line') at = this.#skipLine(bytes, at, limit)
      else at = this.#skipDocument(bytes, at, limit)
      if (this.#mode === mode) return at
    }
  }

  #lines(bytes: Buffer, at: number, limit: number, last: boolean): number {
    while (at < limit) {
      at = this.#fastLines(bytes, at, limit)
      if (at >= limit || this.#mode !== 'lines') return at
      const newline = indexOf(bytes, 0x0a, at, limit)
      const end = newline < 0 ? limit : newline
      if (newline < 0 && !last && end - at <= this.#bytesMax) return at
      const resume = this.#wholeLine(bytes, at, end)
      if (resume >= 0) return resume
      at = Math.min(end + 1, limit)
      if (newline >= 0) this.#line++
    }
    return at
  }

  /**
   * Lets the sink take whole lines as it can. Stops before a line that may hold events inside of
   * something else, and where a document goes on behind its line.
   */
  #fastLines(bytes: Buffer, start: number, limit: number): number {
    const sink = this.#sink
    // Where one line is no event by itself the next one is likely to be none, too.
    if (this.#lineReader.wrapped && !beginsAsEvent(bytes, start, limit)) return start
    const end = sink.lines ? bytes.lastIndexOf(0x0a, limit - 1) + 1 : 0
    if (end <= start) return start
    this.#lineReader.wrapped = false
    let resume = -1
    const before = this.#line
    const taken = sink.lines!(bytes, start, end, before, (from, to, line) => {
      this.#line = line
      const stops = to - from <= this.#bytesMax && mayWrap(bytes, from, to)
      resume = stops ? from : this.#wholeLine(bytes, from, to)
      return resume < 0
    })
    if (resume >= 0) return resume
    this.#line = before + taken.lines
    return taken.end
  }

  /** Takes a line; gives the position where reading goes on in another mode, -1 behind the line. */
  #wholeLine(bytes: Buffer, start: number, end: number): number {
    if (end - start > this.#bytesMax) return this.#longLine(bytes, skipSpace(bytes, start, end))
    const goesOn = this.#lineReader.take(bytes, start, end, this.#line)
    if (goesOn >= 0) this.#begin()
    return goesOn
  }

  /** A line over the limit: perhaps a list, whose elements are not. */
  #longLine(bytes: Buffer, first: number): number {
    if (isBracket(bytes[first])) this.#begin()
    else {
      this.#tooLong(this.#line)
      this.#mode = 'skip-line'
    }
    return first
  }

  /** The next byte that is read begins a document that does not end on its line. */
  #begin(): void {
    this.#long.start(0, this.#line)
    this.#mode = 'document'
  }

  #document(bytes: Buffer, at: number, limit: number, last: boolean): number {
    const structure = this.#long
    structure.rebase(-at)
    for (;;) {
      // Never looking further than the limit makes what is too long independent of the windows.
      const reach = structure.inItem ? limit : Math.min(limit, structure.keep + this.#bytesMax + 1)
      const signal = structure.scan(bytes, reach)
      if (signal === 'item') this.#item(bytes)
      else if (signal === 'end') {
        if (!structure.isJoined) return this.#endDocument(bytes)
        structure.start(structure.at, structure.line)
      } else if (signal === 'flaw') return this.#recover()
      else if (!structure.inItem && structure.at - structure.keep > this.#bytesMax) {
        return this.#giveUp()
      } else if (reach === limit) {
        return last ? this.#lastDocument(bytes, limit) : this.#suspend()
      }
    }
  }

  /** Leaves a document for the next window; an element that is too long already is not kept. */
  #suspend(): number {
    const structure = this.#long
    const unread = this.#partIsTooLong() ? structure.at : structure.keep
    structure.rebase(unread)
    return unread
  }

  #item(bytes: Buffer): void {
    const { itemStart, at, itemLine } = this.#long
    if (at - itemStart > this.#bytesMax) this.#tooLong(itemLine)
    else this.#unwrapper.object(bytes, itemStart, at, itemLine)
  }

  #endDocument(bytes: Buffer): number {
    const { list, documentStart, documentLine, at, line } = this.#long
    if (!list) {
      const end = trimEnd(bytes, documentStart, at)
      this.#unwrapper.object(bytes, documentStart, end, documentLine)
    }
    this.#mode = 'lines'
    this.#line = line
    return at
  }

  #lastDocument(bytes: Buffer, limit: number): number {
    const structure = this.#long
    if (structure.closed) return this.#endDocument(bytes)
    const { restart } = structure
    this.#flawedPart(CUT_OFF)
    this.#mode = 'lines'
    if (!restart || !this.#rereads()) return limit
    this.#line = restart.line
    return restart.at
  }

  /** Reports the document's flaw and decides where reading goes on. */
  #recover(): number {
    const structure = this.#long
    const { restart, firstOfLine, linesAfter, line, documentLine, at } = structure
    this.#flawedPart(structure.reason)
    this.#line = line
    this.#mode = 'lines'
    // Only the first line belongs to the flaw: the second is no continuation of it at all.
    if (!structure.list && firstOfLine && linesAfter === 1) return at
    if (restart && this.#rereads()) {
      this.#line = restart.line
      return restart.at
    }
    this.#mode = line === documentLine ? 'skip-line' : 'skip-document'
    this.#firstColumn = structure.firstColumn
    return at
  }

  #giveUp(): number {
    const { list, line, documentLine, at } = this.#long
    this.#tooLong(list ? line : documentLine)
    this.#line = line
    this.#mode = line === documentLine ? 'skip-line' : 'skip-document'
    this.#firstColumn = false
    return at
  }

  /** Reading lines twice is for a line that was cut off; a file of nothing else must not take for ever. */
  #rereads(): boolean {
    return this.#long.linesAfter <= REREAD_LINES_MAX && !this.#partIsTooLong()
  }

  #partIsTooLong(): boolean {
    return this.#long.inItem && this.#long.at - this.#long.itemStart > this.#bytesMax
  }

  #flawedPart(reason: string): void {
    const { inItem, itemStart, itemLine, list, documentStart, documentLine } = this.#long
    const { at, line, code } = this.#long
    if (this.#partIsTooLong()) this.#tooLong(itemLine)
    else if (inItem) this.#malformed(code, itemLine, at - itemStart, reason)
    else if (list) this.#malformed(code, line, 0, reason)
    else this.#malformed(code, documentLine, at - documentStart, reason)
  }

  #skipLine(bytes: Buffer, at: number, limit: number): number {
    const newline = indexOf(bytes, 0x0a, at, limit)
    if (newline < 0) return limit
    this.#line++
    this.#mode = 'lines'
    return newline + 1
  }

  /** Skips to the next line that begins like a document. */
  #skipDocument(bytes: Buffer, at: number, limit: number): number {
    while (at < limit) {
      if (this.#firstColumn && isBracket(bytes[at]!)) {
        this.#mode = 'lines'
        return at
      }
      const newline = indexOf(bytes, 0x0a, at, limit)
      this.#firstColumn = newline >= 0
      if (newline < 0) return limit
      this.#line++
      at = newline + 1
    }
    return at
  }

  #tooLong(line: number): void {
    const reason = `it is longer than ${this.#bytesMax} bytes`
    this.#malformed('LINE_TOO_LONG', line, this.#bytesMax, reason)
  }

  #malformed(code: Malformed['code'], line: number, offset: number, reason: string): void {
    this.#sink.malformed({ file: this.#file, code, line, offset, reason })
  }
}

function indexOf(bytes: Buffer, byte: number, start: number, limit: number): number {
  const at = bytes.indexOf(byte, start)
  return at < limit ? at : -1
}
