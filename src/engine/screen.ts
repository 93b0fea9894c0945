import type { ProvedEvent } from '../audit/proved.ts'
import { type Candidate, type LineSink, type Scanned, Scanner } from '../audit/scanner/scanner.ts'
import { EventIndex } from '../rego/event-index.ts'
import { matchAtom } from '../rego/match-atom.ts'
import { FACTS } from './compose.ts'
import type { Evaluator } from './evaluator.ts'
import { distinct, type Question, Questions } from './questions.ts'

/** An event that something may match. Valid during the call that it is handed to. */
export interface Chosen {
  readonly event: ProvedEvent
  /** Counted from 0, the first line of the range. */
  readonly line: number
  /** What is to be asked about it. */
  readonly questions: readonly Question[]
  /**
   * What a question's parts read of the event, as an object of its own; undefined where that is not
   * known. Valid until the next call.
   */
  input(question: Question): ProvedEvent | undefined
  /** `FACTS` of the event, in the same way. */
  facts(): ProvedEvent | undefined
  /** False where nothing in the event can be confidential, except in the query of its address. */
  mayHoldSecrets(): boolean
}

/** Receives what `Screen.lines` does not settle, in the order of the lines. */
export interface ScreenSink {
  /** Events whose lines came one behind the other, but for settled ones between them. */
  events(chosen: readonly Chosen[]): void
  /** A line that is not proved to be one event; see LineSink. */
  doubt: LineSink['doubt']
}

/**
 * Settles the events that nothing can match, without evaluating them: the scanner proves lines to be
 * events, and the index says from a few of their values which evaluators' parts are left.
 */
export class Screen {
  readonly #questions: Questions
  readonly #index: EventIndex
  readonly #scanner: Scanner

  constructor(evaluators: readonly Evaluator[]) {
    this.#questions = new Questions(evaluators)
    this.#index = new EventIndex(this.#questions.rules, matchAtom)
    const details = distinct([...FACTS.paths, ...this.#questions.reads])
    this.#scanner = new Scanner(this.#index, details)
  }

  /** Goes through whole lines; see Scanner. */
  lines(bytes: Uint8Array, start: number, end: number, sink: ScreenSink): Scanned {
    const queue = this.#queue(sink.events)
    const scanned = this.#scanner.scan(bytes, start, end, { ...queue, doubt: sink.doubt })
    return { ...scanned, clean: scanned.clean + queue.settled }
  }

  /** The same for one event that does not stand on a line of its own. */
  one(
    bytes: Uint8Array,
    start: number,
    end: number,
    take: ScreenSink['events'],
  ): 'settled' | 'taken' | 'doubt' {
    const buffer = Buffer.isBuffer(bytes)
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    const queue = this.#queue(take)
    const found = this.#scanner.scanOne(buffer, start, end, queue)
    if (found === 'candidate') return queue.settled === 0 ? 'taken' : 'settled'
    return found === 'clean' ? 'settled' : 'doubt'
  }

  /** Holds back what is left of candidates until it is due; counts those of which nothing is. */
  #queue(take: ScreenSink['events']): Pick<LineSink, 'candidate' | 'settle'> & { settled: number } {
    let waiting: Chosen[] = []
    const queue = {
      settled: 0,
      candidate: (candidate: Candidate) => {
        const rules = this.#index.candidates(candidate.answer, candidate.spans)
        if (rules.length === 0) queue.settled++
        else waiting.push(this.#chosen(candidate, rules))
      },
      settle: () => {
        if (waiting.length === 0) return
        const due = waiting
        waiting = []
        take(due)
      },
    }
    return queue
  }

  #chosen(candidate: Candidate, rules: readonly number[]): Chosen {
    return {
      event: candidate.event,
      line: candidate.line,
      questions: this.#questions.about(rules),
      input: ({ reads }) => reads && candidate.project(reads),
      facts: () => candidate.project(FACTS),
      mayHoldSecrets: () => candidate.mayHoldSecrets(),
    }
  }
}
