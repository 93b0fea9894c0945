import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseCondition, printCondition } from '../../src/falco/index.ts'
import { anyCondition, withoutPlaces } from './generate.ts'

test('a printed condition reads as the same tree', () => {
  const property = fc.property(anyCondition, (expr) => {
    const text = printCondition(expr)
    assert.deepEqual(withoutPlaces(parseCondition(text)), withoutPlaces(expr), text)
    assert.equal(printCondition(parseCondition(text)), text)
  })
  expect(() => fc.assert(property, { numRuns: 2000 })).not.toThrow()
})
