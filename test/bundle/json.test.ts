import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decodeUtf8,
  JsonNumber,
  JsonSyntaxError,
  parseJson,
  toPlain,
} from '../../src/bundle/json.ts'

describe('parseJson', () => {
  test('agrees with JSON.parse on generated documents', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        expect(toPlain(parseJson(text))).toEqual(JSON.parse(text))
      }),
    )
  })

  test('accepts and refuses what JSON.parse does, one edit away from a document', () => {
    const edit = fc.record({
      at: fc.nat(),
      drop: fc.nat(2),
      put: fc.string({ maxLength: 3, unit: fc.constantFrom(...'{}[]",:\\0123e+-.tfn \t\u0001u') }),
    })
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), edit, (text, { at, drop, put }) => {
        const cut = at % (text.length + 1)
        const edited = text.slice(0, cut) + put + text.slice(cut + drop)
        expect(accepts(() => parseJson(edited))).toBe(accepts(() => JSON.parse(edited)))
      }),
      { numRuns: 2000 },
    )
  })

  test('numbers keep their literals', () => {
    const literals = ['1.0', '1e2', '-0', '12345678901234567890', '0.1E-400', '1E+5']
    for (const literal of literals) expect(parseJson(literal)).toEqual(new JsonNumber(literal))
  })

  test.each([
    ['"\\ud800"', '\uFFFD'],
    ['"\\ud800\\u0041"', '\uFFFDA'],
    ['"\\ude00\\ud83d"', '\uFFFD\uFFFD'],
    ['"\\ud83d\\ude00"', '😀'],
    ['"\\ud83d😀"', '\uFFFD😀'],
  ])('lone surrogates of %s become U+FFFD', (text, value) => {
    expect(parseJson(text)).toBe(value)
  })

  test('nesting up to Go’s bound, and no further', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
    expect(toPlain(parseJson(nested(10_000)))).toHaveLength(1)
    expect(() => parseJson(nested(10_001))).toThrow(JsonSyntaxError)
    expect(() => parseJson('['.repeat(1_000_000))).toThrow('is nested too deeply')
  })
})

test('invalid UTF-8 becomes U+FFFD once per byte, as in Go', () => {
  const cases: [number[], string][] = [
    [[0x61, 0xff, 0x62], 'a\uFFFDb'],
    [[0xe2, 0x82], '\uFFFD\uFFFD'],
    [[0xe2, 0x82, 0x41], '\uFFFD\uFFFDA'],
    [[0xc0, 0xaf], '\uFFFD\uFFFD'],
    [[0xed, 0xa0, 0x80], '\uFFFD\uFFFD\uFFFD'],
    [[0xf0, 0x9f, 0x98, 0x80, 0x80], '😀\uFFFD'],
    [[0xef, 0xbb, 0xbf, 0x41], '\uFEFFA'],
  ]
  for (const [bytes, text] of cases) expect(decodeUtf8(Uint8Array.from(bytes))).toBe(text)
})

function accepts(parse: () => unknown): boolean {
  try {
    parse()
    return true
  } catch {
    return false
  }
}
