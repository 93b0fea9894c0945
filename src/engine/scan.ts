import type { EventSink } from '../audit/split.ts'
import type { ParapetError } from '../text/error.ts'
import type { LocatedDiagnostic } from '../text/diagnostic.ts'
import type { ScanSummary } from './counts.ts'
import type { Evaluator } from './evaluator.ts'
import type { Exception } from './exception.ts'
import type { Finding } from './finding.ts'
import { type InputProblem, Matcher, type MatchRules } from './matcher.ts'
import { type Countable, Tally } from './tally.ts'

export interface ScanRules extends MatchRules {
  /** auditIDs remembered for dropping a request's repeats; 0 keeps every stage's findings. */
  readonly dedupWindow: number
}

/** Where a scan's answers go, synchronously and in input order. */
export interface ScanOutput {
  /** @param evaluator whose finding it is */
  finding(finding: Finding, evaluator: Evaluator): void
  /** A finding that an exception covers, and that does not count. */
  excepted?(finding: Finding, exception: Exception): void
  /** A line or event that could not be judged; said here, counted in the summary. */
  incomplete(diagnostic: LocatedDiagnostic): void
}

/** Events in, findings out: joins what matches to the events, drops a request's repeats, and counts. */
export class Scan {
  readonly #matcher: Matcher
  readonly #output: ScanOutput
  readonly #tally: Tally
  /** Inputs and what was said of them as a whole. */
  readonly #said = new Set<string>()

  constructor(evaluators: readonly Evaluator[], rules: ScanRules, output: ScanOutput) {
    this.#output = output
    this.#tally = new Tally(rules.dedupWindow)
    this.#matcher = new Matcher(evaluators, rules, {
      events: (count) => this.#tally.events(count),
      match: ({ match, evaluator, exception }, facts, file, line) => {
        let made: Finding | undefined
        const finding = (): Finding => (made ??= facts.finding(match, file, line))
        const { engine, rule, priority } = match
        const { auditID } = facts
        const countable = { engine, rule, priority, auditID, exception }
        if (!this.count(countable, () => finding().message)) return
        if (exception) output.excepted?.(finding(), exception)
        else output.finding(finding(), evaluator)
      },
      incomplete: (problem, file, line) => this.incomplete(problem, file, line),
    })
  }

  /** The receiver of one file's events. */
  sink(file: string): EventSink {
    return this.#matcher.sink(file)
  }

  /** Events and complaints so far. */
  get judged(): number {
    return this.#tally.judged
  }

  /** Counts events that were judged elsewhere. */
  events(count: number): void {
    this.#tally.events(count)
  }

  /** Counts a finding that was made elsewhere; see Tally. */
  count(finding: Countable, message: () => string): boolean {
    return this.#tally.finding(finding, message)
  }

  /** Counts a line or event that could not be judged, and says so. */
  incomplete({ code, message, help, ofInput }: InputProblem, file: string, line: number): void {
    if (ofInput) {
      const what = `${code} ${file}`
      if (this.#said.has(what)) return
      this.#said.add(what)
    }
    this.#tally.incomplete(code)
    const advice = help === undefined ? {} : { help }
    this.#output.incomplete({ code, severity: 'error', message, file, line, ...advice })
  }

  /** Counts a file that could not be read to its end. */
  unreadable(
    file: string,
    { code, message, help }: Pick<ParapetError, 'code' | 'message' | 'help'>,
  ): void {
    this.#tally.incomplete(code)
    const advice = help === undefined ? {} : { help }
    this.#output.incomplete({ code, severity: 'error', message, file, ...advice })
  }

  summary(bytes: number, seconds: number): ScanSummary {
    return this.#tally.summary(bytes, seconds)
  }
}
