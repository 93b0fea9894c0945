import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Exception, fits, MATCH_KEYS, matchTextsOf } from '../../src/engine/exception.ts'
import { ExceptionTable } from '../../src/engine/exception-table.ts'

const word = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 3 })
const text = fc.option(word)
const pattern = fc.oneof({ weight: 9, arbitrary: text }, fc.constant<unknown>(3))

const exception: fc.Arbitrary<Exception> = fc
  .dictionary(fc.constantFrom('user', 'as', 'name', 'verb', 'odd'), pattern, { maxKeys: 3 })
  .map((match) => ({ name: 'e', guardrail: 'g', until: '2027', reason: '', match }))

const texts = fc
  .tuple(text, text, text, text)
  .map(([user, as, name, verb]) => ({ ...matchTextsOf({}), user, as, name, verb }))

test('the first exception that covers is found as if all were tried', () => {
  let found = 0
  const property = fc.property(
    fc.array(exception, { maxLength: 40 }),
    fc.array(texts, { maxLength: 20 }),
    (exceptions, events) => {
      const table = new ExceptionTable(exceptions)
      for (const event of events) {
        const covers = ({ match }: Exception): boolean => fits(match, event)
        const wanted = exceptions.find(covers)
        expect(table.first(event, covers)).toBe(wanted)
        if (wanted) found++
      }
    },
  )
  fc.assert(property, { numRuns: 2000 })
  expect(found).toBeGreaterThan(500)
})

test.each(MATCH_KEYS)('of 20,000 that differ in %s few are tried', (key) => {
  const exceptions = Array.from({ length: 20_000 }, (_, i): Exception => {
    const match = { as: null, verb: 'get', [key]: i % 2 === 0 ? `x${i}` : `x${i}-*` }
    return { name: `e${i}`, guardrail: 'g', until: '2027', reason: '', match }
  })
  const table = new ExceptionTable(exceptions)
  let tried = 0
  for (const [value, position] of [
    ['x19998', 19_998],
    ['x19999-a', 19_999],
  ] as const) {
    const event = { ...matchTextsOf({ verb: 'get' }), [key]: value }
    const found = table.first(event, ({ match }) => tried++ >= 0 && fits(match, event))
    expect(found).toBe(exceptions[position])
  }
  expect(tried).toBeLessThan(5)
})
