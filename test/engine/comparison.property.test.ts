import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Comparison, type Side } from '../../src/engine/comparison.ts'
import type { Finding } from '../../src/engine/finding.ts'
import { overruns } from '../../src/engine/noise-budget.ts'

type Some = Partial<Pick<Finding, 'rule' | 'message' | 'priority' | 'auditID' | 'time' | 'line'>>

function finding(fields: Some = {}): Finding {
  return {
    rule: 'pod-exec',
    engine: 'rego',
    title: 't',
    priority: 'Notice',
    message: 'm',
    tags: [],
    time: '2026-11-24T10:00:00Z',
    auditID: 'a',
    stage: 'ResponseComplete',
    user: { name: 'alice', groups: [], impersonated: null },
    verb: 'create',
    resource: null,
    sourceIPs: [],
    userAgent: null,
    response: { code: 200 },
    file: 'audit.log',
    line: 1,
    fingerprint: '',
    ...fields,
  }
}

const some = fc.record<Some>({
  rule: fc.constantFrom('r', 's'),
  message: fc.constantFrom('m', 'n'),
  priority: fc.constantFrom('Notice', 'Error'),
  auditID: fc.constantFrom('a', 'b', 'c', null),
  line: fc.integer({ min: 1, max: 3 }),
})
const told = fc.tuple(fc.constantFrom<Side>('baseline', 'candidate'), some.map(finding))

describe('a comparison', () => {
  test('takes the first finding of each side, of each request and rule', () => {
    const property = fc.property(fc.array(told, { maxLength: 30 }), (all) => {
      const comparison = new Comparison(1000)
      for (const [side, one] of all) comparison.add(side, one)
      const keys = new Set(all.map(([, one]) => keyOf(one)))
      const wanted = { appeared: 0, vanished: 0, changed: 0, same: 0 }
      for (const key of keys) {
        const first = (side: Side): Finding | undefined =>
          all.find(([whose, one]) => whose === side && keyOf(one) === key)?.[1]
        const [baseline, candidate] = [first('baseline'), first('candidate')]
        if (!baseline) wanted.appeared++
        else if (!candidate) wanted.vanished++
        else if (textOf(baseline) === textOf(candidate)) wanted.same++
        else wanted.changed++
      }
      const { same, counts, rows, days, others } = comparison.end()
      expect({ ...counts, same }).toEqual(wanted)
      expect(rows.reduce((sum, { count }) => sum + count, others) + same).toBe(keys.size)
      expect(days.reduce((sum, { appeared }) => sum + appeared, 0)).toBe(counts.appeared)
    })
    fc.assert(property)
  })

  test('holds no more requests than its window', () => {
    const comparison = new Comparison(2)
    for (const auditID of ['a', 'b', 'c']) comparison.add('candidate', finding({ auditID }))
    comparison.add('baseline', finding({ auditID: 'c' }))
    comparison.add('baseline', finding({ auditID: 'a' }))
    expect(comparison.end()).toMatchObject({
      same: 1,
      counts: { appeared: 2, vanished: 1, changed: 0 },
    })
  })

  test('counts what appears by the day of the event', () => {
    const comparison = new Comparison(10)
    const times = ['2026-11-25T00:00:00Z', '2026-11-24T23:59:59Z', '2026-11-24T01:00:00Z', null]
    for (const [i, time] of times.entries()) {
      comparison.add('candidate', finding({ auditID: String(i), time }))
    }
    const compared = comparison.end()
    expect(compared.days).toEqual([
      { day: null, appeared: 1 },
      { day: '2026-11-24', appeared: 2 },
      { day: '2026-11-25', appeared: 1 },
    ])
    expect(overruns(compared, { maxNew: 4, maxPerDay: 2 })).toEqual([])
    expect(overruns(compared, { maxNew: 3, maxPerDay: 1 })).toEqual([
      { budget: 'max-new', allowed: 3, appeared: 4 },
      { budget: 'max-per-day', allowed: 1, appeared: 2, day: '2026-11-24' },
    ])
  })
})

function keyOf({ rule, auditID, line }: Finding): string {
  return JSON.stringify([rule, auditID ?? line])
}

function textOf({ priority, message }: Finding): string {
  return `${priority} ${message}`
}
