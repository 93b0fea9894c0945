import type { ProvedEvent } from '../audit/proved.ts'
import { provedEvent } from '../audit/prove.ts'
import { type LineSink, type Scanned, Scanner } from '../audit/scanner/scanner.ts'
import { EventIndex, type Indexed } from '../rego/event-index.ts'
import { matchAtom } from '../rego/match-atom.ts'
import type { Evaluator } from './evaluator.ts'

/** What is to be evaluated for an event: for each evaluator its parts, `all`, or nothing. */
export type Choice = readonly (readonly number[] | 'all')[]

/** Receives what `Screen.lines` does not settle, in the order of the lines. */
export interface ScreenSink {
  /** An event, and what may match it. */
  event(event: ProvedEvent, line: number, choice: Choice): void
  /** A line that is not proved to be one event; see LineSink. */
  doubt: LineSink['doubt']
}

type Owner = readonly [evaluator: number, part: number | 'all']

const NOTHING: readonly number[] = []

/**
 * Settles the events that nothing can match, without evaluating them: the scanner proves lines to be
 * events, and the index says from a few of their values which evaluators' parts are left.
 */
export class Screen {
  readonly #parts: readonly (readonly Indexed[])[]
  readonly #index: EventIndex
  readonly #scanner: Scanner
  /** The evaluator and its part that each of the index's rules stands for. */
  readonly #owners: readonly Owner[]

  constructor(evaluators: readonly Evaluator[]) {
    this.#parts = evaluators.map(({ parts }) => parts ?? [{ residual: undefined }])
    this.#owners = evaluators.flatMap(({ parts }, evaluator) =>
      parts ? parts.map((_, part): Owner => [evaluator, part]) : [[evaluator, 'all'] as Owner],
    )
    this.#index = new EventIndex(this.#parts.flat(), matchAtom)
    this.#scanner = new Scanner(this.#index)
  }

  /** Goes through whole lines; see Scanner. */
  lines(bytes: Uint8Array, start: number, end: number, sink: ScreenSink): Scanned {
    let settled = 0
    const scanned = this.#scanner.scan(bytes, start, end, {
      doubt: (from, to, line) => sink.doubt(from, to, line),
      candidate: (memory, from, to, line, answer, spans) => {
        const rules = this.#index.candidates(answer, spans)
        if (rules.length === 0) settled++
        else sink.event(trimmed(memory, from, to), line, this.#choice(rules))
      },
    })
    return { ...scanned, clean: scanned.clean + settled }
  }

  #choice(rules: readonly number[]): Choice {
    const choice: (number[] | 'all' | undefined)[] = []
    for (const rule of rules) {
      const [evaluator, part] = this.#owners[rule]!
      const chosen = choice[evaluator]
      if (part === 'all') choice[evaluator] = 'all'
      else if (chosen === undefined) choice[evaluator] = [part]
      else if (chosen !== 'all') chosen.push(part)
    }
    return this.#parts.map((_, evaluator) => choice[evaluator] ?? NOTHING)
  }
}

/** The event on a line that is proved, without the white space around it. */
function trimmed(bytes: Uint8Array, start: number, end: number): ProvedEvent {
  let first = start
  let last = end
  while (bytes[first]! <= 0x20) first++
  while (bytes[last - 1]! <= 0x20) last--
  return provedEvent(bytes, first, last)
}
