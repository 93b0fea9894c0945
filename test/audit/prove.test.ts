import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import * as fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { firstDuplicate } from '../../src/audit/duplicate.ts'
import {
  DUPLICATE,
  explain,
  MALFORMED,
  PLAIN,
  prove,
  TOO_DEEP,
  UNSANITARY,
} from '../../src/audit/prove.ts'
import { sanitise } from '../../src/audit/sanitise.ts'
import { EVENT_DEPTH_MAX } from '../../src/text/limits.ts'
import { bytesOf, mutated, spelt } from './events.ts'
import { goDecoder } from './go-json.ts'

const verdict = (bytes: Uint8Array): number => prove(bytes, 0, bytes.length)
const nested = (levels: number): string =>
  `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`
const bytesWith = (before: string, bytes: number[], after: string): Buffer =>
  Buffer.concat([bytesOf(before), Buffer.from(bytes), bytesOf(after)])

describe('malformed', () => {
  const cut = 'it ends too early and looks truncated'
  const rows: [string, number, string][] = [
    ['', 0, cut],
    ['   ', 3, cut],
    ['{', 1, cut],
    ['{"kind":"Ev', 11, cut],
    ['{"a":1', 6, cut],
    ['{"a":tru', 8, cut],
    ['{"a":"\\u12', 10, cut],
    ['{"a":1}{"b":2}', 7, 'there is more text after the JSON object'],
    ['{"a":1} x', 8, 'there is more text after the JSON object'],
    ['{"a":1}}', 7, 'there is more text after the JSON object'],
    ['{"a":"\t"}', 6, 'there is a raw control character'],
    ['{"a":"x\ny"}', 7, 'a line ends inside a string, which looks truncated'],
    ['\ufeff{"a":1}', 0, 'there is a byte-order mark where none may be'],
    ['{"a":\ufeff1}', 5, 'there is a byte-order mark where none may be'],
    ['\0{"a":1}', 0, 'there is a NUL byte'],
    ['{"a":1}\0\0', 7, 'there is a NUL byte'],
    ['{"a":"\0"}', 6, 'there is a NUL byte'],
    ['{"a":0403}', 6, 'a number has a leading zero'],
    ['{"a":-}', 6, 'a digit is missing in a number'],
    ['{"a":1.}', 7, 'a digit is missing in a number'],
    ['{"a":.5}', 5, 'a value is missing or is no JSON value'],
    ['{"a":+1}', 5, 'a value is missing or is no JSON value'],
    ['{"a":1e}', 7, 'a digit is missing in a number'],
    ['{"a":1e10000}', 12, 'a number has an exponent outside of what OPA evaluates'],
    [`{"a":${'1'.repeat(1025)}}`, 1030, 'a number is longer than 1024 bytes'],
    ['{"a":NaN}', 5, 'a value is missing or is no JSON value'],
    ['{"a":"\\x"}', 6, 'an escape sequence in a string is not valid'],
    ['{"a":"\\u12g4"}', 6, 'an escape sequence in a string is not valid'],
    ['[{"a":1}]', 0, 'it is not a JSON object'],
    ['"a"', 0, 'it is not a JSON object'],
    ['null', 0, 'it is not a JSON object'],
    ['{"a":1,}', 7, 'the name of a member is missing'],
    ['{,}', 1, 'the name of a member is missing'],
    ['{"a":[1,]}', 8, 'a value is missing or is no JSON value'],
    ['{"a" 1}', 5, 'the colon after a name is missing'],
    ['{"a":1 "b":2}', 7, 'a comma or a closing brace is missing'],
    ['{"a":[1 2]}', 8, 'a comma or a closing bracket is missing'],
    ['{"a":[1}}', 7, 'a comma or a closing bracket is missing'],
    ["{'a':1}", 1, 'the name of a member is missing'],
  ]
  test.each(rows)('%j', (text, offset, reason) => {
    const bytes = bytesOf(text)
    expect(verdict(bytes)).toBe(MALFORMED)
    expect(explain(bytes, 0, bytes.length)).toEqual({ code: 'MALFORMED_LINE', offset, reason })
  })

  test.each([
    ['outside of a string', bytesWith('{"a":1', [0xff], '}')],
    ['a non-breaking space between tokens', bytesOf('{"a":\u00a01}')],
  ])('bytes beyond ASCII %s', (_note, bytes) => {
    expect(verdict(bytes)).toBe(MALFORMED)
  })
})

