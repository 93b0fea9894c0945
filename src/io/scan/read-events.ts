import { setImmediate } from 'node:timers/promises'
import { EventSplitter } from '../../audit/split.ts'
import type { Sample } from '../../engine/sample.ts'
import type { Scan } from '../../engine/scan.ts'
import { ParapetError } from '../../text/error.ts'
import { type BeginStep, type Cut, Cutter, type EndStep, usualCut } from './cut.ts'
import type { Input } from '../input/inputs.ts'
import { type Piece, readPiece } from './piece.ts'
import type { PieceResult } from './piece-scan.ts'
import { type Crew, runAhead, type StepAhead } from './run-ahead.ts'

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined
  /** Sees the events on their way into the scan. */
  readonly sample?: Sample
  readonly cut?: Cut
  /** Evaluates pieces of large inputs. */
  readonly threads?: Threads | undefined
  /** Receives what a user should know and what is no error. */
  readonly onNotice?: ((text: string) => void) | undefined
  /** Called now and then with the bytes read so far, as stored. */
  readonly onProgress?: ((position: number) => void) | undefined
}

export interface Threads extends Crew {
  /** Takes over what a piece came to, when it is its turn. */
  join(result: PieceResult, input: Input, linesBefore: number): void
}

/**
 * Pushes the events of all inputs into a scan. Yields after each piece, with its bytes (unpacked), and
 * where an input ends, with none: what was found so far can be taken then.
 */
export async function* readEvents(
  inputs: readonly Input[],
  scan: Scan,
  options: ReadOptions,
): AsyncGenerator<number, void, undefined> {
  const { signal, threads, onProgress } = options
  const position = (): number => inputs.reduce((sum, input) => sum + input.position, 0)
  const cutter = new Cutter(inputs, options.cut ?? usualCut, threads !== undefined)
  const steps = cutter.steps()
  const reader = new Reader(scan, options)
  try {
    for await (const step of runAhead(steps, threads)) {
      if (signal?.aborted) return
      for await (const bytes of reader.take(step)) {
        yield bytes
        onProgress?.(position())
        if (signal?.aborted) return
      }
    }
  } finally {
    options.sample?.cut()
    await steps.return()
    await cutter.close()
  }
}

/** The input that is being read. */
interface Reading extends Omit<BeginStep, 'kind'> {
  readonly judgedBefore: number
  /** Entries of other logs, by kind. */
  readonly others: Map<string, number>
  isBegun: boolean
  /** Lines before the piece. */
  lines: number
  /** There while a piece is read in its turn, and behind one that did not end between documents. */
  splitter: EventSplitter | undefined
  failure: Pick<ParapetError, 'code' | 'message' | 'help'> | undefined
}

/** Reads what can only be read in its turn, and joins to it what came of the rest. */
class Reader {
  readonly #scan: Scan
  readonly #options: ReadOptions
  #reading!: Reading

  constructor(scan: Scan, options: ReadOptions) {
    this.#scan = scan
    this.#options = options
  }

  /** Gives the bytes that were read, now and then. */
  async *take({ step, result }: StepAhead): AsyncGenerator<number, void, undefined> {
    if (step.kind === 'begin') this.#begin(step)
    else if (step.kind === 'chunk') yield* this.#inTurn([step.bytes], step.ends)
    else if (step.kind === 'piece') {
      const found = await result
      if (this.#reading.lead.isOver) return step.done()
      if (found && !this.#reading.splitter) yield this.#join(found)
      else {
        yield* this.#pieceInTurn(step.piece)
        // Signals, timers and the output are looked after.
        await setImmediate()
      }
      step.done()
    } else {
      this.#end(step)
      await step.close()
      yield 0
    }
  }

  #begin({ input, lead }: BeginStep): void {
    this.#reading = {
      input,
      lead,
      judgedBefore: this.#scan.judged,
      others: new Map(),
      isBegun: false,
      lines: 0,
      splitter: undefined,
      failure: undefined,
    }
  }

  *#pieceInTurn({ content, file }: Piece): Generator<number> {
    try {
      yield* this.#inTurn(readPiece(content, file), true)
    } catch (error) {
      if (!(error instanceof ParapetError)) throw error
      this.#reading.failure = error
      this.#reading.lead.isOver = true
    }
  }

  /** Reads bytes that follow those before. `ends` where a piece ends with them. */
  *#inTurn(chunks: Iterable<Uint8Array>, ends: boolean): Generator<number> {
    const reading = this.#reading
    const { lead } = reading
    if (lead.isOver) return
    const splitter = (reading.splitter ??= this.#splitter())
    for (const chunk of chunks) {
      splitter.push(chunk)
      yield chunk.length
      lead.isOver = splitter.refused
      if (lead.isOver) return
    }
    if (!ends) return
    lead.isFree = splitter.isBetweenDocuments
    if (!lead.isFree) return
    reading.lines = splitter.lines
    reading.splitter = undefined
    this.#options.sample?.cut()
  }

  #splitter(): EventSplitter {
    const { input, others, lines, isBegun } = this.#reading
    this.#reading.isBegun = true
    const sink = this.#scan.sink(input.name)
    const whole = {
      ...(this.#options.sample?.of(sink) ?? sink),
      other: (what: string) => count(others, what, 1),
    }
    const place = isBegun ? { linesBefore: lines } : {}
    return new EventSplitter(whole, { file: input.name, ...place })
  }

  #join(result: PieceResult): number {
    const reading = this.#reading
    // What is read in its turn after this is not the beginning.
    this.#options.sample?.cut()
    this.#options.threads!.join(result, reading.input, reading.lines)
    for (const [what, entries] of result.others) count(reading.others, what, entries)
    reading.isBegun = true
    reading.lines += result.lines
    reading.failure = result.failure
    reading.lead.isOver = result.isRefused || result.failure !== undefined
    return result.bytes
  }

  #end({ failure: broken }: EndStep): void {
    const { input, splitter, others, judgedBefore, failure = broken } = this.#reading
    if (splitter) {
      splitter.end()
      this.#options.sample?.cut()
    }
    const { onNotice } = this.#options
    if (others.size > 0) onNotice?.(passedOver(input.name, others))
    // What was read of a broken file counts, and the other files are still read.
    if (failure) this.#scan.unreadable(input.name, failure)
    if (this.#scan.judged === judgedBefore) onNotice?.(`${input.name}: there are no events in it`)
  }
}

function count(counts: Map<string, number>, what: string, more: number): void {
  counts.set(what, (counts.get(what) ?? 0) + more)
}

function passedOver(file: string, others: ReadonlyMap<string, number>): string {
  const each = [...others].map(([what, entries]) => `${entries} ${what}`).join(', ')
  return `${file}: entries of other logs than the audit log were passed over: ${each}`
}

/** Bytes of all inputs as stored; undefined where one has no size. */
export function sizeOf(inputs: readonly Input[]): number | undefined {
  const sizes = inputs.map((input) => input.size)
  if (sizes.includes(undefined)) return undefined
  return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0)
}
