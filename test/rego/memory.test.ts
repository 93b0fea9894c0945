import { describe, expect, test } from 'vitest'
import { EvaluationError } from '../../src/rego/policy.ts'
import { event, hasToolchain, load } from './support.ts'

const MiB = 1024 * 1024

/** An event of so many ones, each of which takes some hundred bytes of a policy's memory. */
function ones(count: number): ReturnType<typeof event> {
  return event(`{"a":[${'1,'.repeat(count - 1)}1]}`)
}

function codeOf(action: () => unknown): string {
  try {
    action()
    return 'nothing thrown'
  } catch (error) {
    return error instanceof EvaluationError ? error.code : String(error)
  }
}

describe.skipIf(!hasToolchain)('memory', () => {
  test('an event that does not fit is an error, never clean, and the next one is answered', async () => {
    const policy = await load('p contains "always"', { memoryBytesMax: 16 * MiB })
    for (let i = 0; i < 3; i++) {
      expect(codeOf(() => policy.decide(0, ones(500_000)))).toBe('EVENT_TOO_LARGE')
      expect(policy.decide(0, ones(10))).toEqual(['always'])
    }
  })

  test('an event whose bytes alone do not fit is too', async () => {
    const policy = await load('p contains "always"', { memoryBytesMax: 4 * MiB })
    const large = event(`{"a":"${'x'.repeat(5 * MiB)}"}`)
    expect(codeOf(() => policy.decide(0, large))).toBe('EVENT_TOO_LARGE')
    expect(policy.decide(0, event({}))).toEqual(['always'])
  })

  test('what a policy makes of a small event may not fit either', async () => {
    const policy = await load('p := count(numbers.range(1, input.n))', { memoryBytesMax: 16 * MiB })
    expect(codeOf(() => policy.decide(0, event({ n: 1_000_000 })))).toBe('EVENT_TOO_LARGE')
    expect(policy.decide(0, event({ n: 1000 }))).toBe(1000)
  })

  test('nesting that the stack does not hold is an error', async () => {
    const policy = await load('p contains "always"')
    const depth = 200_000
    const deep = `${'['.repeat(depth)}${']'.repeat(depth)}`
    expect(codeOf(() => policy.decideValue(0, deep))).toMatch(/^(EVENT_TOO_LARGE|INPUT_INVALID)$/)
    const inside = await load('p := json.unmarshal(input.text)')
    const code = codeOf(() => inside.decide(0, event({ text: deep })))
    expect(code).toMatch(/^(EVENT_TOO_LARGE|POLICY_FAILED)$/)
    expect(policy.decide(0, event({}))).toEqual(['always'])
    expect(inside.decide(0, event({ text: '[[]]' }))).toEqual([[]])
  })

  test('large events share one memory, and give it up when they are over', async () => {
    const policy = await load('p contains count(input.a)', { memoryBytesMax: 256 * MiB })
    const before = process.memoryUsage().external
    const highest = (): number => process.memoryUsage().external - before
    for (let i = 0; i < 5; i++) {
      expect(policy.decide(0, ones(1_000_000))).toEqual([1_000_000])
      expect(codeOf(() => policy.decide(0, ones(3_000_000)))).toBe('EVENT_TOO_LARGE')
      expect(policy.decide(0, ones(10))).toEqual([10])
      // The memory itself, the small one, and the event of the test.
      expect(highest()).toBeLessThan(300 * MiB)
    }
    for (let i = 0; i < 2000; i++) policy.decide(0, ones(1))
    expect(policy.decide(0, ones(1_000_000))).toEqual([1_000_000])
  })

  test('evaluations one after the other take no more memory', async () => {
    const policy = await load('p contains sprintf("%d", [count(input.a)])')
    policy.decide(0, ones(5000))
    const before = process.memoryUsage().external
    for (let i = 0; i < 2000; i++) expect(policy.decide(0, ones(5000))).toEqual(['5000'])
    expect(process.memoryUsage().external - before).toBeLessThan(16 * MiB)
  })
})
