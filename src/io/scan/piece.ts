import { readSync } from 'node:fs'
import { READ_BYTES } from '../../text/limits.ts'
import { unreadable } from '../input/chunks.ts'

/** The lines of a file that begin in `[from, to)`, in bytes. */
export interface FileRange {
  /** Open in the whole process, all threads included. */
  readonly fd: number
  readonly from: number
  /** Infinity where the range goes to the end, wherever that is by now. */
  readonly to: number
}

/** A part of an input, cut at the end of a line, that is evaluated by itself. */
export interface Piece {
  /** The input's name. */
  readonly file: string
  /** Where its bytes are; in memory they are shared by all threads. */
  readonly content: FileRange | Uint8Array
  /** It begins the input, and shows whether that is text. */
  readonly isFirst: boolean
  /** It ends the input. */
  readonly isLast: boolean
  /** It begins the whole scan. */
  readonly isBeginning: boolean
}

/** How much is read at a time to find the end of a line. */
const LINE_BYTES = 16 * 1024

let buffer: Buffer | undefined

/**
 * The bytes of a piece. A chunk is valid until the next is asked for, or another piece.
 *
 * @param shown the input's name for messages
 * @throws ParapetError `INPUT_UNREADABLE`
 */
export function* readPiece(
  content: Piece['content'],
  shown: string,
): Generator<Uint8Array, void, undefined> {
  if (!(content instanceof Uint8Array)) return yield* readRange(content, shown)
  for (let at = 0; at < content.length; at += READ_BYTES) {
    yield content.subarray(at, at + READ_BYTES)
  }
}

/** A line belongs to the range that it begins in: its end may be behind it. */
function* readRange({ fd, from, to }: FileRange, shown: string): Generator<Buffer> {
  buffer ??= Buffer.alloc(READ_BYTES)
  let at = lineStart(fd, from, to, shown)
  const end = at < to ? lineStart(fd, to, Infinity, shown) : at
  while (at < end) {
    const length = read(fd, Math.min(end - at, READ_BYTES), at, shown)
    if (length === 0) return
    yield buffer.subarray(0, length)
    at += length
  }
}

/** Where the first line begins in `[offset, limit)`; Infinity where none does. */
function lineStart(fd: number, offset: number, limit: number, shown: string): number {
  if (offset === 0 || offset === Infinity) return offset
  // The line feed before a line that begins at the offset counts.
  for (let at = offset - 1; at < limit;) {
    const length = read(fd, LINE_BYTES, at, shown)
    if (length === 0) return Infinity
    const feed = buffer!.subarray(0, length).indexOf(0x0a)
    if (feed >= 0) return at + feed + 1
    at += length
  }
  return Infinity
}

function read(fd: number, length: number, position: number, shown: string): number {
  try {
    return readSync(fd, buffer!, 0, length, position)
  } catch (cause) {
    throw unreadable(shown, cause)
  }
}
