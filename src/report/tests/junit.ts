import { inGroups } from '../../text/groups.ts'
import { attributes, escapeText } from '../xml.ts'
import { type Note, notesOf } from './notes.ts'
import { count, reasonOf, type TestOutcome, type TestRun } from './outcome.ts'

/** What the suite of notes is called, as is the whole. */
const NAME = 'parapet test'

/**
 * JUnit as CI servers read it: a suite for each package, guardrail and rules file, and one of what is
 * said besides, as the output of test cases that pass: servers drop the output of suites without any.
 */
export function junitTests(run: TestRun): string {
  const { outcomes, seconds } = run
  const notes = notesOf(run)
  const suites = [...inGroups(outcomes, (one) => one.group)].map(([group, all]) =>
    suite(group, all),
  )
  const head = { name: NAME, ...counts(outcomes, notes.length), time: seconds.toFixed(3) }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes(head)}>`,
    ...suites.flat(),
    ...(notes.length > 0 ? noteSuite(notes) : []),
    '</testsuites>',
    '',
  ].join('\n')
}

function counts(outcomes: readonly TestOutcome[], notes = 0): Record<string, number> {
  return {
    tests: outcomes.length + notes,
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

function noteSuite(notes: readonly Note[]): string[] {
  const head = attributes({ name: NAME, ...counts([], notes.length) })
  const cases = notes.map(({ name, lines }) => {
    const output = `<system-out>${escapeText(lines.join('\n'))}</system-out>`
    return `<testcase ${attributes({ classname: NAME, name })}>${output}</testcase>`
  })
  return [`<testsuite ${head}>`, ...cases, '</testsuite>']
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
