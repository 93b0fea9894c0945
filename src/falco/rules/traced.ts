import type { Document, Span } from '../../text/document.ts'
import { scalarSourceOffset, type YamlScalar } from '../../text/yaml.ts'

/** Where a text of a rules file comes from. */
export interface Origin {
  readonly document: Document
  readonly node: YamlScalar
}

/** A place in a rules file. */
export interface SourcePlace {
  readonly file: string
  readonly span: Span
}

/** A stretch of text, and its counterpart in the source. */
interface Piece {
  readonly at: number
  readonly length: number
  readonly origin: Origin
  /** Offset into the origin's text where this stretch begins. */
  readonly offset: number
  /** False where every character stands for `offset`: text that was put in, such as a list's items. */
  readonly linear: boolean
}

/** Puts a text together from many parts, without copying it for each. */
export class TracedBuilder {
  readonly #parts: Traced[] = []
  #length = 0

  get length(): number {
    return this.#length
  }

  append(part: Traced): void {
    if (part.text === '') return
    this.#parts.push(part)
    this.#length += part.text.length
  }

  /** Takes characters off the end while they are among `characters`, at most `most` of them. */
  trimEnd(characters: string, most: number = Infinity): boolean {
    let left = most
    while (left > 0 && this.#length > 0) {
      const last = this.#parts.pop()!
      let end = last.text.length
      while (left > 0 && end > 0 && characters.includes(last.text[end - 1]!)) {
        end--
        left--
      }
      this.#length -= last.text.length
      this.append(last.slice(0, end))
      if (end > 0) break
    }
    return left < most
  }

  build(): Traced {
    return Traced.concat(this.#parts)
  }
}

/**
 * A text put together from scalars of rules files, which knows for each of its characters where it
 * was written: conditions are joined by `append`, wrapped by exceptions, and lists are substituted
 * into them before anything is parsed.
 */
export class Traced {
  readonly text: string
  #known: readonly Piece[] | undefined
  /** What it was put together from: nothing is copied before somebody asks for a place. */
  #parts: readonly Traced[]

  private constructor(
    text: string,
    pieces: readonly Piece[] | undefined,
    parts: readonly Traced[] = [],
  ) {
    this.text = text
    this.#known = pieces
    this.#parts = parts
  }

  get #pieces(): readonly Piece[] {
    this.#known ??= this.#putTogether()
    this.#parts = []
    return this.#known
  }

  #putTogether(): Piece[] {
    const pieces: Piece[] = []
    let length = 0
    const open: Traced[] = this.#parts.toReversed()
    for (let part = open.pop(); part; part = open.pop()) {
      if (!part.#known) {
        for (let i = part.#parts.length - 1; i >= 0; i--) open.push(part.#parts[i]!)
        continue
      }
      for (const piece of part.#known) pieces.push({ ...piece, at: piece.at + length })
      length += part.text.length
    }
    return pieces
  }

  /** A scalar as it stands. */
  static of(origin: Origin): Traced {
    const { text } = origin.node
    return new Traced(text, [{ at: 0, length: text.length, origin, offset: 0, linear: true }])
  }

  /** Text that is not written anywhere, and the place that it is put down to. */
  static standingFor(text: string, origin: Origin, offset = 0): Traced {
    return new Traced(text, [{ at: 0, length: text.length, origin, offset, linear: false }])
  }

  /** Text without a place. */
  static unplaced(text: string): Traced {
    return new Traced(text, [])
  }

  static join(...parts: readonly Traced[]): Traced {
    return Traced.concat(parts)
  }

  static concat(parts: readonly Traced[]): Traced {
    const texts = parts.map((part) => part.text)
    // Not `join`: a long text that grows at its end must not be copied each time.
    const text = texts.reduce((before, next) => before + next, '')
    return new Traced(text, undefined, parts)
  }

  /** The text from `start` to `end`, blanks kept. */
  slice(start: number, end: number = this.text.length): Traced {
    const pieces: Piece[] = []
    for (let i = this.#indexAt(start); i < this.#pieces.length; i++) {
      const piece = this.#pieces[i]!
      if (piece.at >= end) break
      const from = Math.max(start, piece.at)
      const to = Math.min(end, piece.at + piece.length)
      if (from >= to) continue
      const offset = piece.linear ? piece.offset + from - piece.at : piece.offset
      pieces.push({ ...piece, at: from - start, length: to - from, offset })
    }
    return new Traced(this.text.slice(start, end), pieces)
  }

  /** The place of what comes behind its end, for text put in there. */
  standInBehind(text: string): Traced {
    let parts: readonly Traced[] = [this]
    for (;;) {
      const last = parts.findLast((part) => part.text !== '')
      if (!last) return new Traced(text, [])
      if (last.#known) return last.standIn(text, last.text.length)
      parts = last.#parts
    }
  }

  /** The same place as the character at `at`, for text put in there. */
  standIn(text: string, at: number): Traced {
    const piece = this.#pieceAt(at)
    if (!piece) return new Traced(text, [])
    const offset = piece.linear ? piece.offset + at - piece.at : piece.offset
    return Traced.standingFor(text, piece.origin, offset)
  }

  /** Where a stretch of this text is written; undefined for an empty text. */
  place(start: number, end: number = start): SourcePlace | undefined {
    const first = this.#locate(start)
    if (!first) return undefined
    const last = end > start ? this.#locate(end - 1) : first
    const sameFile = last?.file === first.file && last.offset >= first.offset
    const stop = sameFile ? last.offset + (end > start ? 1 : 0) : first.offset
    return { file: first.file, span: { start: first.offset, end: stop } }
  }

  #locate(at: number): { file: string; offset: number } | undefined {
    const piece = this.#pieceAt(at)
    if (!piece) return undefined
    const { document, node } = piece.origin
    const offset = piece.linear ? piece.offset + at - piece.at : piece.offset
    return { file: document.file, offset: scalarSourceOffset(document.text, node, offset) }
  }

  #pieceAt(at: number): Piece | undefined {
    return this.#pieces[this.#indexAt(at)] ?? this.#pieces.at(-1)
  }

  /** The first piece that ends behind `at`, by binary search. */
  #indexAt(at: number): number {
    let low = 0
    let high = this.#pieces.length
    while (low < high) {
      const middle = (low + high) >> 1
      const piece = this.#pieces[middle]!
      if (piece.at + piece.length <= at) low = middle + 1
      else high = middle
    }
    return low
  }
}
