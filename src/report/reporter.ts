import type { KnownFinding } from '../engine/baseline.ts'
import type { ScanSummary } from '../engine/counts.ts'
import type { Exception } from '../engine/exception.ts'
import type { Finding, Priority } from '../engine/finding.ts'
import type { ParapetError } from '../text/error.ts'
import type { RuleInfo } from '../engine/rule-info.ts'

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

/** The formats of `--format`, by name. Each is loaded when it is asked for. */
export const reporters: Readonly<Record<string, () => Promise<ReporterFactory>>> = {
  pretty: async () => (await import('./pretty.ts')).prettyReporter,
  table: async () => (await import('./table.ts')).tableReporter,
  json: async () => (await import('./json.ts')).jsonReporter,
  jsonl: async () => (await import('./jsonl.ts')).jsonlReporter,
  csv: async () => (await import('./csv.ts')).csvReporter,
  sarif: async () => (await import('./sarif.ts')).sarifReporter,
  junit: async () => (await import('./junit.ts')).junitReporter,
  github: async () => (await import('./github.ts')).githubReporter,
  ocsf: async () => (await import('./ocsf.ts')).ocsfReporter,
  ecs: async () => (await import('./ecs.ts')).ecsReporter,
  markdown: async () => (await import('./markdown.ts')).markdownReporter,
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
