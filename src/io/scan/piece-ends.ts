/** A part of a chunk that belongs to one piece. */
export interface PiecePart {
  readonly bytes: Uint8Array
  readonly begins: boolean
  readonly ends: boolean
}

/** Finds the ends of pieces in chunks of an input. */
export class PieceEnds {
  readonly #pieceBytes: number
  /** Bytes before the next one. */
  #offset = 0
  /** A piece ends before the first line that begins here or later. */
  #end: number
  #begins = true

  /** @param pieceBytes a piece is the lines that begin in so many bytes */
  constructor(pieceBytes: number) {
    this.#pieceBytes = pieceBytes
    this.#end = pieceBytes
  }

  *parts(chunk: Uint8Array): Generator<PiecePart> {
    for (let at = 0; at < chunk.length;) {
      const last = Math.max(at, this.#end - 1 - this.#offset + at)
      const feed = last < chunk.length ? chunk.indexOf(0x0a, last) : -1
      const bytes = chunk.subarray(at, feed < 0 ? chunk.length : feed + 1)
      const ends = feed >= 0
      const begins = this.#begins
      this.#begins = ends
      at += bytes.length
      this.#offset += bytes.length
      if (ends) this.#end = (Math.floor(this.#offset / this.#pieceBytes) + 1) * this.#pieceBytes
      yield { bytes, begins, ends }
    }
  }
}
