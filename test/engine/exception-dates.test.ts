import { expect, test } from 'vitest'
import { dateFault, exceptionDates } from '../../src/engine/exception-dates.ts'
import { locate } from '../../src/text/diagnostic.ts'

const now = Date.parse('2026-12-31T08:00:00Z')

test.each([
  ['2026-12-31', 'ended on 2026-12-31, today'],
  ['2026-12-31T08:00:00Z', 'ended on 2026-12-31T08:00:00Z, today'],
  ['2026-12-30', 'ended on 2026-12-30, 1 day ago'],
  ['2026-12-31T08:00:01Z', undefined],
  ['2028-01-01', undefined],
  ['2028-01-02', 'holds for 367 days, longer than 366'],
])('%s', (until, message) => {
  expect(dateFault(until, now)?.message).toBe(message)
})

test('what has ended is found with its place, wherever the document is in the data', () => {
  const exceptions = `exceptions:
  old: {guardrail: g, until: 2026-12-01, reason: r, match: {user: u}}
  new: {guardrail: g, until: 2027-01-01, reason: r, match: {user: u}}
  long: {guardrail: g, until: 2037-01-01, reason: r, match: {user: u}}
`
  const places = (text: string, mount?: string[]): string[] => {
    const document = { file: 'a.yaml', text }
    return exceptionDates(document, now, mount).map((diagnostic) => {
      const { line, column, severity, code, message } = locate(diagnostic, [document])
      return `${line}:${column} ${severity} ${code} ${message}`
    })
  }
  const old = 'error EXCEPTION_EXPIRED the exception `old` ended on 2026-12-01, 30 days ago'
  const long =
    'warning EXCEPTION_TOO_LONG the exception `long` holds for 3654 days, longer than 366'
  expect(places(`org:\n${exceptions.replaceAll(/^/gm, '  ')}`)).toEqual([
    `3:32 ${old}`,
    `5:33 ${long}`,
  ])
  expect(places(exceptions, ['org'])).toEqual([`2:30 ${old}`, `4:31 ${long}`])
  expect(places(exceptions, ['other'])).toEqual([])
  expect(places('old: {until: 2026-12-01}', ['org', 'exceptions'])).toHaveLength(1)
  expect(places('- a')).toEqual([])
})
