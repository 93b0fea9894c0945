import type { ExceptionUse, ScanSummary } from './counts.ts'
import { Dedup } from './dedup.ts'
import type { Exception } from './exception.ts'
import type { Finding, Priority } from './finding.ts'

/** What has to be known of a finding to count it. */
export interface Countable extends Pick<Finding, 'engine' | 'rule' | 'priority'> {
  /** As it stands in the event. */
  readonly auditID: string | null
  readonly exception: Exception | undefined
}

/** Counts what a scan comes to, and drops the repeats of a request. Is told everything in input order. */
export class Tally {
  readonly #dedup: Dedup | undefined
  #events = 0
  #findings = 0
  #malformed = 0
  #suppressed = 0
  readonly #byPriority: Partial<Record<Priority, number>> = {}
  readonly #byCode: Record<string, number> = {}
  readonly #excepted = new Map<Exception, ExceptionUse>()

  /** @param dedupWindow auditIDs remembered for dropping a request's repeats; 0 keeps every stage's findings */
  constructor(dedupWindow: number) {
    this.#dedup = dedupWindow > 0 ? new Dedup(dedupWindow) : undefined
  }

  /** Events and complaints so far. */
  get judged(): number {
    return this.#events + this.#malformed
  }

  events(count: number): void {
    this.#events += count
  }

  /**
   * Counts a finding; false for the repeat of an earlier one, which is not to be shown.
   * @param message gives the finding's
   */
  finding(finding: Countable, message: () => string): boolean {
    const { priority, exception } = finding
    if (this.#isRepeat(finding)) {
      this.#suppressed += 1
      return false
    }
    if (exception) this.#except(exception, message)
    else {
      this.#findings += 1
      this.#byPriority[priority] = (this.#byPriority[priority] ?? 0) + 1
    }
    return true
  }

  #isRepeat(finding: Countable): boolean {
    const { engine, rule, exception } = finding
    const auditID = this.#dedup && finding.auditID
    if (!auditID) return false
    // Of one request, a stage may be covered and another not: neither may hide the other.
    const kind = exception ? `excepted ${engine}` : engine
    return this.#dedup!.isRepeat(auditID, kind, rule)
  }

  #except(exception: Exception, message: () => string): void {
    const { name, guardrail, until, reason } = exception
    const before = this.#excepted.get(exception)
    const findings = (before?.findings ?? 0) + 1
    const example = before?.example ?? message()
    this.#excepted.set(exception, { name, guardrail, until, reason, findings, example })
  }

  /** Counts a line or event that could not be judged, or a file that could not be read to its end. */
  incomplete(code: string): void {
    this.#malformed += 1
    this.#byCode[code] = (this.#byCode[code] ?? 0) + 1
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
}
