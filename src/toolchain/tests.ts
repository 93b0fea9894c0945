import type { LocatedDiagnostic } from '../text/diagnostic.ts'
import type { Issue, Place, Places } from './issues.ts'

export interface TestOptions {
  /** Also report which lines the tests reached. */
  readonly coverage?: boolean
  /** Regular expression (RE2); only tests whose name `data.package.test_name` matches run. */
  readonly run?: string
  /** Longest that one test may take, in milliseconds. Default 5000. */
  readonly timeout?: number
}

/** Result of one Rego test. */
export interface RegoTestResult {
  /** `data.guardrails.workloads.pod_exec_test` */
  readonly package: string
  readonly name: string
  readonly status: 'pass' | 'fail' | 'error' | 'skip'
  readonly file: string
  readonly line: number
  /** For a failed test: the expression that did not hold, and its place. */
  readonly failed?: { readonly text: string; readonly file: string; readonly line: number }
  /** What the test printed. */
  readonly output: string
  /** Why it could not run to its end. */
  readonly diagnostics: readonly LocatedDiagnostic[]
  readonly seconds: number
  /** Outcome of every named case of a test that has cases. */
  readonly cases?: Readonly<Record<string, boolean>>
}

/** One-based lines, both inclusive. */
export interface LineRange {
  readonly start: number
  readonly end: number
}

export interface FileCoverage {
  readonly file: string
  readonly covered: readonly LineRange[]
  readonly notCovered: readonly LineRange[]
  /** Share of lines covered, 0 to 100. */
  readonly percent: number
}

export interface Coverage {
  readonly files: readonly FileCoverage[]
  /** Share of the lines of all files covered, 0 to 100. */
  readonly percent: number
}

export interface TestReport {
  /** In order of file and line. */
  readonly tests: readonly RegoTestResult[]
  readonly coverage?: Coverage
}

/** The `test` verb's answer. */
export interface WireTests {
  readonly tests: readonly WireTest[]
  readonly coverage?: {
    readonly coverage?: number
    readonly files: Readonly<Record<string, WireCoverage>>
  }
}

interface WireTest {
  readonly package: string
  readonly name: string
  readonly status: RegoTestResult['status']
  readonly place: Place
  readonly failedAt?: Place
  readonly failed?: string
  readonly output?: string
  readonly issues?: readonly Issue[]
  readonly nanoseconds: number
  readonly cases?: Readonly<Record<string, boolean>>
}

interface WireCoverage {
  readonly covered?: readonly WireRange[]
  readonly not_covered?: readonly WireRange[]
  readonly coverage?: number
}

interface WireRange {
  readonly start: Place
  readonly end: Place
}

/** The report in terms of the sources as the user named them. */
export function readTests({ tests, coverage }: WireTests, places: Places): TestReport {
  const results = tests.map((test) => readTest(test, places)).sort(byPlace)
  if (!coverage) return { tests: results }
  const files = Object.entries(coverage.files).map(([path, file]) => ({
    file: places.file(path),
    covered: (file.covered ?? []).map(lines),
    notCovered: (file.not_covered ?? []).map(lines),
    percent: file.coverage ?? 0,
  }))
  files.sort((a, b) => (a.file < b.file ? -1 : 1))
  return { tests: results, coverage: { files, percent: coverage.coverage ?? 0 } }
}

/** The coverage of some of the files. */
export function coverageOf({ files: all }: Coverage, chosen: ReadonlySet<string>): Coverage {
  const files = all.filter(({ file }) => chosen.has(file))
  const covered = lineCount(files.flatMap((file) => file.covered))
  const notCovered = lineCount(files.flatMap((file) => file.notCovered))
  return { files, percent: covered === 0 ? 0 : (100 * covered) / (covered + notCovered) }
}

function lineCount(ranges: readonly LineRange[]): number {
  return ranges.reduce((sum, { start, end }) => sum + end - start + 1, 0)
}

function readTest(test: WireTest, places: Places): RegoTestResult {
  const { file = '', line = 0 } = places.at(test.place)
  const at = test.failedAt && places.at(test.failedAt)
  return {
    package: test.package,
    name: test.name,
    status: test.status,
    file,
    line,
    ...(at && { failed: { text: test.failed ?? '', file: at.file ?? '', line: at.line ?? 0 } }),
    output: test.output ?? '',
    diagnostics: places.diagnostics(test.issues ?? []),
    seconds: test.nanoseconds / 1e9,
    ...(test.cases && { cases: test.cases }),
  }
}

function lines({ start, end }: WireRange): LineRange {
  return { start: start.row ?? 0, end: end.row ?? 0 }
}

function byPlace(a: RegoTestResult, b: RegoTestResult): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  return a.line - b.line
}
