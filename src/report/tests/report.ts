import type { Paint } from '../reporter.ts'
import { githubTests } from './github.ts'
import { jsonTests } from './json.ts'
import { junitTests } from './junit.ts'
import type { TestRun } from './outcome.ts'
import { prettyTests } from './pretty.ts'
import { sarifTests } from './sarif.ts'
import { tapTests } from './tap.ts'

export interface TestReportOptions {
  readonly paint: Paint
  /** Of Parapet. */
  readonly version: string
}

/** Renders a run of tests, by `--format`. */
export const testReports: Readonly<
  Record<string, (run: TestRun, options: TestReportOptions) => string>
> = {
  pretty: (run, { paint }) => prettyTests(run, paint),
  json: jsonTests,
  junit: junitTests,
  tap: tapTests,
  github: githubTests,
  sarif: (run, { version }) => sarifTests(run, version),
}
