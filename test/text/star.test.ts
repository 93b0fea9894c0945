import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { starMatcher, starQuote } from '../../src/text/star.ts'

test.each([
  ['', '', true],
  ['', 'a', false],
  ['*', '', true],
  ['*', 'any\nthing', true],
  ['a*', 'a', true],
  ['a*a', 'a', false],
  ['a*b*c', 'a-b-b-c', true],
  ['a*b*c', 'a-c-b', false],
  ['*b*', 'abc', true],
  ['a**c', 'abc', true],
  ['a?c', 'abc', false],
  [String.raw`a\*c`, 'a*c', true],
  [String.raw`a\*c`, 'abc', false],
  [String.raw`a\\*`, String.raw`a\bc`, true],
  [String.raw`a\b`, String.raw`a\b`, true],
])('%j %j', (pattern, text, wanted) => {
  expect(starMatcher(pattern)(text)).toBe(wanted)
})

test('a quoted text matches itself alone', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, other) => {
      const matches = starMatcher(starQuote(text))
      expect(matches(text)).toBe(true)
      expect(matches(other)).toBe(other === text)
    }),
  )
})

test('stars match as a regular expression would', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 })
  fc.assert(
    fc.property(
      letters,
      fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 }),
      (pattern, text) => {
        const same = new RegExp(`^${pattern.replaceAll('*', '[^]*')}$`).test(text)
        expect(starMatcher(pattern)(text)).toBe(same)
      },
    ),
    { numRuns: 2000 },
  )
})

test('many stars cost no more than the text is long', () => {
  const matches = starMatcher(`${'*a'.repeat(2000)}*b`)
  expect(matches('a'.repeat(100_000))).toBe(false)
})
