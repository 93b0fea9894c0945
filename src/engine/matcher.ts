import type { EventSink } from '../audit/split.ts'
import { admit, type Problem } from './admission.ts'
import { EventFacts, type FoundIn } from './compose.ts'
import type { Evaluator, Match } from './evaluator.ts'
import type { Exception } from './exception.ts'
import type { EventFilter } from './filter.ts'
import { atLeast, type Priority } from './finding.ts'
import { type Judgement, Judge } from './judge.ts'
import { type Chosen, Screen } from './screen.ts'

/** What of all matches is wanted, and how they are found. */
export interface MatchRules {
  readonly filter?: EventFilter | undefined
  /** Lets a match through; undefined for all. */
  readonly select?: ((match: Pick<Match, 'rule' | 'tags'>) => boolean) | undefined
  readonly minPriority?: Priority | undefined
  readonly redact: boolean
  /**
   * False evaluates every event, whether or not it can match: the reference that the index is held
   * to. True uses the index from the first event on; by default it is made when it is worth it.
   */
  readonly index?: boolean | undefined
}

/** The screen is made for a piece of a log of this size, in bytes, … */
const SCREEN_BYTES_MIN = 65_536
/** … or after so many events: to evaluate fewer is faster. */
const SCREEN_EVENTS_MIN = 50

/** A match, whose it is, and what excepts it. */
export interface Matched {
  readonly match: Match
  readonly evaluator: Evaluator
  readonly exception: Exception | undefined
}

/** A problem, and whether it stands for all of its kind in the input. */
export interface InputProblem extends Problem {
  readonly ofInput?: true
}

/** Where a matcher's answers go, synchronously and in input order. */
export interface MatchOutput {
  /** Events that were judged, whether or not something matches them. */
  events(count: number): void
  /** Something matches the event that begins on this line. */
  match(matched: Matched, facts: EventFacts, file: string, line: number): void
  /** A line or event that could not be judged. */
  incomplete(problem: InputProblem, file: string, line: number): void
}

/**
 * Events in, matches out: proves each event, asks every evaluator, and passes on what is wanted. What
 * it says of an event depends on that event alone, so several can share the work on a log. An event
 * is parsed only when something fired on it, and then as far as findings need it. Of JSON lines, most
 * are settled by the screen, which proves them too and knows that nothing can match.
 */
export class Matcher {
  readonly #judge: Judge
  readonly #rules: MatchRules
  readonly #output: MatchOutput
  readonly #evaluators: readonly Evaluator[]
  #screen: Screen | 'later' | undefined
  #events = 0

  constructor(evaluators: readonly Evaluator[], rules: MatchRules, output: MatchOutput) {
    this.#judge = new Judge(evaluators)
    this.#rules = rules
    this.#output = output
    this.#evaluators = evaluators
    this.#screen = rules.index === false ? undefined : 'later'
  }

  /** The receiver of one file's events. */
  sink(file: string): EventSink {
    return {
      ...(this.#screen ? { lines: this.#lines(file) } : {}),
      event: (buffer, start, end, line) => this.#event(buffer, start, end, file, line),
      malformed: ({ line, code, reason: message, help, ofInput }) => {
        const more = { ...(help ? { help } : {}), ...(ofInput ? { ofInput } : {}) }
        this.#output.incomplete({ code, message, ...more }, file, line)
      },
    }
  }

  #event(buffer: Uint8Array, start: number, end: number, file: string, line: number): void {
    const screened = this.#screenFor(end - start)?.one(buffer, start, end, (chosen) =>
      this.#settle(chosen, file, line),
    )
    if (screened === 'settled') this.#count(1)
    if (screened === 'settled' || screened === 'taken') return
    const event = admit(buffer, start, end, (problem) =>
      this.#output.incomplete(problem, file, line),
    )
    if (event !== undefined) this.#tell({ event }, this.#judge.judge(event), file, line)
  }

  /** The screen, where there is enough to look at that it is worth making. */
  #screenFor(bytes: number): Screen | undefined {
    if (this.#screen !== 'later') return this.#screen
    const isWorthIt = bytes >= SCREEN_BYTES_MIN || this.#events >= SCREEN_EVENTS_MIN
    if (!isWorthIt && this.#rules.index !== true) return undefined
    // Where nothing has parts every event would come through it.
    const isUseful = this.#evaluators.some(({ parts }) => parts !== undefined)
    this.#screen = isUseful ? new Screen(this.#evaluators) : undefined
    return this.#screen
  }

  /** Whole lines: what the screen settles is counted, the rest is judged. */
  #lines(file: string): NonNullable<EventSink['lines']> {
    return (bytes, start, end, line, read) => {
      const screen = this.#screenFor(end - start)
      if (!screen) return { end: start, lines: 0 }
      const scanned = screen.lines(bytes, start, end, {
        events: (chosen) => this.#settle(chosen, file, line),
        doubt: (from, to, index) => read(from, to, line + index),
      })
      this.#count(scanned.clean)
      return scanned
    }
  }

  /**
   * Judges all events before it tells of any: what evaluators use, and what findings are made with,
   * would drive each other out of the processor's caches with every event.
   */
  #settle(chosen: readonly Chosen[], file: string, line: number): void {
    const judgements = chosen.map((one) => this.#judge.judge(one.event, one))
    for (const [i, one] of chosen.entries()) {
      this.#tell(one, judgements[i]!, file, line + one.line)
    }
  }

  #tell(source: FoundIn, judgements: readonly Judgement[], file: string, line: number): void {
    this.#count(1)
    let facts: EventFacts | undefined
    for (const judgement of judgements) {
      if ('problem' in judgement) this.#output.incomplete(judgement.problem, file, line)
      else {
        for (const match of judgement.matches) {
          facts ??= new EventFacts(source, this.#rules.redact)
          this.#report(match, judgement.evaluator, facts, file, line)
        }
      }
    }
  }

  #report(match: Match, evaluator: Evaluator, facts: EventFacts, file: string, line: number): void {
    const { filter, select, minPriority } = this.#rules
    if (select && !select(match)) return
    if (minPriority && !atLeast(match.priority, minPriority)) return
    if (filter && !filter(facts.event)) return
    const exception = evaluator.exceptions?.covering(match.rule, facts.event)
    this.#output.match({ match, evaluator, exception }, facts, file, line)
  }

  #count(events: number): void {
    this.#events += events
    this.#output.events(events)
  }
}
