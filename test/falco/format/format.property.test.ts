import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatRules } from '../../../src/falco/format/format.ts'
import { loadRules, parseCondition, printCondition } from '../../../src/falco/index.ts'
import { parseYaml, yamlGet } from '../../../src/text/yaml.ts'
import { nearlyRight, soup } from '../generate-files.ts'
import { anyCondition, withoutPlaces } from '../generate.ts'

const file = 'r.yaml'

/** Formatted text; formatting it again must change nothing. */
function formatted(text: string): string {
  const once = formatRules({ file, text }).text
  assert(once !== undefined, text)
  assert.equal(formatRules({ file, text: once }).text, once, JSON.stringify({ text, once }))
  return once
}

test('a formatted condition has the same tree, and is not wider than it must be', () => {
  const property = fc.property(
    anyCondition,
    fc.constantFrom('>', '>-', '|', '|-'),
    fc.boolean(),
    (expr, style, comment) => {
      const condition = printCondition(expr)
      // A block holds no other line breaks, and no control characters.
      fc.pre(!/[\p{Cc}\p{Cs}\u2028\u2029\uFEFF]/u.test(condition))
      const text = `- macro: m\n  condition: ${style}${comment ? ' # why' : ''}\n      ${condition}\n# end\n`
      const after = formatted(text)
      const [root] = parseYaml({ file, text: after }).documents
      const scalar = yamlGet(root?.kind === 'sequence' ? root.items[0] : undefined, 'condition')
      assert(scalar?.kind === 'scalar')
      assert.deepEqual(withoutPlaces(parseCondition(scalar.text)), withoutPlaces(expr))
      assert(after.includes('# end'))
      assert.equal(after.includes('# why'), comment)
    },
  )
  expect(() => fc.assert(property, { numRuns: 1500 })).not.toThrow()
})

test('formatting any text is done, refused or undone, and changes no diagnostic', () => {
  let changed = 0
  const property = fc.property(fc.oneof(soup, nearlyRight), (text) => {
    const { text: once, diagnostics } = formatRules({ file, text })
    if (once === undefined) return assert(diagnostics.length > 0)
    formatted(once)
    const told = (each: string): string[] =>
      loadRules([{ file, text: each }]).diagnostics.map(({ code }) => code)
    assert.deepEqual(told(once), told(text))
    if (once !== text) changed++
  })
  expect(() => fc.assert(property, { numRuns: 2000 })).not.toThrow()
  expect(changed).toBeGreaterThan(100)
})
