import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { Parser } from 'tap-parser'
import { describe, expect, test } from 'vitest'
import type { TestRun } from '../../src/report/tests/outcome.ts'
import { testReports } from '../../src/report/tests/report.ts'
import { sarifValidator } from '../support/sarif.ts'

const place = { file: 'a.cases.yaml', line: 3 }
const run: TestRun = {
  outcomes: [
    {
      kind: 'rego',
      group: 'guardrails.a_test',
      name: 'test_a',
      status: 'pass',
      file: 'a_test.rego',
      line: 1,
      details: [],
      seconds: 0.25,
    },
    {
      kind: 'rego',
      group: 'guardrails.a_test',
      name: 'todo_b',
      status: 'skip',
      ...place,
      details: [],
    },
    {
      kind: 'case',
      group: 'pod-exec',
      name: 'a "quoted" <note> # with \\ signs \u001b[31m',
      status: 'fail',
      ...place,
      reason: '1 finding was wanted, none came',
      details: ['- wanted & <this>', 'event: {"verb":"get"}'],
      facts: { want: [{ message: 'wanted & <this>' }], found: [] },
    },
    {
      kind: 'case',
      group: 'pod-exec',
      name: 'too large',
      status: 'error',
      ...place,
      reason: 'the event does not fit',
      details: [],
    },
    {
      kind: 'parity',
      group: 'pod-exec',
      name: 'all engines agree',
      status: 'pass',
      ...place,
      details: [],
    },
    {
      kind: 'mutation',
      group: 'mutation score',
      name: 'cases notice at least 90 % of the mutants',
      status: 'fail',
      file: 'a.rego',
      line: 1,
      reason: 'cases notice 50.0 % of the mutants, and 90 % are asked for',
      details: [],
      facts: { score: 50, floor: 90 },
    },
  ],
  mutation: {
    score: 50,
    mutants: 2,
    noticed: 1,
    guardrails: [{ id: 'pod-exec', file: 'a.rego', score: 50, mutants: 2, noticed: 1 }],
  },
  coverage: {
    percent: 87.5,
    files: [{ file: 'a.rego', percent: 87.5 }],
    alternatives: 2,
    undecided: [
      {
        guardrail: 'pod-exec',
        file: 'a.rego',
        line: 9,
        text: 'input.verb == "get"',
        isImplied: false,
      },
    ],
  },
  diagnostics: [
    {
      code: 'CASES_MISSING',
      severity: 'warning',
      message: 'no cases',
      file: 'a.rego',
      line: 1,
      help: 'write them',
    },
  ],
  seconds: 1.5,
}

const render = (format: string): string =>
  testReports[format]!(run, { paint: (_style, text) => text, version: '1.2.3' })

test('pretty shows what did not pass, what is missing, and counts', () => {
  expect(render('pretty')).toMatchInlineSnapshot(`
    "SKIP  todo_b  a.cases.yaml:3
      skipped
    FAIL  pod-exec: a "quoted" <note> # with \\ signs �[31m  a.cases.yaml:3
      1 finding was wanted, none came
      - wanted & <this>
      event: {"verb":"get"}
    ERROR  pod-exec: too large  a.cases.yaml:3
      the event does not fit
    FAIL  mutation score: cases notice at least 90 % of the mutants  a.rego:1
      cases notice 50.0 % of the mutants, and 90 % are asked for
    a.rego:1: warning: no cases [CASES_MISSING]
      write them
     87.5 %  a.rego
    pod-exec: no case decides
      input.verb == "get"  a.rego:9
    87.5 % of the lines are covered
    cases decide 1 of 2 ways to a finding
     50.0 %  a.rego
    cases notice 50.0 % of 2 mutants
    2 tests, 2 cases, 1 comparison of engines and 1 mutation score: 2 passed, 3 failed, 1 skipped
    "
  `)
})

test('JUnit is XML, with counts for each suite and a reason for what did not pass', () => {
  const text = render('junit')
  expect(XMLValidator.validate(text)).toBe(true)
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' })
  const { testsuites } = parser.parse(text) as { testsuites: Record<string, unknown> }
  const counts = { tests: '9', failures: '2', errors: '1', skipped: '1', time: '1.500' }
  expect(testsuites).toMatchObject(counts)
  expect(testsuites['testsuite']).toMatchObject([
    { name: 'guardrails.a_test', tests: '2', skipped: '1', time: '0.250' },
    {
      name: 'pod-exec',
      tests: '3',
      failures: '1',
      errors: '1',
      testcase: [
        { failure: { message: '1 finding was wanted, none came', type: 'case' } },
        { error: { message: 'the event does not fit' } },
        { name: 'all engines agree' },
      ],
    },
    {
      name: 'mutation score',
      failures: '1',
      testcase: {
        failure: { message: 'cases notice 50.0 % of the mutants, and 90 % are asked for' },
      },
    },
    {
      name: 'parapet test',
      tests: '3',
      failures: '0',
      testcase: [
        { name: 'warnings', 'system-out': expect.stringContaining('no cases [CASES_MISSING]') },
        {
          name: 'coverage',
          'system-out': expect.stringContaining('cases decide 1 of 2 ways to a finding'),
        },
        { name: 'mutants', 'system-out': expect.stringContaining('50.0 % of 2 mutants') },
      ],
    },
  ])
})

