import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { goText } from '../../src/rego/builtins/go/text.ts'
import { isPrintable } from '../../src/rego/builtins/go/printable.ts'
import { zoneOf } from '../../src/rego/builtins/go/zone.ts'
import { TermError, parseJson, parseTerm, printJson, printTerm } from '../../src/rego/term.ts'
import { compare, equal, identity, objectOf, setOf } from '../../src/rego/value.ts'
import type { Value } from '../../src/rego/value.ts'
import { opaBuiltins } from '../../src/toolchain/builtins.ts'
import { value } from './generators.ts'
import { hasToolchain } from './support.ts'

const context = { now: (): bigint => 0n }

/** Applies fn to generated values, and shrinks to the smallest that fails. */
function always(fn: (...values: Value[]) => void, count: number = 1, numRuns: number = 500): void {
  const values = fc.tuple(...Array.from({ length: count }, () => value))
  const property = fc.property(values, (drawn) => {
    fn(...drawn)
  })
  fc.assert(property, { numRuns })
}

describe('texts of values', () => {
  test('what is written reads as the same value, literals included', () => {
    always((v) => expect(printTerm(parseTerm(printTerm(v!)))).toBe(printTerm(v!)))
    always((v) => expect(goText(parseTerm(goText(v!)))).toBe(goText(v!)))
  })

  test('JSON reads as JavaScript reads it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        const text = JSON.stringify(json)
        const mine: unknown = JSON.parse(printJson(parseJson(text)))
        // A lone surrogate stands for no UTF-8.
        expect(mine).toEqual(JSON.parse(text.replaceAll(/\\ud[89a-f]../g, '\\ufffd')))
      }),
    )
  })

  test.each([
    ['{1, "a", [true]}', '{1, "a", [true]}'],
    ['set( )', 'set()'],
    ['{"a": {}, 1: set()}', '{1: set(), "a": {}}'],
    ['[.5, -.5, 1., 1.e2]', '[.5, -.5, 1., 1.e2]'],
    ['"\\a\\v\\x01\\xff\\U0001f600\\u00e9"', '"\\a\\v\\x01\ufffd😀é"'],
    ['{1, 1.0, 1e0}', '{1}'],
    [' { "a" :\t1 ,\n"a" : 2 } ', '{"a": 2}'],
  ])('%s reads', (text, want) => {
    expect(goText(parseTerm(text))).toBe(want)
  })

  test.each([
    '',
    '{',
    '[1,]',
    '{1,}',
    '{"a":}',
    '01',
    '-',
    '1 2',
    '"',
    '"\n"',
    'nul',
    'set(1)',
    '{,}',
  ])('%j is refused', (text) => {
    expect(() => parseTerm(text)).toThrow(TermError)
  })

  test.each(['{1}', 'set()', '{1: 2}', '.5', '1.', '"\\a"', '"\\x41"'])('%s is no JSON', (text) => {
    expect(() => parseJson(text)).toThrow(TermError)
    expect(() => parseTerm(text)).not.toThrow()
  })

  test('numbers that WASM could not read are written so that it can', () => {
    expect(printTerm(parseTerm('[.5, -.5, 1., 1.e2]'))).toBe('[0.5,-0.5,1,1e2]')
  })
})

describe('order and equality', () => {
  test('are an order, in which equal values share an identity', () => {
    always((a, b) => {
      expect(Math.sign(compare(a!, b!))).toBe(0 - Math.sign(compare(b!, a!)))
      expect(identity(a!) === identity(b!)).toBe(equal(a!, b!))
    }, 2)
    always((a, b, c) => {
      const [x, y, z] = [a!, b!, c!].sort(compare)
      expect(compare(x!, y!)).toBeLessThanOrEqual(0)
      expect(compare(x!, z!)).toBeLessThanOrEqual(0)
    }, 3)
  })

  test.each([
    ['1', '1.0'],
    ['100', '1e2'],
    ['0', '-0.00'],
    ['[1, {2.0}]', '[1.0, {2}]'],
    ['12345678901234567890', '12345678901234567890.0'],
  ])('%s is %s', (a, b) => {
    expect(equal(parseTerm(a), parseTerm(b))).toBe(true)
    expect(setOf([parseTerm(a), parseTerm(b)]).elements).toHaveLength(1)
    expect(objectOf([[parseTerm(a), 1]]).get(parseTerm(b))).toBe(1)
  })

  test('strings sort by code points', () => {
    expect(['\uffff', '😀', 'a'].toSorted(compare)).toEqual(['a', '\uffff', '😀'])
  })
})

describe.skipIf(!hasToolchain)('as OPA has it', () => {
  const opa = opaBuiltins()
  const call = (name: string, ...operands: string[]): string => opa(name)!(operands, context)!

  test('values sort in the same order', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 6 }), (values) => {
        expect(goText(values.toSorted(compare))).toBe(call('sort', printTerm(values)))
      }),
      { numRuns: 300 },
    )
  })

  test('values are printed the same, and read back', () => {
    always((v) => expect(call('array.concat', `[${printTerm(v!)}]`, '[]')).toBe(goText([v!])))
  })

  test('JSON texts are the same', () => {
    // OPA escapes three marks for HTML there.
    const plain = (text: string): string =>
      text.replaceAll(/\\u00(3c|3e|26)/g, (escape) => JSON.parse(`"${escape}"`) as string)
    always((v) => {
      const theirs = plain(parseTerm(call('json.marshal', printTerm(v!))) as string)
      expect(printJson(parseJson(theirs))).toBe(printJson(parseJson(printJson(v!))))
    })
  })

  test('the same code points are printable', () => {
    const differing: number[] = []
    for (let start = 0; start <= 0x10ffff; start += 0x1000) {
      const codes = Array.from({ length: 0x1000 }, (_, i) => start + i)
      const runes = codes.filter((code) => code < 0xd800 || code > 0xdfff)
      const text = JSON.stringify(String.fromCodePoint(...runes)).replaceAll('\ufeff', '\\ufeff')
      const quoted = parseTerm(call('sprintf', '"%q"', `[${text}]`)) as string
      const shown = new Set(quoted)
      for (const code of runes) {
        const isShown = shown.has(String.fromCodePoint(code))
        if (code > 0x7f && isShown !== isPrintable(code)) differing.push(code)
      }
    }
    expect(differing).toEqual([])
  })

  test('every zone that is answered here is one of OPA’s, with the same clock', () => {
    const instants = [0n, 500_000_000n, 1_000_000_000n, 1_711_846_800n, 1_720_000_000n]
    for (const name of Intl.supportedValuesOf('timeZone')) {
      const zone = zoneOf(name)!
      for (const seconds of instants) {
        const [h, m, s] = parseTerm(
          call('time.clock', `[${seconds * 1_000_000_000n}, ${JSON.stringify(name)}]`),
        ) as number[]
        const local = new Date((Number(seconds) + zone.offsetAt(Number(seconds))) * 1000)
        const mine = [local.getUTCHours(), local.getUTCMinutes(), local.getUTCSeconds()]
        expect(mine, `${name} at ${seconds}`).toEqual([h, m, s])
      }
    }
  })
})
