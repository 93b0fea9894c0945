// A thread of a scan. The pool (pool.ts) starts it with what it has to look for, and calls it with
// one piece after the other.
import { workerData } from 'node:worker_threads'
import type { Piece } from './piece.ts'
import { type PieceResult, PieceScan } from './piece-scan.ts'
import { FindingsSender, type SentFindings } from './sent-finding.ts'
import { prepare, type Wanted } from './wanted.ts'

const { evaluators, rules } = await prepare(workerData as Wanted)
const scan = new PieceScan(evaluators, rules, new FindingsSender())

/** Without a piece it says no more than that it is there. */
export default function evaluate(piece: Piece | undefined): PieceResult<SentFindings> | undefined {
  return piece && scan.evaluate(piece)
}
