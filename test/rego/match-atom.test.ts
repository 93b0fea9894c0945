import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matchAtom } from '../../src/rego/match-atom.ts'
import type { Atom } from '../../src/residual/residual.ts'
import { opaBuiltins } from '../../src/toolchain/builtins.ts'
import { hasToolchain, load } from './support.ts'

const glob: Atom = {
  kind: 'atom',
  path: { from: 'event', steps: [] },
  operator: 'globMatch',
  operand: { constant: '' },
  delimiters: null,
}

describe.skipIf(!hasToolchain)('globs', () => {
  const text = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'aA0_-.:/@ '), maxLength: 6 }),
    fc.string({ unit: fc.constantFrom(...'aA0_-.:/@ *?[]{}!,\\\n^$+|()é'), maxLength: 6 }),
  )

  test('what is decided without OPA is what OPA decides, in Go and in WASM', async () => {
    const policy = await load('p if glob.match(input.glob, null, input.value)')
    const go = opaBuiltins()('glob.match')!
    let decided = 0
    const property = fc.property(text, fc.option(text, { nil: undefined }), (pattern, other) => {
      const value = other ?? pattern
      const answer = matchAtom(glob, pattern, value)
      if (answer === undefined) return
      decided++
      const operands = [JSON.stringify(pattern), 'null', JSON.stringify(value)]
      expect(go(operands, { now: () => 0n })).toBe(String(answer))
      const found = policy.decideValue(0, JSON.stringify({ glob: pattern, value }))
      expect(found === 'true').toBe(answer)
    })
    fc.assert(property, { numRuns: 2000 })
    expect(decided).toBeGreaterThan(500)
  })
})
