import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type ExplainedPart,
  loadRules,
  printCondition,
  RuleExplainer,
  Ruleset,
} from '../../src/falco/index.ts'
import { auditEvent, loadableCondition } from './generate-typed.ts'

/** The outcome when comparisons that do not decide come out as `other` says. */
function outcome(part: ExplainedPart, other: () => boolean): boolean {
  const [first] = part.parts
  switch (part.kind) {
    case 'check':
      return part.decides ? part.holds : other()
    case 'macro':
      return outcome(first!, other)
    case 'not':
      return !outcome(first!, other)
    case 'and':
      return part.parts.every((each) => outcome(each, other))
    case 'or':
      return part.parts.some((each) => outcome(each, other))
  }
}

test('an explanation agrees with the evaluator, and what decides is enough', () => {
  const property = fc.property(
    loadableCondition,
    auditEvent,
    fc.infiniteStream(fc.boolean()),
    (expr, event, coins) => {
      const text = `- rule: r\n  desc: d\n  condition: ${JSON.stringify(printCondition(expr))}\n  output: o\n  priority: INFO\n  source: k8s_audit\n`
      const { compilation } = loadRules([{ file: 'r.yaml', text }])
      const bytes = Buffer.from(JSON.stringify(event))
      const matches = new Ruleset(compilation!).evaluate(bytes).length > 0
      const explained = new RuleExplainer(compilation!.rules[0]!).explain(bytes)
      assert.equal(explained.matches, matches)
      if (!explained.condition) return assert(!explained.counts)
      for (let i = 0; i < 5; i++) {
        const same = outcome(explained.condition, () => coins.next().value)
        assert.equal(same, explained.condition.holds)
      }
    },
  )
  expect(() => fc.assert(property, { numRuns: 800 })).not.toThrow()
})
