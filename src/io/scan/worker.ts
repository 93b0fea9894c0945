// A thread of a scan. The pool (pool.ts) starts it with what it has to look for, and calls it with
// one piece after the other.
import { workerData } from 'node:worker_threads'
import type { Piece } from './piece.ts'
import { type PieceResult, PieceScan } from './piece-scan.ts'
import { FindingsSender, type SentFindings } from './sent-finding.ts'
import { prepare, type Wanted } from './wanted.ts'

/** Evaluates a piece; without one it says no more than that it is there. */
type Evaluate = (piece: Piece | undefined) => PieceResult<SentFindings> | undefined

async function start(): Promise<Evaluate> {
  const { evaluators, rules } = await prepare(workerData as Wanted)
  const scan = new PieceScan(evaluators, rules, new FindingsSender())
  return (piece) => piece && scan.evaluate(piece)
}

/** Called with every piece, once it is there. */
const evaluate: Promise<Evaluate> = start()
export default evaluate
