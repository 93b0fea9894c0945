import type { LocatedDiagnostic } from '../text/diagnostic.ts'
import { annotation } from './github.ts'
import type { Paint } from './reporter.ts'
import { countText } from './words.ts'
import { attributes, escapeText } from './xml.ts'

/** One Rego test as a runner saw it. */
export interface TestOutcome {
  readonly package: string
  readonly name: string
  readonly status: 'pass' | 'fail' | 'error' | 'skip'
  readonly file: string
  readonly line: number
  readonly failed?: { readonly text: string; readonly file: string; readonly line: number }
  readonly output: string
  readonly diagnostics: readonly LocatedDiagnostic[]
  readonly seconds: number
}

/** What a run of tests came to. */
export interface TestOutcomes {
  readonly tests: readonly TestOutcome[]
  readonly coverage?: {
    readonly percent: number
    readonly files: readonly { readonly file: string; readonly percent: number }[]
  }
}

/** Renders a run of Rego tests: a text, a JSON document, JUnit, or annotations of GitHub Actions. */
export function testReportText(report: TestOutcomes, format: string, paint: Paint): string {
  if (format === 'json') return `${JSON.stringify(report, undefined, 2)}\n`
  if (format === 'junit') return junit(report)
  return format === 'github' ? github(report) : pretty(report, paint)
}

/** Why a test did not pass: what did not hold and where, or what went wrong. */
function reason(test: TestOutcome): string {
  if (test.failed)
    return `${test.failed.file}:${test.failed.line}: \`${test.failed.text}\` does not hold`
  return test.diagnostics[0]?.message ?? (test.status === 'skip' ? 'skipped' : 'failed')
}

function pretty({ tests, coverage }: TestOutcomes, paint: Paint): string {
  const lines = tests
    .filter(({ status }) => status !== 'pass')
    .flatMap((test) => [
      `${paint('alarm', test.status.toUpperCase())}  ${paint('strong', test.name)}  ${paint('dim', `${test.file}:${test.line}`)}`,
      `  ${reason(test)}`,
      ...(test.output === '' ? [] : [`  printed: ${test.output.trim()}`]),
    ])
  for (const { file, percent } of coverage?.files ?? []) {
    if (percent < 100) lines.push(`${percent.toFixed(1).padStart(5)} %  ${file}`)
  }
  if (coverage) lines.push(`${coverage.percent.toFixed(1)} % of the lines are covered`)
  return `${[...lines, total(tests)].join('\n')}\n`
}

function total(tests: readonly TestOutcome[]): string {
  const count = (status: TestOutcome['status']): number =>
    tests.filter((test) => test.status === status).length
  const failed = count('fail') + count('error')
  const skipped = count('skip') > 0 ? `, ${count('skip')} skipped` : ''
  return `${countText(tests.length, 'test')}: ${count('pass')} passed, ${failed} failed${skipped}`
}

function github({ tests }: TestOutcomes): string {
  const failed = tests.filter(({ status }) => status !== 'pass')
  const lines = failed.map((test) => {
    const { file, line } = test.failed ?? test
    return annotation('error', { file, line, title: test.name }, reason(test))
  })
  return `${lines.join('')}${total(tests)}\n`
}

function junit({ tests }: TestOutcomes): string {
  const broken = tests.filter(({ status }) => status === 'fail' || status === 'error').length
  const counts = attributes({
    name: 'parapet test',
    tests: tests.length,
    failures: broken,
    skipped: tests.filter(({ status }) => status === 'skip').length,
    time: tests.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(3),
  })
  const cases = tests.map((test) => {
    const head = attributes({
      classname: test.package.replace(/^data\./, ''),
      name: test.name,
      file: test.file,
      line: test.line,
      time: test.seconds.toFixed(3),
    })
    if (test.status === 'pass') return `<testcase ${head}/>`
    if (test.status === 'skip') return `<testcase ${head}><skipped/></testcase>`
    const body = escapeText([reason(test), test.output].filter(Boolean).join('\n'))
    const why = attributes({ message: reason(test), type: test.status })
    return `<testcase ${head}><failure ${why}>${body}</failure></testcase>`
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `<testsuite ${counts}>`,
    ...cases,
    '</testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}
