import type { KnownFinding } from '../engine/baseline.ts'
import type { ScanSummary } from '../engine/counts.ts'
import type { Exception } from '../engine/exceptions.ts'
import type { Finding, Priority } from '../engine/finding.ts'
import type { ParapetError } from '../text/error.ts'
import type { RuleInfo } from '../engine/rule-info.ts'
import { csvReporter } from './csv.ts'
import { ecsReporter } from './ecs.ts'
import { githubReporter } from './github.ts'
import { jsonReporter } from './json.ts'
import { jsonlReporter } from './jsonl.ts'
import { junitReporter } from './junit.ts'
import { markdownReporter } from './markdown.ts'
import { ocsfReporter } from './ocsf.ts'
import { prettyReporter } from './pretty.ts'
import { sarifReporter } from './sarif.ts'
import { tableReporter } from './table.ts'

/** Renders a scan as text, piece by piece; holds no more than its format needs. Pure: no output of its own. */
export interface Reporter {
  finding(finding: Finding): string
  /** The same for a finding that is at hand as JSON text, for formats that need no more. */
  json?(finding: string): string
  /** A finding that the baseline knows; formats without this leave it out. */
  known?(finding: Finding, entry: KnownFinding): string
  /** A finding that an exception covers; formats without this leave it out. */
  excepted?(finding: Finding, exception: Exception): string
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
  /** Everything that was looked for, found or not. */
  readonly rules: readonly RuleInfo[]
  /** From which priority on a finding fails the run; undefined for none. */
  readonly failOn: Priority | undefined
  /** Parapet's version. */
  readonly version: string
}

export type ReporterFactory = (options: ReporterOptions) => Reporter

/** The formats of `--format`, by name. */
export const reporters: Readonly<Record<string, ReporterFactory>> = {
  pretty: prettyReporter,
  table: tableReporter,
  json: jsonReporter,
  jsonl: jsonlReporter,
  csv: csvReporter,
  sarif: sarifReporter,
  junit: junitReporter,
  github: githubReporter,
  ocsf: ocsfReporter,
  ecs: ecsReporter,
  markdown: markdownReporter,
}

/** Formats whose errors are documents on the same stream. */
export const structuredFormats: readonly string[] = [
  'json',
  'jsonl',
  'sarif',
  'junit',
  'github',
  'ocsf',
  'ecs',
]
