import { attributes, escapeText } from '../xml.ts'
import { count, inGroups, reasonOf, type TestOutcome, type TestRun } from './outcome.ts'

/** JUnit as CI servers read it: a suite for each package, guardrail and rules file. */
export function junitTests({ outcomes, seconds }: TestRun): string {
  const suites = [...inGroups(outcomes)].map(([group, all]) => suite(group, all))
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes({ name: 'parapet test', ...counts(outcomes), time: seconds.toFixed(3) })}>`,
    ...suites.flat(),
    '</testsuites>',
    '',
  ].join('\n')
}

function counts(outcomes: readonly TestOutcome[]): Record<string, number> {
  return {
    tests: outcomes.length,
    failures: count(outcomes, 'fail'),
    errors: count(outcomes, 'error'),
    skipped: count(outcomes, 'skip'),
  }
}

function suite(group: string, outcomes: readonly TestOutcome[]): string[] {
  const time = outcomes.reduce((sum, { seconds = 0 }) => sum + seconds, 0).toFixed(3)
  const head = attributes({ name: group, ...counts(outcomes), time })
  return [`<testsuite ${head}>`, ...outcomes.map(testCase), '</testsuite>']
}

function testCase(outcome: TestOutcome): string {
  const { group, name, file, line, seconds = 0, status, details } = outcome
  const head = attributes({ classname: group, name, file, line, time: seconds.toFixed(3) })
  if (status === 'pass') return `<testcase ${head}/>`
  const message = reasonOf(outcome)
  if (status === 'skip') return `<testcase ${head}><skipped ${attributes({ message })}/></testcase>`
  const element = status === 'error' ? 'error' : 'failure'
  const body = escapeText([message, ...details].join('\n'))
  const why = attributes({ message, type: outcome.kind })
  return `<testcase ${head}><${element} ${why}>${body}</${element}></testcase>`
}
