import { expect, test } from 'vitest'
import type { Finding } from '../../src/engine/finding.ts'
import { readCaseFile } from '../../src/testing/case-file.ts'
import { compareFindings } from '../../src/testing/compare.ts'
import type { CaseResult } from '../../src/testing/run.ts'
import { updatedCaseFile } from '../../src/testing/update.ts'

function finding(message: string): Finding {
  const more = { priority: 'Notice', user: { name: 'admin', groups: ['ops'] } }
  return { message, ...more } as unknown as Finding
}

/** The file after an update in which the case found these messages. */
function updated(want: string, ...messages: string[]): string {
  const head = '# head\n- note: a\n  base: pod-exec\n'
  const text = `${head}${want}\n\n# next\n- {note: b, base: pod-log, want: none} # end\n`
  const document = { file: 'a', text }
  const { cases, diagnostics } = readCaseFile(document)
  expect(diagnostics).toEqual([])
  const [one] = cases
  const findings = messages.map(finding)
  const fit = compareFindings(one!.want, findings)
  const result = { case: one, status: 'fail', findings, fit } as unknown as CaseResult
  const after = updatedCaseFile(document, [result])
  const again = readCaseFile({ file: 'a', text: after })
  expect(again.diagnostics).toEqual([])
  expect(again.cases).toHaveLength(2)
  expect(compareFindings(again.cases[0]!.want, findings).agrees).toBe(true)
  expect(after.startsWith(head)).toBe(true)
  const rest = '\n\n# next\n- {note: b, base: pod-log, want: none} # end\n'
  expect(after.endsWith(rest)).toBe(true)
  return after.slice(head.length, -rest.length)
}

test.each<readonly [before: string, found: string[], after: string]>([
  ['  want: none # so far', ['one', 'two: x'], "  want:\n    - one\n    - 'two: x' # so far"],
  ['  want:\n    - one\n    - two', [], '  want: none'],
  ['  want: {count: 1}', ['one', 'two'], '  want: {count: 2}'],
  ['  want: {count: 1} # why', [], '  want: none # why'],
  [
    '  want:\n    # the first\n    - one # kept\n    - two # changed',
    ['one', 'three'],
    '  want:\n    # the first\n    - one # kept\n    - three # changed',
  ],
  [
    '  want:\n    - one # a\n    - two # b\n    - three',
    ['one', 'three'],
    '  want:\n    - one # a\n    - three',
  ],
  ['  want:\n  - one # a', ['one', 'two'], '  want:\n  - one # a\n  - two'],
  ['  want: [one, two]', ['one', 'three'], '  want: [one, three]'],
  [
    '  want:\n    - message: one\n      user: {name: root}\n    - priority: Error',
    ['one', 'two'],
    '  want:\n    - {message: one, user: {name: admin}}\n    - {priority: Notice}',
  ],
  ['  want:\n    - >-\n      one\n      two', ['one'], '  want:\n    - one'],
])('%j that finds %j becomes %j', (before, found, after) => {
  expect(updated(before, ...found)).toBe(after)
})

test('a case on one line stays there', () => {
  const text = '- {note: a, base: pod-exec, want: none}\n'
  const document = { file: 'a', text }
  const [one] = readCaseFile(document).cases
  const findings = [finding('one')]
  const fit = compareFindings(one!.want, findings)
  const result = { case: one, status: 'fail', findings, fit } as unknown as CaseResult
  expect(updatedCaseFile(document, [result])).toBe('- {note: a, base: pod-exec, want: [one]}\n')
})
