import type { ScanSummary } from '../engine/counts.ts'
import type { ParapetError } from '../text/error.ts'
import type { Reporter, ReporterOptions } from './reporter.ts'

/** One finding per line; an error and the summary are lines of their own at the end. */
export function jsonlReporter({ summary: wanted }: ReporterOptions): Reporter {
  return {
    finding: (finding) => `${JSON.stringify(finding)}\n`,
    json: (finding) => `${finding}\n`,
    end(summary, error) {
      const last = wanted ? `${JSON.stringify({ summary: summaryDocument(summary) })}\n` : ''
      return errorLine(error) + last
    },
  }
}

/** The error document as a line; nothing without an error. */
export function errorLine(error: ParapetError | undefined): string {
  return error ? `${JSON.stringify(error.document())}\n` : ''
}

/** The summary's public fields, in the order of the documentation. */
export function summaryDocument(summary: ScanSummary): Record<string, unknown> {
  const { events, bytes, findings, malformed, suppressed, seconds } = summary
  const { exceptions, baseline, blindSpots } = summary
  return {
    events,
    bytes,
    findings,
    malformed,
    suppressed,
    seconds: Number(seconds.toFixed(3)),
    ...(exceptions ? { exceptions } : {}),
    ...(baseline ? { baseline } : {}),
    ...(blindSpots ? { blindSpots } : {}),
  }
}
