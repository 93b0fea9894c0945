import type { BlindSpots } from '../engine/blind-spots.ts'
import type { Evaluator } from '../engine/evaluator.ts'
import type { Scan } from '../engine/scan.ts'
import type { Input } from './inputs.ts'
import type { Piece } from './piece.ts'
import type { PieceResult } from './piece-scan.ts'
import type { Pool } from './pool.ts'
import type { Threads } from './read-events.ts'
import { type ReceivedFinding, receiveFindings } from './sent-finding.ts'
import type { Wanted } from './wanted.ts'

/** Pieces for each thread: one that it works on, one that waits for it, one that is done. */
const PIECES_EACH = 3

/** What the threads of a scan work with. */
export interface ScanThreadsOptions {
  readonly count: number
  readonly wanted: Wanted
  readonly evaluators: readonly Evaluator[]
  readonly scan: Scan
  readonly blindSpots: BlindSpots | undefined
  /** Receives what is neither a repeat nor counted already. */
  readonly found: (finding: ReceivedFinding) => void
}

/** The threads of a scan, which start when there is something for them to do. */
export class ScanThreads implements Threads {
  readonly pieces: number
  readonly #options: ScanThreadsOptions
  #pool: Promise<Pool> | undefined

  constructor(options: ScanThreadsOptions) {
    this.pieces = options.count * PIECES_EACH
    this.#options = options
  }

  async evaluate(piece: Piece): Promise<PieceResult | undefined> {
    return (await (this.#pool ??= this.#open())).evaluate(piece)
  }

  join(result: PieceResult, { name }: Input, linesBefore: number): void {
    const { scan, evaluators, blindSpots, found } = this.#options
    for (const problem of result.problems) {
      scan.incomplete(problem, name, linesBefore + problem.line)
    }
    for (const finding of receiveFindings(result.findings, linesBefore, evaluators)) {
      if (scan.count(finding, () => finding.finding.message)) found(finding)
    }
    for (const event of result.sample) blindSpots?.add(event)
    scan.events(result.events)
  }

  /** Stops the threads, whatever they are doing. */
  async close(): Promise<void> {
    await (await this.#pool)?.close()
  }

  /** The library is loaded only where threads are needed. */
  async #open(): Promise<Pool> {
    const { Pool } = await import('./pool.ts')
    return new Pool(this.#options.count, this.#options.wanted)
  }
}
