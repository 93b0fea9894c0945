import type { ScanSummary } from '../engine/counts.ts'
import type { Reporter, ReporterOptions } from './reporter.ts'

/** One finding per line; an error and the summary are lines of their own at the end. */
export function jsonlReporter({ summary: wanted }: ReporterOptions): Reporter {
  return {
    finding: (finding) => `${JSON.stringify(finding)}\n`,
    end(summary, error) {
      const lines: unknown[] = []
      if (error) lines.push(error.document())
      if (wanted) lines.push({ summary: summaryDocument(summary) })
      return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
    },
  }
}

/** The summary's public fields, in the order of the documentation. */
export function summaryDocument(summary: ScanSummary): Record<string, number> {
  const { events, bytes, findings, malformed, suppressed, seconds } = summary
  return { events, bytes, findings, malformed, suppressed, seconds: Number(seconds.toFixed(3)) }
}
