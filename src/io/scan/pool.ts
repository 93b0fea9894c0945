import { Piscina } from 'piscina'
import { ParapetError } from '../../text/error.ts'
import { scanWorker } from '../installed.ts'
import type { Piece } from './piece.ts'
import type { PieceResult } from './piece-scan.ts'
import type { Wanted } from './wanted.ts'

/** Threads that evaluate pieces. They start at once, and live until the pool is closed. */
export class Pool {
  readonly #piscina: Piscina
  #isClosed = false

  constructor(threads: number, wanted: Wanted) {
    this.#piscina = new Piscina({
      filename: scanWorker,
      workerData: wanted,
      minThreads: threads,
      maxThreads: threads,
      // How the process was started, `--input-type` for example, is no matter of theirs.
      execArgv: [],
      // The next piece is there when a thread has finished one.
      concurrentTasksPerWorker: 2,
      recordTiming: false,
    })
    // A thread that dies fails its pieces, too.
    this.#piscina.on('error', () => {})
  }

  /** Settles when a thread has started, or could not. */
  async ready(): Promise<void> {
    await this.#piscina.run(undefined)
  }

  /**
   * Evaluates a piece; undefined where it has to be read in its turn.
   * @throws ParapetError `WORKER_FAILED`
   */
  async evaluate(piece: Piece): Promise<PieceResult | undefined> {
    try {
      return await this.#piscina.run(piece)
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw new ParapetError('WORKER_FAILED', `a thread of the scan failed: ${reason}`, {
        help: 'try `--workers 1`, which needs no threads',
        cause,
      })
    }
  }

  /** Stops the threads, whatever they are doing. Pieces that are not finished fail. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.#piscina.destroy()
  }
}
