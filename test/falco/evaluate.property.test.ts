import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadRules, printCondition, Ruleset } from '../../src/falco/index.ts'
import { auditEvent, loadableCondition } from './generate-typed.ts'
import { naiveMatch } from './naive.ts'

/** One rules file with these conditions, in order. */
function rulesFile(conditions: readonly string[]): string {
  const rule = (condition: string, i: number): string =>
    `- rule: r${i}\n  desc: d\n  condition: ${JSON.stringify(condition)}\n  output: o\n  priority: INFO\n  source: k8s_audit\n`
  return conditions.map(rule).join('')
}

test('the compiled evaluator agrees with the naive one', () => {
  let matched = 0
  let judged = 0
  const property = fc.property(
    fc.array(loadableCondition, { minLength: 1, maxLength: 40 }),
    fc.array(auditEvent, { minLength: 1, maxLength: 8 }),
    (conditions, events) => {
      const text = rulesFile(conditions.map(printCondition))
      const { compilation, diagnostics } = loadRules([{ file: 'r.yaml', text }])
      assert(compilation, diagnostics.find(({ severity }) => severity === 'error')?.message)
      const ruleset = new Ruleset(compilation)
      for (const event of events) {
        const line = JSON.stringify(event)
        const parsed: unknown = JSON.parse(line)
        const wanted = conditions.flatMap((condition, i) =>
          naiveMatch(condition, parsed) ? [`r${i}`] : [],
        )
        const got = ruleset.evaluate(Buffer.from(line)).map(({ rule }) => rule)
        assert.deepEqual(got, wanted, line)
        matched += wanted.length
        judged += conditions.length
      }
    },
  )
  expect(() => fc.assert(property, { numRuns: 400 })).not.toThrow()
  // A generator whose conditions never match, or always do, would prove nothing.
  expect(matched / judged).toBeGreaterThan(0.1)
  expect(matched / judged).toBeLessThan(0.6)
})
