import type { Exception } from '../../engine/exception.ts'
import type { Finding } from '../../engine/finding.ts'
import type { Countable } from '../../engine/tally.ts'
import type { Collector } from './collector.ts'

/** A finding of a piece that was evaluated in the thread that needs it. */
export interface KeptFinding extends Countable {
  readonly finding: Finding
}

/** Keeps findings as they are, until it is known on which lines of the input they stand. */
export class KeptFindings implements Collector<readonly KeptFinding[]> {
  #findings: KeptFinding[] = []

  get count(): number {
    return this.#findings.length
  }

  add(finding: Finding, auditID: string | null, exception: Exception | undefined): void {
    const { engine, rule, priority } = finding
    this.#findings.push({ engine, rule, priority, auditID, exception, finding })
  }

  take(): readonly KeptFinding[] {
    const findings = this.#findings
    this.#findings = []
    return findings
  }
}

/**
 * Counts lines from the beginning of the input. The findings are changed in place: nobody else has them.
 *
 * @param linesBefore lines of the input before the piece
 */
export function renumbered(
  findings: readonly KeptFinding[],
  linesBefore: number,
): readonly KeptFinding[] {
  for (const { finding } of findings) (finding as { line: number }).line += linesBefore
  return findings
}
