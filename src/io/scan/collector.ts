import type { Exception } from '../../engine/exception.ts'
import type { Finding } from '../../engine/finding.ts'

/** What becomes of the findings of a piece. */
export interface Collector<Findings> {
  /** Findings so far. */
  readonly count: number
  /**
   * @param auditID as it stands in the event
   * @param exception the one that covers the finding
   * @param evaluator its position
   */
  add(
    finding: Finding,
    auditID: string | null,
    exception: Exception | undefined,
    evaluator: number,
  ): void
  /** Gives what was added, and begins anew. */
  take(): Findings
}
