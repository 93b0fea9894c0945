import { EventSplitter } from '../../audit/split.ts'
import type { Sampled } from '../../engine/blind-spots.ts'
import type { Evaluator } from '../../engine/evaluator.ts'
import { Sample } from '../../engine/sample.ts'
import { type InputProblem, Matcher, type MatchRules } from '../../engine/matcher.ts'
import { ParapetError } from '../../text/error.ts'
import { PIECE_ANSWERS_MAX } from '../../text/limits.ts'
import type { Collector } from './collector.ts'
import type { KeptFinding } from './kept-finding.ts'
import { type Piece, readPiece } from './piece.ts'
import type { SentFindings } from './sent-finding.ts'

/** What a piece comes to, with lines counted from 1, the first of the piece. */
export interface PieceResult<Findings = SentFindings | readonly KeptFinding[]> {
  readonly bytes: number
  readonly lines: number
  readonly events: number
  readonly findings: Findings
  readonly problems: readonly PieceProblem[]
  /** Entries of other logs, by kind. */
  readonly others: ReadonlyMap<string, number>
  readonly sample: readonly Sampled[]
  /** The input turned out to be no text; the rest of it is not to be read. */
  readonly isRefused: boolean
  /** Why it could not be read to its end. */
  readonly failure: Pick<ParapetError, 'code' | 'message' | 'file' | 'help'> | undefined
}

export type PieceProblem = InputProblem & { readonly line: number }

/**
 * Evaluates pieces of inputs, each as if nothing came before it and nothing behind it. Where that may
 * be wrong, because a document goes on in the next piece, or where a piece has too much to say to be
 * held in memory, there is no result: the piece has to be read in its turn then.
 */
export class PieceScan<Findings> {
  readonly #matcher: Matcher
  readonly #findings: Collector<Findings>
  #events = 0
  #problems: PieceProblem[] = []

  constructor(evaluators: readonly Evaluator[], rules: MatchRules, findings: Collector<Findings>) {
    this.#findings = findings
    this.#matcher = new Matcher(evaluators, rules, {
      events: (count) => (this.#events += count),
      match: ({ match, evaluator, exception }, facts, file, line) => {
        const finding = facts.finding(match, file, line)
        const position = evaluators.indexOf(evaluator)
        this.#findings.add(finding, facts.auditID, exception, position)
      },
      incomplete: (problem, _file, line) => this.#problems.push({ ...problem, line }),
    })
  }

  evaluate(piece: Piece): PieceResult<Findings> | undefined {
    this.#events = 0
    this.#findings.take()
    this.#problems = []
    const sample: Sampled[] = []
    const sampler = new Sample((event) => sample.push(event), piece.isBeginning)
    const others = new Map<string, number>()
    const sink = {
      ...sampler.of(this.#matcher.sink(piece.file)),
      other: (what: string) => void others.set(what, (others.get(what) ?? 0) + 1),
    }
    const splitter = new EventSplitter(sink, {
      file: piece.file,
      ...(piece.isFirst ? {} : { linesBefore: 0 }),
    })
    let bytes = 0
    let failure: ParapetError | undefined
    try {
      for (const chunk of readPiece(piece.content, piece.file)) {
        splitter.push(chunk)
        bytes += chunk.length
        if (splitter.refused) break
        if (this.#findings.count + this.#problems.length > PIECE_ANSWERS_MAX) return undefined
      }
    } catch (error) {
      if (!(error instanceof ParapetError)) throw error
      failure = error
    }
    if (piece.isLast || failure) splitter.end()
    else if (!splitter.isBetweenDocuments && !splitter.refused) return undefined
    sampler.cut()
    return {
      bytes,
      lines: splitter.lines,
      events: this.#events,
      findings: this.#findings.take(),
      problems: this.#problems,
      others,
      sample,
      isRefused: splitter.refused,
      failure: failure && plain(failure),
    }
  }
}

function plain({ code, message, file, help }: ParapetError): PieceResult['failure'] {
  return { code, message, file, help }
}