describe('plain', () => {
  test.each([
    '{}',
    ' \r\n\t{ "a" : [ ] , "b" : { } }\n',
    '{"a":-0,"b":1e999,"c":1E400,"d":-0.0e-9999,"e":1e00000009999,"f":0}',
    '{"a":123456789012345678901234567890.5}',
    '{"":""}',
    '{"a":"\\u0000\\u2028\\"\\\\\\/\\b\\f\\n\\r\\t"}',
    '{"a":"\\ud83d\\ude00 😀 é \u007f \uffff"}',
    '{"a":[[{"a":1},{"a":1}],{"a":{"a":2}}],"b":{"a":3}}',
    '{"k:{\\"type\\":\\"Ready\\"}":1,"k:{\\"type\\":\\"Live\\"}":2}',
    nested(EVENT_DEPTH_MAX),
  ])('%s', (text) => {
    const bytes = bytesOf(text)
    expect(verdict(bytes)).toBe(PLAIN)
    expect(explain(bytes, 0, bytes.length)).toBeUndefined()
  })

  test('only the range counts', () => {
    const bytes = bytesOf('x{"a":1}{"b":2}')
    expect(prove(bytes, 1, 8)).toBe(PLAIN)
    expect(prove(bytes, 8, 15)).toBe(PLAIN)
    expect(prove(bytes, 1, 7)).toBe(MALFORMED)
    expect(prove(bytes, 0, 8)).toBe(MALFORMED)
  })
})

describe('nesting', () => {
  test.each([
    ['one level too many', nested(EVENT_DEPTH_MAX + 1)],
    ['objects', `${'{"a":'.repeat(300)}1${'}'.repeat(300)}`],
    ['a million brackets', `{"a":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`],
  ])('%s', (_note, text) => {
    const bytes = bytesOf(text)
    expect(verdict(bytes)).toBe(TOO_DEEP)
    expect(explain(bytes, 0, bytes.length)).toMatchObject({ code: 'TOO_DEEP' })
  })
})

describe('duplicate names', () => {
  const many = (name: (i: number) => string, count: number): string =>
    `{${Array.from({ length: count }, (_, i) => `"${name(i)}":${i}`).join(',')}}`

  test.each<[string, string, (string | number)[] | undefined]>([
    ['outermost', '{"a":1,"b":2,"a":3}', ['a']],
    ['inside of an array', '{"a":[0,{"b":1,"c":2,"b":3}]}', ['a', 1, 'b']],
    ['one spelt with an escape', '{"ab":1,"\\u0061b":2}', ['ab']],
    ['both spelt with escapes', '{"\\u0061":1,"\\u0061":2}', ['a']],
    ['a slash and an escaped slash', '{"a/b":1,"a\\/b":2}', ['a/b']],
    ['beyond ASCII', '{"é":1,"\\u00e9":2}', ['é']],
    ['empty', '{"":1,"":2}', ['']],
    ['in different objects', '{"a":{"b":1},"c":{"b":1}}', undefined],
    ['in the outer and inner object', '{"a":{"a":{"a":1}}}', undefined],
    ['after an inner object', '{"a":{"b":1},"b":2,"a":3}', ['a']],
    ['different escapes', '{"\\u0061":1,"\\u0062":2}', undefined],
    ['prefixes', '{"a":1,"aa":2,"aaa":3,"aaaa":4,"aaaaa":5}', undefined],
    ['prototype names', '{"__proto__":1,"constructor":2,"__proto__":3}', ['__proto__']],
    ['100,000 different names', many((i) => `name-${i}`, 100_000), undefined],
    ['the last of 100,000', many((i) => `n${i === 99_999 ? 7 : i}`, 100_000), ['n7']],
  ])('%s', (_note, text, at) => {
    const bytes = bytesOf(text)
    expect(verdict(bytes)).toBe(at ? DUPLICATE : PLAIN)
    expect(firstDuplicate(bytes, 0, bytes.length)?.path).toEqual(at)
  })

  test('a table filled by one event does not leak into the next', () => {
    expect(verdict(bytesOf(many((i) => `n${i}`, 200_000)))).toBe(PLAIN)
    expect(verdict(bytesOf('{"n1":1,"n2":2}'))).toBe(PLAIN)
    expect(verdict(bytesOf('{"n1":1,"n1":2}'))).toBe(DUPLICATE)
  })
})

describe('sanitising', () => {
  test.each<[string, Buffer, string]>([
    ['a broken byte', bytesWith('{"a":"x', [0xff], 'y"}'), '{"a":"x\ufffdy"}'],
    [
      'each byte of a surrogate',
      bytesWith('{"a":"', [0xed, 0xa0, 0x80], '"}'),
      '{"a":"\ufffd\ufffd\ufffd"}',
    ],
    ['overlong', bytesWith('{"a":"', [0xc0, 0x80], '"}'), '{"a":"\ufffd\ufffd"}'],
    ['cut off', bytesWith('{"a":"', [0xf0, 0x9f, 0x98], '"}'), '{"a":"\ufffd\ufffd\ufffd"}'],
    ['in a name', bytesWith('{"', [0x80], '":1}'), '{"\ufffd":1}'],
    ['a lone high surrogate', bytesOf('{"a":"\\ud800x"}'), '{"a":"\\ufffdx"}'],
    ['a lone low surrogate', bytesOf('{"a":"\\uDC00"}'), '{"a":"\\ufffd"}'],
    ['two high ones', bytesOf('{"a":"\\ud800\\ud800\\udc00"}'), '{"a":"\\ufffd\\ud800\\udc00"}'],
    [
      'an escaped backslash before u',
      bytesOf('{"a":"\\\\ud800\\ud800"}'),
      '{"a":"\\\\ud800\\ufffd"}',
    ],
  ])('%s', (_note, bytes, wanted) => {
    expect(verdict(bytes)).toBe(UNSANITARY)
    const clean = sanitise(bytes)
    expect(Buffer.from(clean).toString()).toBe(wanted)
    expect(verdict(clean)).toBe(PLAIN)
    expect(sanitise(clean)).toBe(clean)
  })

  test('names that become the same are found in the result', () => {
    const bytes = bytesWith('{"', [0xfe], '":1,"\\ud800":2}')
    expect(verdict(bytes) & UNSANITARY).toBe(UNSANITARY)
    expect(verdict(sanitise(bytes))).toBe(DUPLICATE)
  })
})

