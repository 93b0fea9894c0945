import { expect, test } from 'vitest'
import type { Finding } from '../../src/engine/finding.ts'
import type { WantedFinding } from '../../src/testing/case.ts'
import { compareFindings } from '../../src/testing/compare.ts'

const ordinary = { priority: 'Notice', tags: ['a'], user: { name: 'x', groups: ['g'] } }

function finding(message: string): Finding {
  return { ...ordinary, message } as unknown as Finding
}

const list = (...findings: WantedFinding[]) => ({ kind: 'list', findings }) as const

test('only the fields that are named are compared, and only their members', () => {
  const came = [finding('m')]
  for (const wanted of [{ message: 'm' }, { priority: 'Notice' }, { user: { name: 'x' } }, {}]) {
    expect(compareFindings(list(wanted as WantedFinding), came).agrees).toBe(true)
  }
  for (const wanted of [
    { message: 'n' },
    { tags: [] },
    { user: { groups: [] } },
    { source: 'a' },
  ]) {
    expect(compareFindings(list(wanted), came)).toMatchObject({
      agrees: false,
      missing: [wanted],
      extra: came,
    })
  }
})

test('what nobody wants is extra', () => {
  const came = [finding('a'), finding('b')]
  expect(compareFindings(list({ message: 'a' }), came)).toMatchObject({
    missing: [],
    extra: [came[1]],
  })
  expect(compareFindings({ kind: 'none' }, came).extra).toEqual(came)
  expect(compareFindings({ kind: 'none' }, []).agrees).toBe(true)
})

test('one finding is not two', () => {
  const twice = list({ message: 'a' }, { message: 'a' })
  expect(compareFindings(twice, [finding('a')])).toMatchObject({
    missing: [{ message: 'a' }],
    extra: [],
  })
  expect(compareFindings(twice, [finding('a'), finding('a')]).agrees).toBe(true)
})

test('a loose wish leaves the finding that a strict one needs', () => {
  const came = [finding('a'), finding('b')]
  expect(compareFindings(list({ priority: 'Notice' }, { message: 'a' }), came).agrees).toBe(true)
  const three = list({}, { user: { name: 'x' } }, { message: 'c' })
  expect(compareFindings(three, [finding('c'), ...came]).agrees).toBe(true)
})

test('a count counts', () => {
  expect(compareFindings({ kind: 'count', count: 1 }, [finding('a')]).agrees).toBe(true)
  expect(compareFindings({ kind: 'count', count: 1 }, []).agrees).toBe(false)
})
