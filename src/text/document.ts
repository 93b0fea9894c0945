/**
 * A text with a name. Positions are UTF-16 offsets everywhere inside Parapet and become line and
 * column only when somebody reads them.
 */
export interface Document {
  /** Name shown to the user: a path as given, or `<stdin>`. */
  readonly file: string
  readonly text: string
}

/** Half-open range of UTF-16 offsets into a document. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** One-based line and column; columns count UTF-16 code units. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** Finds lines by binary search over newline offsets, collected once per text. */
export class LineIndex {
  readonly #starts: number[] = [0]

  constructor(text: string) {
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) this.#starts.push(i + 1)
  }

  /** The position of `offset`; offsets past the end give the last line. */
  at(offset: number): Position {
    let low = 0
    let high = this.#starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.#starts[middle]! <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: offset - this.#starts[low]! + 1 }
  }

  /** Offset of a one-based line and column; clamped to the text's lines. */
  offset(line: number, column: number): number {
    const row = Math.min(Math.max(line, 1), this.#starts.length)
    return this.#starts[row - 1]! + Math.max(column, 1) - 1
  }
}
