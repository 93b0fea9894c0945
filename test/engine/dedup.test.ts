import { expect, test } from 'vitest'
import { Dedup } from '../../src/engine/dedup.ts'

test('a rule is reported once per request', () => {
  const dedup = new Dedup(10)
  expect(dedup.isRepeat('a', 'rego', 'pod-exec')).toBe(false)
  expect(dedup.isRepeat('a', 'rego', 'pod-exec')).toBe(true)
  expect(dedup.isRepeat('a', 'falco', 'pod-exec')).toBe(false)
  expect(dedup.isRepeat('a', 'rego', 'pod-attach')).toBe(false)
  expect(dedup.isRepeat('b', 'rego', 'pod-exec')).toBe(false)
})

test('only the last requests are remembered', () => {
  const dedup = new Dedup(2)
  for (const id of ['a', 'b', 'c']) dedup.isRepeat(id, 'rego', 'x')
  expect(dedup.isRepeat('c', 'rego', 'x')).toBe(true)
  expect(dedup.isRepeat('b', 'rego', 'x')).toBe(true)
  expect(dedup.isRepeat('a', 'rego', 'x')).toBe(false)
})
