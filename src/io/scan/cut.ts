import type { FileHandle } from 'node:fs/promises'
import { ParapetError } from '../../text/error.ts'
import { PIECE_BYTES, READ_BYTES, WORKERS_BYTES_MIN } from '../../text/limits.ts'
import { openPlain } from '../input/chunks.ts'
import type { Input } from '../input/inputs.ts'
import type { Piece } from './piece.ts'
import { PieceEnds } from './piece-ends.ts'
import { type SharedBuffer, SharedBuffers } from './shared-buffer.ts'
import { untilDue } from '../input/until-due.ts'

/** What is to be done next in a scan, in the order of the inputs. */
export type Step = BeginStep | PieceStep | ChunkStep | EndStep

export interface BeginStep {
  readonly kind: 'begin'
  readonly input: Input
  readonly lead: Lead
}

/** A piece of an input, which can be evaluated without the ones before it. */
export interface PieceStep {
  readonly kind: 'piece'
  readonly piece: Piece
  /** It is likely that it can, and worth it. */
  readonly isFree: boolean
  /** Says that its bytes are not needed any more. */
  done(): void
}

/** Bytes that have to be read in their turn; valid until the next step is asked for. */
export interface ChunkStep {
  readonly kind: 'chunk'
  readonly bytes: Uint8Array
  /** A piece ends behind them. */
  readonly ends: boolean
}

export interface EndStep {
  readonly kind: 'end'
  /** Why the input could not be read to its end. */
  readonly failure: ParapetError | undefined
  /** Gives back the file, which pieces may still be read from until then. */
  close(): Promise<void>
}

/** How inputs are cut. */
export interface Cut {
  readonly pieceBytes: number
  /** Pieces are evaluated apart where there is more than this, in bytes. */
  readonly workersFrom: number
}

export const usualCut: Cut = { pieceBytes: PIECE_BYTES, workersFrom: WORKERS_BYTES_MIN }

/** What the reader of the steps knows of an input so far. */
export interface Lead {
  /** Pieces before did end between documents. */
  isFree: boolean
  /** The rest of the input is not wanted. */
  isOver: boolean
}

/** A piece that has not come whole after so long is read as it comes, in milliseconds. */
const HELD_MS_MAX = 100

/**
 * Cuts inputs into pieces at the ends of lines, by the place of the bytes alone: the lines that begin
 * in the first `pieceBytes` of an input, in the next ones, and so on. Files on a disk become ranges,
 * other inputs are collected in shared memory; what is not worth it comes as it is read.
 */
export class Cutter {
  readonly #inputs: readonly Input[]
  readonly #cut: Cut
  /** There are threads, or can be. */
  readonly #isParallel: boolean
  readonly #open = new Set<FileHandle>()
  readonly #buffers: SharedBuffers
  /** Bytes that are known to come, or have come: as stored and unpacked. */
  readonly #size: number
  #read = 0
  #isBeginning = true

  constructor(inputs: readonly Input[], cut: Cut, isParallel: boolean) {
    this.#inputs = inputs
    this.#cut = cut
    this.#isParallel = isParallel
    this.#buffers = new SharedBuffers(cut.pieceBytes + READ_BYTES)
    this.#size = inputs.reduce((sum, { size }) => sum + (size ?? 0), 0)
  }

  async *steps(): AsyncGenerator<Step, void, undefined> {
    for (const input of this.#inputs) {
      const lead: Lead = { isFree: true, isOver: false }
      yield { kind: 'begin', input, lead }
      let file: FileHandle | undefined
      let failure: ParapetError | undefined
      try {
        file = await this.#openRanges(input)
        if (file) this.#open.add(file)
        yield* file ? this.#ranges(input, file.fd, lead) : this.#stream(input, lead)
      } catch (error) {
        if (!(error instanceof ParapetError)) throw error
        failure = error
      }
      yield { kind: 'end', failure, close: async () => this.#close(file) }
    }
  }

  /** Gives back what is left, where the steps were not taken to their end. */
  async close(): Promise<void> {
    for (const file of this.#open) await this.#close(file)
  }

  async #close(file: FileHandle | undefined): Promise<void> {
    if (file && this.#open.delete(file)) await file.close()
  }

  get #isWorthIt(): boolean {
    return this.#isParallel && Math.max(this.#size, this.#read) > this.#cut.workersFrom
  }

  /** A file that can be read in ranges, where that is worth it. */
  async #openRanges({ path, name, size }: Input): Promise<FileHandle | undefined> {
    if (!this.#isWorthIt || path === undefined || size === undefined) return undefined
    return openPlain(path, name)
  }

  *#ranges(input: Input, fd: number, lead: Lead): Generator<Step> {
    const { pieceBytes } = this.#cut
    const size = input.size ?? 0
    for (let from = 0; from < size && !lead.isOver; from += pieceBytes) {
      const isLast = from + pieceBytes >= size
      const content = { fd, from, to: isLast ? Infinity : from + pieceBytes }
      const { isFree } = lead
      const piece = this.#piece(input, content, from === 0, isLast)
      const done = (): void => input.advance(Math.min(content.to, size))
      yield { kind: 'piece', piece, isFree, done }
    }
  }

  async *#stream(input: Input, lead: Lead): AsyncGenerator<Step, void, undefined> {
    const ends = new PieceEnds(this.#cut.pieceBytes)
    let held: Held | undefined
    let isFirst = true
    let failure: unknown
    try {
      for await (const chunk of untilDue(input.chunks(), () => held?.due)) {
        if (held && performance.now() >= held.due) {
          yield* this.#late(held)
          held = undefined
        }
        for (const part of ends.parts(chunk)) {
          if (part.begins && this.#isWorthIt && lead.isFree) held = this.#hold()
          if (held && !held.buffer.append(part.bytes)) {
            yield* this.#late(held)
            held = undefined
          }
          if (!held) yield this.#chunk(part.bytes, part.ends)
          else if (part.ends) {
            yield this.#collected(input, held, isFirst, false)
            held = undefined
          }
          if (part.ends) isFirst = false
          this.#read += part.bytes.length
        }
        if (lead.isOver) return
      }
    } catch (error) {
      failure = error
    }
    // What was read of a broken input counts.
    if (held) yield this.#collected(input, held, isFirst, true)
    if (failure) throw failure
  }

  #hold(): Held {
    return { buffer: this.#buffers.take(), due: performance.now() + HELD_MS_MAX }
  }

  *#late({ buffer }: Held): Generator<ChunkStep> {
    yield this.#chunk(buffer.bytes, false)
    this.#buffers.giveBack(buffer)
  }

  #chunk(bytes: Uint8Array, ends: boolean): ChunkStep {
    this.#isBeginning = false
    return { kind: 'chunk', bytes, ends }
  }

  #collected(input: Input, { buffer }: Held, isFirst: boolean, isLast: boolean): PieceStep {
    const piece = this.#piece(input, buffer.bytes, isFirst, isLast)
    return { kind: 'piece', piece, isFree: true, done: () => this.#buffers.giveBack(buffer) }
  }

  #piece(input: Input, content: Piece['content'], isFirst: boolean, isLast: boolean): Piece {
    const isBeginning = this.#isBeginning
    this.#isBeginning = false
    return { file: input.name, content, isFirst, isLast, isBeginning }
  }
}

/** A piece that is being collected, and when it should be whole. */
interface Held {
  readonly buffer: SharedBuffer
  readonly due: number
}
