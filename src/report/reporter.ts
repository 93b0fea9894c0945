import type { ScanSummary } from '../engine/counts.ts'
import type { Finding } from '../engine/finding.ts'
import type { ParapetError } from '../text/error.ts'
import { jsonReporter } from './json.ts'
import { jsonlReporter } from './jsonl.ts'
import { prettyReporter } from './pretty.ts'

/** Renders a scan as text, piece by piece; holds no more than its format needs. Pure: no output of its own. */
export interface Reporter {
  finding(finding: Finding): string
  /** The end of the report. `error` where the scan could not be finished. */
  end(summary: ScanSummary, error?: ParapetError): string
}

/** Colours a piece of text, or leaves it as it is where the output is no terminal. */
export type Paint = (style: Style, text: string) => string
export type Style = 'strong' | 'dim' | 'alarm' | 'caution' | 'notice'

export interface ReporterOptions {
  readonly paint: Paint
  /** `--summary`: jsonl ends with a summary line. */
  readonly summary: boolean
}

export type ReporterFactory = (options: ReporterOptions) => Reporter

/** The formats of `--format`, by name. */
export const reporters: Readonly<Record<string, ReporterFactory>> = {
  pretty: prettyReporter,
  json: jsonReporter,
  jsonl: jsonlReporter,
}

/** Formats whose errors are documents on the same stream. */
export const structuredFormats: readonly string[] = ['json', 'jsonl']
