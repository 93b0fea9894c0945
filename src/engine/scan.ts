import type { EventSink } from '../audit/split.ts'
import type { ProvedEvent } from '../audit/proved.ts'
import type { ParapetError } from '../text/error.ts'
import type { LocatedDiagnostic } from '../text/diagnostic.ts'
import { admit, type Problem } from './admission.ts'
import { EventFacts } from './compose.ts'
import { Dedup } from './dedup.ts'
import type { Evaluator, Match } from './evaluator.ts'
import type { Exception } from './exceptions.ts'
import type { EventFilter } from './filter.ts'
import { atLeast, type Finding, type Priority } from './finding.ts'
import type { ExceptionUse, ScanSummary } from './counts.ts'
import { type Judgement, Judge } from './judge.ts'
import { type Chosen, Screen } from './screen.ts'

export interface ScanRules {
  readonly filter?: EventFilter | undefined
  /** Lets a match through; undefined for all. */
  readonly select?: ((match: Match) => boolean) | undefined
  readonly minPriority?: Priority | undefined
  /** auditIDs remembered for dropping a request's repeats; 0 keeps every stage's findings. */
  readonly dedupWindow: number
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

/** Where a scan's answers go, synchronously and in input order. */
export interface ScanOutput {
  /** @param evaluator whose finding it is */
  finding(finding: Finding, evaluator: Evaluator): void
  /** A finding that an exception covers, and that does not count. */
  excepted?(finding: Finding, exception: Exception): void
  /** A line or event that could not be judged; said here, counted in the summary. */
  incomplete(diagnostic: LocatedDiagnostic): void
}

/**
 * Events in, findings out: proves each event, asks every evaluator, and joins what they say to the
 * event. An event is parsed only when something fired on it. Of JSON lines, most are settled by the
 * screen, which proves them too and knows that nothing can match.
 */
export class Scan {
  readonly #judge: Judge
  readonly #rules: ScanRules
  readonly #output: ScanOutput
  readonly #dedup: Dedup | undefined
  readonly #evaluators: readonly Evaluator[]
  #screen: Screen | 'later' | undefined
  #events = 0
  #findings = 0
  #malformed = 0
  #suppressed = 0
  readonly #byPriority: Partial<Record<Priority, number>> = {}
  readonly #byCode: Record<string, number> = {}
  readonly #excepted = new Map<Exception, ExceptionUse>()

  constructor(evaluators: readonly Evaluator[], rules: ScanRules, output: ScanOutput) {
    this.#judge = new Judge(evaluators)
    this.#rules = rules
    this.#output = output
    this.#dedup = rules.dedupWindow > 0 ? new Dedup(rules.dedupWindow) : undefined
    this.#evaluators = evaluators
    this.#screen = rules.index === false ? undefined : 'later'
  }

  /** The receiver of one file's events. */
  sink(file: string): EventSink {
    return {
      ...(this.#screen ? { lines: this.#lines(file) } : {}),
      event: (buffer, start, end, line) => this.#event(buffer, start, end, file, line),
      malformed: ({ line, code, reason, help }) =>
        this.#incomplete(file, line, { code, message: reason, ...(help ? { help } : {}) }),
    }
  }

  /** Events and complaints so far. */
  get judged(): number {
    return this.#events + this.#malformed
  }

  /** Counts a file that could not be read to its end. */
  unreadable(file: string, { code, message, help }: ParapetError): void {
    this.#count(code)
    const advice = help === undefined ? {} : { help }
    this.#output.incomplete({ code, severity: 'error', message, file, ...advice })
  }

  summary(bytes: number, seconds: number): ScanSummary {
    return {
      events: this.#events,
      bytes,
      findings: this.#findings,
      malformed: this.#malformed,
      suppressed: this.#suppressed,
      seconds,
      byPriority: { ...this.#byPriority },
      byCode: { ...this.#byCode },
      ...(this.#excepted.size > 0 ? { exceptions: [...this.#excepted.values()] } : {}),
    }
  }

  #event(buffer: Uint8Array, start: number, end: number, file: string, line: number): void {
    const screened = this.#screenFor(end - start)?.one(buffer, start, end, (chosen) =>
      this.#settle(chosen, file, line),
    )
    if (screened === 'settled') this.#events += 1
    if (screened === 'settled' || screened === 'taken') return
    const event = admit(buffer, start, end, (problem) => this.#incomplete(file, line, problem))
    if (event !== undefined) this.#tell(event, this.#judge.judge(event), file, line)
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
      this.#events += scanned.clean
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
      this.#tell(one.event, judgements[i]!, file, line + one.line)
    }
  }

  #tell(event: ProvedEvent, judgements: readonly Judgement[], file: string, line: number): void {
    this.#events += 1
    let facts: EventFacts | undefined
    for (const judgement of judgements) {
      if ('problem' in judgement) this.#incomplete(file, line, judgement.problem)
      else {
        for (const match of judgement.matches) {
          facts ??= new EventFacts(event, this.#rules.redact)
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
    // Of one request, a stage may be covered and another not: neither may hide the other.
    const kind = exception ? `excepted ${match.engine}` : match.engine
    if (facts.auditID && this.#dedup?.isRepeat(facts.auditID, kind, match.rule)) {
      this.#suppressed += 1
      return
    }
    if (exception) {
      this.#except(exception, facts.finding(match, file, line))
      return
    }
    this.#findings += 1
    this.#byPriority[match.priority] = (this.#byPriority[match.priority] ?? 0) + 1
    this.#output.finding(facts.finding(match, file, line), evaluator)
  }

  #except(exception: Exception, finding: Finding): void {
    const { name, guardrail, until, reason } = exception
    const before = this.#excepted.get(exception)
    const findings = (before?.findings ?? 0) + 1
    const example = before?.example ?? finding.message
    this.#excepted.set(exception, { name, guardrail, until, reason, findings, example })
    this.#output.excepted?.(finding, exception)
  }

  #incomplete(file: string, line: number, { code, message, help }: Problem): void {
    this.#count(code)
    const advice = help === undefined ? {} : { help }
    this.#output.incomplete({ code, severity: 'error', message, file, line, ...advice })
  }

  #count(code: string): void {
    this.#malformed += 1
    this.#byCode[code] = (this.#byCode[code] ?? 0) + 1
  }
}
