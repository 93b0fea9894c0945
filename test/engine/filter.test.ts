import { describe, expect, test } from 'vitest'
import { compileFilter } from '../../src/engine/filter.ts'

const event = {
  verb: 'create',
  stageTimestamp: '2026-11-24T10:00:00.500000Z',
  user: { username: 'system:serviceaccount:shop:web' },
  objectRef: { resource: 'pods', subresource: 'exec', namespace: 'shop' },
}

const NOW = Date.parse('2026-11-24T12:00:00Z') * 1000

describe('--where', () => {
  test.each([
    ['user=system:serviceaccount:*', true],
    ['user=alice,system:*', true],
    ['user=system', false],
    ['user!=system:*', false],
    ['namespace=sh?p', true],
    ['namespace!=kube-system', true],
    ['resource=pods', false],
    ['resource=pods/*', true],
    ['resource=pods/exec', true],
    ['verb=get,list', false],
  ])('%s', (where, wanted) => {
    expect(compileFilter({ where: [where] })!(event)).toBe(wanted)
  })

  test('all conditions must hold', () => {
    expect(compileFilter({ where: ['verb=create', 'namespace=other'] })!(event)).toBe(false)
  })

  test('a missing field is no match, and so passes a negation', () => {
    expect(compileFilter({ where: ['namespace=*'] })!({ verb: 'get' })).toBe(false)
    expect(compileFilter({ where: ['namespace!=shop'] })!({ verb: 'get' })).toBe(true)
  })

  test.each(['verb', 'colour=red', '=x', 'user='])('`%s` is refused', (where) => {
    expect(() => compileFilter({ where: [where] })).toThrow(`\`--where ${where}\` is not KEY=GLOB`)
  })
})

describe('--since and --until', () => {
  test.each([
    [{ since: '2026-11-24T10:00:00.500Z' }, true],
    [{ since: '2026-11-24T10:00:00.500001Z' }, false],
    [{ until: '2026-11-24T10:00:00.5Z' }, false],
    [{ until: '2026-11-24T10:00:00.500001Z' }, true],
    [{ since: '2026-11-24T11:00:00+01:00' }, true],
    [{ since: '3h' }, true],
    [{ since: '1h' }, false],
    [{ since: '3h', until: '90m' }, true],
  ])('%o', (options, wanted) => {
    expect(compileFilter({ ...options, now: NOW })!(event)).toBe(wanted)
  })

  test('an event without a readable time stays in', () => {
    expect(compileFilter({ since: '1h', now: NOW })!({ stageTimestamp: 'yesterday' })).toBe(true)
  })

  test('a text that is no time is refused', () => {
    expect(() => compileFilter({ since: 'yesterday', now: NOW })).toThrow(
      '`--since yesterday` is neither a time nor a duration',
    )
  })
})

test('no options, no filter', () => {
  expect(compileFilter({})).toBeUndefined()
})