test('TAP is what a strict parser of TAP 14 takes', () => {
  const text = `pragma +strict\n${render('tap')}`.replace(
    /^(pragma \+strict)\n(TAP version 14)\n/,
    '$2\n$1\n',
  )
  const parsed = new Parser()
  const points: { ok: boolean; name: string; skip: unknown; diag: unknown }[] = []
  const problems: unknown[] = []
  const comments: string[] = []
  parsed.on('comment', (line) => comments.push(String(line).trim()))
  parsed.on('assert', (point) => points.push(point as (typeof points)[0]))
  parsed.on('extra', (line) => problems.push(line))
  let version: unknown
  parsed.on('version', (found) => (version = found))
  parsed.end(text)
  expect(problems).toEqual([])
  expect(version).toBe(14)
  expect(parsed.failures.filter((failure) => 'tapError' in failure && failure['tapError'])).toEqual(
    [],
  )
  expect(points.map(({ ok, skip }) => [ok, Boolean(skip)])).toEqual([
    [true, false],
    [true, true],
    [false, false],
    [false, false],
    [true, false],
    [false, false],
  ])
  expect(comments).toEqual(
    expect.arrayContaining([
      '# a.rego:1: warning: no cases [CASES_MISSING]',
      '# pod-exec: no case decides',
      '# cases decide 1 of 2 ways to a finding',
      '# cases notice 50.0 % of 2 mutants',
    ]),
  )
  expect(points[2]).toMatchObject({
    name: expect.stringContaining('a "quoted" <note> # with \\ signs'),
    diag: { message: '1 finding was wanted, none came', at: 'a.cases.yaml:3' },
  })
})

describe('SARIF', () => {
  const validate = sarifValidator()
  test.skipIf(!validate)('is valid against the published schema', () => {
    expect(validate!(JSON.parse(render('sarif'))), JSON.stringify(validate!.errors)).toBe(true)
  })

  test('has a result for what did not pass, and for what is missing', () => {
    const [{ results }] = (
      JSON.parse(render('sarif')) as { runs: [{ results: { ruleId: string }[] }] }
    ).runs
    expect(results.map(({ ruleId }) => ruleId)).toEqual([
      'CASE_FAILED',
      'CASE_FAILED',
      'MUTATION_SCORE_LOW',
      'CASES_MISSING',
      'LINES_UNCOVERED',
      'WAYS_UNDECIDED',
    ])
  })
})

test('GitHub gets an annotation on the line of each', () => {
  const lines = render('github').split('\n')
  expect(lines[0]).toMatch(
    /^::error file=a\.cases\.yaml,line=3,title=a "quoted" <note> .*::1 finding was wanted, none came%0A- wanted/,
  )
  expect(lines.slice(2)).toEqual([
    '::error file=a.rego,line=1,title=cases notice at least 90 %25 of the mutants::cases notice 50.0 %25 of the mutants, and 90 %25 are asked for',
    '::warning file=a.rego,line=1,title=CASES_MISSING::no cases%0Awrite them',
    '::warning file=a.rego,line=1,title=LINES_UNCOVERED::tests reach 87.5 %25 of its lines',
    '::warning file=a.rego,line=9,title=WAYS_UNDECIDED::no case of `pod-exec` decides 1 way to a finding%0Ainput.verb == "get"',
    '87.5 % of the lines are covered',
    'cases decide 1 of 2 ways to a finding',
    expect.stringContaining('2 passed, 3 failed'),
    '',
  ])
  // oxlint-disable-next-line no-control-regex
  expect(lines.join('')).not.toMatch(/[\u0000-\u001f]/)
})

test('JSON has the facts, not the lines', () => {
  const { tests, coverage } = JSON.parse(render('json')) as { tests: object[]; coverage: object }
  expect(tests[2]).toMatchObject({
    kind: 'case',
    want: [{ message: 'wanted & <this>' }],
    found: [],
  })
  expect(tests[2]).not.toHaveProperty('details')
  expect(coverage).toMatchObject({ percent: 87.5, alternatives: 2 })
})
