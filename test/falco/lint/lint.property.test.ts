import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { printCondition, Ruleset } from '../../../src/falco/index.ts'
import { exampleRule } from '../../../src/falco/lint/example.ts'
import { lintRules } from '../../../src/falco/lint/lint.ts'
import { auditEvent, loadableCondition } from '../generate-typed.ts'

/** Conditions that hide or contradict each other often: parts are used again. */
const conditions = fc.array(loadableCondition, { minLength: 2, maxLength: 4 }).chain((parts) => {
  const part = fc.constantFrom(...parts.map(printCondition)).map((text) => `(${text})`)
  const literal = fc.tuple(fc.boolean(), part).map(([not, text]) => (not ? `not ${text}` : text))
  const joined = fc
    .tuple(fc.constantFrom(' and ', ' or '), fc.array(literal, { minLength: 1, maxLength: 3 }))
    .map(([word, some]) => some.join(word))
  return fc.array(joined, { minLength: 1, maxLength: 5 })
})

test('what lint calls impossible or hidden never comes, on any event', () => {
  const seen = { FALCO_NEVER_TRUE: 0, FALCO_HIDDEN_RULE: 0 }
  const property = fc.property(
    conditions,
    fc.array(auditEvent, { minLength: 1, maxLength: 12 }),
    (texts, events) => {
      const text = texts.map((each, i) => exampleRule(JSON.stringify(each), `r${i}`)).join('')
      const quoted = text.replace(/condition: >\n\s*/g, 'condition: ')
      const { compilation, diagnostics } = lintRules([{ file: 'r.yaml', text: quoted }])
      assert(compilation, diagnostics.find(({ severity }) => severity === 'error')?.message)
      const silent = new Set<string>()
      for (const { code, message } of diagnostics) {
        if (code !== 'FALCO_NEVER_TRUE' && code !== 'FALCO_HIDDEN_RULE') continue
        seen[code] += 1
        silent.add(/the rule `(r[0-9])`/.exec(message)![1]!)
      }
      const ruleset = new Ruleset(compilation, { ruleMatching: 'first' })
      for (const event of events) {
        for (const { rule } of ruleset.evaluate(Buffer.from(JSON.stringify(event)))) {
          assert(!silent.has(rule), `${rule} fired: ${quoted} on ${JSON.stringify(event)}`)
        }
      }
    },
  )
  expect(() => fc.assert(property, { numRuns: 150 })).not.toThrow()
  expect(seen.FALCO_NEVER_TRUE).toBeGreaterThan(20)
  expect(seen.FALCO_HIDDEN_RULE).toBeGreaterThan(20)
})
