import type { BlindSpots } from '../../engine/blind-spots.ts'
import type { Evaluator } from '../../engine/evaluator.ts'
import type { MatchRules } from '../../engine/matcher.ts'
import type { Scan } from '../../engine/scan.ts'
import type { Input } from '../input/inputs.ts'
import { type KeptFinding, KeptFindings, renumbered } from './kept-finding.ts'
import type { Piece } from './piece.ts'
import { type PieceResult, PieceScan } from './piece-scan.ts'
import type { Pool } from './pool.ts'
import type { Threads } from './read-events.ts'
import { type ReceivedFinding, receiveFindings, type SentFindings } from './sent-finding.ts'
import type { Wanted } from './wanted.ts'

/** Pieces for each other thread: one that it works on, and one that waits for it. */
const PLACES_EACH = 2
/** Pieces for each thread whose results are held, with those that are evaluated. */
const HELD_EACH = 3

/** What the threads of a scan work with. */
export interface ScanThreadsOptions {
  /** With the calling one, which takes its share. */
  readonly count: number
  readonly wanted: Wanted
  readonly evaluators: readonly Evaluator[]
  readonly rules: MatchRules
  readonly scan: Scan
  readonly blindSpots: BlindSpots | undefined
  /** Receives what is neither a repeat nor counted already. */
  readonly found: (finding: ReceivedFinding | KeptFinding) => void
}

/**
 * The threads of a scan: the calling one, and others that start when there is something for them to do.
 * Until they have started, the calling thread evaluates all pieces.
 */
export class ScanThreads implements Threads {
  readonly heldMax: number
  readonly #options: ScanThreadsOptions
  #own: PieceScan<readonly KeptFinding[]> | undefined
  #pool: Promise<Pool> | undefined
  #isReady = false

  constructor(options: ScanThreadsOptions) {
    this.heldMax = options.count * HELD_EACH
    this.#options = options
  }

  get places(): number {
    return this.#isReady ? (this.#options.count - 1) * PLACES_EACH : 0
  }

  async evaluate(piece: Piece): Promise<PieceResult | undefined> {
    return (await this.#pool!).evaluate(piece)
  }

  evaluateHere(piece: Piece): PieceResult | undefined {
    this.#pool ??= this.#open()
    const { evaluators, rules } = this.#options
    return (this.#own ??= new PieceScan(evaluators, rules, new KeptFindings())).evaluate(piece)
  }

  join(result: PieceResult, { name }: Input, linesBefore: number): void {
    const { scan, evaluators, blindSpots, found } = this.#options
    for (const problem of result.problems) {
      scan.incomplete(problem, name, linesBefore + problem.line)
    }
    for (const finding of received(result.findings, linesBefore, evaluators)) {
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
    const pool = new Pool(this.#options.count - 1, this.#options.wanted)
    // Where they cannot start, the pieces fail that they are given.
    const begin = (): void => void (this.#isReady = true)
    pool.ready().then(begin, begin)
    return pool
  }
}

function received(
  findings: SentFindings | readonly KeptFinding[],
  linesBefore: number,
  evaluators: readonly Evaluator[],
): readonly (ReceivedFinding | KeptFinding)[] {
  return 'text' in findings
    ? receiveFindings(findings, linesBefore, evaluators)
    : renumbered(findings, linesBefore)
}