describe('against other readers', () => {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const parsed = (bytes: Uint8Array): unknown => {
    try {
      return JSON.parse(decoder.decode(bytes))
    } catch {
      return undefined
    }
  }
  const isObject = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  /** Numbers that JSON.parse takes and the proof refuses. */
  const beyond = (bytes: Uint8Array): boolean =>
    /number/.test(explain(bytes, 0, bytes.length)?.reason ?? '')

  test('whole events are plain', () => {
    fc.assert(
      fc.property(spelt, (text) => {
        const bytes = bytesOf(text)
        const lone = /[\ud800-\udfff]/.test(text) || /\\ud[89a-f]/.test(text)
        expect(verdict(bytes) & ~(lone ? UNSANITARY : 0)).toBe(PLAIN)
      }),
      { numRuns: 500 },
    )
  })

  test('mutated events are refused where JSON.parse refuses them, and explained', () => {
    fc.assert(
      fc.property(mutated, (bytes) => {
        const found = verdict(bytes)
        const flaw = explain(bytes, 0, bytes.length)
        expect(flaw !== undefined).toBe(found >= MALFORMED)
        if (beyond(bytes)) return
        expect(found >= MALFORMED).toBe(!isObject(parsed(bytes)))
        if (found >= MALFORMED) return
        const clean = sanitise(bytes)
        const duplicate = firstDuplicate(clean, 0, clean.length) !== undefined
        expect(verdict(clean)).toBe(duplicate ? DUPLICATE : PLAIN)
      }),
      { numRuns: 3000 },
    )
  })

  test('every cut of an event is malformed', () => {
    const line = readFileSync(path.join(import.meta.dirname, '../recordings/cluster.jsonl'))
    const bytes = line.subarray(0, line.indexOf('\n'))
    expect(verdict(bytes)).toBe(PLAIN)
    for (let end = 0; end < bytes.length; end++) {
      expect(prove(bytes, 0, end)).toBe(MALFORMED)
      expect(explain(bytes, 0, end)?.reason).toMatch(/looks truncated/)
    }
  })

  const go = goDecoder()
  afterAll(() => go && rmSync(go.folder, { recursive: true }))

  test.skipIf(!go)('Go takes what is proved, as its sanitised text, and refuses the rest', () => {
    const texts = fc.sample(mutated, { numRuns: 4000, seed: 7 })
    const clean = texts.map((bytes) => (verdict(bytes) >= MALFORMED ? bytes : sanitise(bytes)))
    const ofTexts = go!.decode(texts)
    const ofClean = go!.decode(clean)
    expect(ofTexts).toHaveLength(texts.length)
    const comparable = texts.flatMap((bytes, i) => (beyond(bytes) ? [] : [i]))
    expect(comparable.filter((i) => ofTexts[i] !== null)).toEqual(
      comparable.filter((i) => verdict(texts[i]!) < MALFORMED),
    )
    const taken = comparable.filter((i) => ofTexts[i] !== null)
    expect(taken.map((i) => ofClean[i])).toEqual(taken.map((i) => ofTexts[i]))
    // What reads the sanitised text in JavaScript sees the same values.
    expect(taken.map((i) => JSON.parse(decoder.decode(clean[i])))).toEqual(
      taken.map((i) => JSON.parse(ofTexts[i]!)),
    )
    expect(taken.length).toBeGreaterThan(400)
    expect(taken.length).toBeLessThan(3600)
  })

  test.skipIf(!go)('what Go makes of numbers, marks and duplicates', () => {
    const texts = [
      '{"a":-0}',
      '{"a":1e999}',
      '{"a":1E400}',
      '{"a":1e99999}',
      '{"a":0403}',
      '{"a":1,"a":2}',
      '\ufeff{"a":1}',
      '{"a":1} x',
      '{"a":1}{}',
      '{"a":1} null',
      '{"a":"\t"}',
      '{"a":1}\0',
    ]
    expect(go!.decode(texts.map(bytesOf))).toEqual([
      '{"a":-0}',
      '{"a":1e999}',
      '{"a":1E400}',
      '{"a":1e99999}',
      null,
      '{"a":2}',
      null,
      null,
      null,
      null,
      null,
      null,
    ])
  })
})
