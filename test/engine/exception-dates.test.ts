import { expect, test } from 'vitest'
import { dateFault, exceptionEnds } from '../../src/engine/exception-dates.ts'

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

test('all are found with their places, wherever the document is in the data', () => {
  const exceptions = `exceptions:
  old: {guardrail: g, until: 2026-12-01, reason: r, match: {user: u}}
  new: {guardrail: g, until: 2027-01-01, reason: r, match: {user: u}}
  long: {guardrail: g, until: 2037-01-01, reason: r, match: {user: u}}
`
  const ends = (text: string, mount?: string[]): string[] =>
    exceptionEnds({ file: 'a.yaml', text }, now, mount).map(
      ({ name, span, fault }) => `${name} ${text.slice(span.start, span.end)} ${fault?.code}`,
    )
  const all = [
    'old 2026-12-01 EXCEPTION_EXPIRED',
    'new 2027-01-01 undefined',
    'long 2037-01-01 EXCEPTION_TOO_LONG',
  ]
  expect(ends(`org:\n${exceptions.replaceAll(/^/gm, '  ')}`)).toEqual(all)
  expect(ends(exceptions, ['org'])).toEqual(all)
  expect(ends(exceptions, ['other'])).toEqual([])
  expect(ends('old: {until: 2026-12-01}', ['org', 'exceptions'])).toEqual(all.slice(0, 1))
  expect(ends('- a')).toEqual([])
})
