import { describe, expect, test } from 'vitest'
import type { Match } from '../../src/engine/evaluator.ts'
import { Remembered } from '../../src/engine/remembered.ts'

const matchOf = (message: string): Match => ({
  engine: 'rego',
  rule: 'r',
  title: 'r',
  priority: 'Notice',
  message,
  tags: [],
})

/** Asks for each input in turn and counts what was not remembered. */
function asked(
  remembered: Remembered<readonly Match[]>,
  inputs: Iterable<string>,
  scope = '0 0',
): number {
  let count = 0
  for (const text of inputs) {
    const answer = remembered.answer(scope, Buffer.from(text), () => {
      count++
      return text.startsWith('bad') ? [matchOf(text)] : []
    })
    expect(answer.map(({ message }) => message)).toEqual(text.startsWith('bad') ? [text] : [])
  }
  return count
}

const repeat = (texts: readonly string[], times: number): string[] =>
  Array.from({ length: times }, () => texts).flat()

describe('remembered answers', () => {
  test('each input is asked for once, whether or not something was found', () => {
    expect(asked(new Remembered<readonly Match[]>(), repeat(['a', 'bad', 'é', ''], 50))).toBe(4)
  })

  test('other parts are asked for by themselves', () => {
    const remembered = new Remembered<readonly Match[]>()
    expect(asked(remembered, ['a'], '0 1')).toBe(1)
    expect(asked(remembered, ['a'], '0 1,2')).toBe(1)
    expect(asked(remembered, ['a'], '0 1')).toBe(0)
  })

  test('long inputs are not kept', () => {
    expect(asked(new Remembered<readonly Match[]>(), repeat(['x'.repeat(513)], 3))).toBe(3)
  })

  test('inputs that do not come again stop being remembered, for a while', () => {
    const remembered = new Remembered<readonly Match[]>()
    const fresh = Array.from({ length: 4096 }, (_, i) => `n${i}`)
    expect(asked(remembered, fresh)).toBe(4096)
    expect(asked(remembered, repeat(['a'], 100_000))).toBe(100_000)
    expect(asked(remembered, repeat(['a'], 100))).toBe(1)
  })

  test('more inputs than are kept have the right answers all the same', () => {
    const many = Array.from({ length: 20_000 }, (_, i) =>
      i % 3 === 0 ? `bad${i % 5000}` : `n${i}`,
    )
    expect(asked(new Remembered<readonly Match[]>(), many)).toBeGreaterThan(10_000)
  })
})
