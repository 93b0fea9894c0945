import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileGlob } from '../../src/falco/eval/glob.ts'
import { getopt, getoptOne } from '../../src/falco/eval/getopt.ts'
import { compilePathMatch } from '../../src/falco/eval/pmatch.ts'
import { compileRegex } from '../../src/falco/eval/regex.ts'
import { decodeBase64 } from '../../src/falco/eval/transform.ts'
import { fromUtf8, utf8 } from '../../src/falco/event/byte-string.ts'
import { indentJson } from '../../src/falco/event/indent.ts'
import { parseEventTime } from '../../src/falco/event/time.ts'
import { uriParameter } from '../../src/falco/event/uri.ts'

describe('glob is fnmatch', () => {
  test.each<[pattern: string, text: string, matches: boolean]>([
    ['*', '', true],
    ['*', '.a/b', true],
    ['a*b', 'ab', true],
    ['a*b', 'a/x/b', true],
    ['a*b*c', 'axbxbc', true],
    ['a*b*c', 'acb', false],
    ['?', '', false],
    ['?', '/', true],
    ['[abc]', 'b', true],
    ['[a-c]x', 'bx', true],
    ['[!a-c]', 'd', true],
    ['[^a-c]', 'b', false],
    ['[]a]', ']', true],
    ['[!]a]', 'b', true],
    ['[a-]', '-', true],
    ['[--0]', '.', true],
    ['[z-a]', 'm', false],
    ['[\\]]', ']', true],
    ['[a\\-c]', 'b', false],
    ['[[:digit:][:upper:]]', '5', true],
    ['[[:digit:][:upper:]]', 'a', false],
    ['[![:space:]]', 'a', true],
    ['[[:nope:]]', 'n', false],
    ['[[.a.]-c]', 'b', true],
    ['[[=a=]]', 'a', true],
    ['[a', '[a', true],
    ['[a', 'a', false],
    ['a[', 'a[', true],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['a\\', 'a\\', false],
    ['{a,b}', 'a', false],
    ['{a,b}', '{a,b}', true],
    ['A', 'a', false],
  ])('%j on %j: %s', (pattern, text, matches) => {
    expect(compileGlob(pattern)(text)).toBe(matches)
  })

  test.each<[pattern: string, text: string, matches: boolean]>([
    ['AB*', 'abC', true],
    ['[A-C]', 'b', true],
    ['[a-c]', 'B', true],
    [utf8('É'), utf8('é'), false],
  ])('without case, %j on %j: %s', (pattern, text, matches) => {
    expect(compileGlob(pattern, true)(text)).toBe(matches)
  })

  test('many stars are no trap', () => {
    const started = performance.now()
    expect(compileGlob('*a'.repeat(60))('a'.repeat(59) + 'b'.repeat(100_000))).toBe(false)
    expect(performance.now() - started).toBeLessThan(5000)
  })
})

describe('regex is RE2 in POSIX mode, on the whole text', () => {
  test.each<[pattern: string, text: string, matches: boolean]>([
    ['a|ab', 'ab', true],
    ['ab|a', 'ab', true],
    ['a*?', 'aa', true],
    ['a**', 'aaa', true],
    ['(a+)+b', 'aab', true],
    ['a{2}{2}', 'aaaa', true],
    ['a{,2}', 'a{,2}', true],
    ['{', '{', true],
    ['^a$', 'a', true],
    ['a\n^b', 'a\nb', true],
    ['a$\nb', 'a\nb', true],
    ['.', '\n', false],
    ['[^a]', '\n', true],
    ['.', 'é', true],
    ['..', 'é', false],
    ['[[:alpha:]_]+', 'a_b', true],
    ['[[:^digit:]]', 'a', true],
    ['[]a]', ']', true],
    ['[^]a]', ']', false],
    ['[a-]', '-', true],
    ['\\.', '.', true],
    ['\\x41\\x{e9}\\101', 'AéA', true],
    ['(|a)b', 'b', true],
    ['', '', true],
    ['a()', 'a', true],
    ['[\\]]', ']', true],
  ])('%j on %j: %s', (pattern, text, matches) => {
    expect(compileRegex(pattern)(utf8(text))).toBe(matches)
  })

  test.each([
    '(',
    ')',
    'a)',
    '*',
    'a|*',
    '(?i)a',
    '(?:a)',
    '\\d',
    '\\w',
    '\\s',
    '\\b',
    '\\pL',
    '\\A',
    '\\z',
    '\\Qa\\E',
    '\\C',
    '\\1',
    '\\8',
    '[',
    '[a',
    '[b-a]',
    '[a-c-e]',
    '[[:nope:]]',
    '[\\d]',
    'a{1001}',
    'a{2,1}',
    '{2}',
    'a\\',
    '\\x4',
    '\\x{110000}',
  ])('%j is refused', (pattern) => {
    expect(() => compileRegex(pattern)).toThrow(/regular expression/)
  })

  test('bytes that are no UTF-8 match nothing', () => {
    expect(compileRegex('.')('\xff')).toBe(false)
    expect(compileRegex('.')(utf8('\ufffd'))).toBe(true)
  })

  test('nested repetitions are refused or linear', () => {
    const started = performance.now()
    expect(compileRegex('(a*)*(a*)*(a*)*b')('a'.repeat(20_000))).toBe(false)
    expect(() => compileRegex('((a{100}){100}){100}')).toThrow(/simpler/)
    expect(() => compileRegex('('.repeat(5000))).toThrow(/nested groups/)
    expect(performance.now() - started).toBeLessThan(10_000)
  })

  test('V8 agrees on what both can say', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '(a|b)', '(ab|)', '\\.', 'é')
    const repeated = fc
      .tuple(atom, fc.constantFrom('', '*', '+', '?', '{1,2}'))
      .map((parts) => parts.join(''))
    const pattern = fc.array(fc.array(repeated, { maxLength: 4 }), { minLength: 1, maxLength: 3 })
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '.', '\n'), maxLength: 6 })
    const property = fc.property(pattern, text, (branches, subject) => {
      const source = branches.map((branch) => branch.join('')).join('|')
      const wanted = new RegExp(`^(?:${source})$`, 'u').test(subject)
      assert.equal(compileRegex(source)(utf8(subject)), wanted, source)
    })
    expect(() => fc.assert(property, { numRuns: 3000 })).not.toThrow()
  })
})

describe('pmatch', () => {
  test.each<[paths: string[], text: string, matches: boolean]>([
    [['/a/b'], '/a/b', true],
    [['/a/b'], '/a/b/c', true],
    [['/a/b'], '/a/bx', false],
    [['a//b/'], '/a/b/c', true],
    [['/'], '', true],
    [[''], '/x', true],
    [[], '/x', false],
    [['/*/b'], '/x/b', true],
    [['/a/[bc]?'], '/a/bx/d', true],
    [['/a', '/b'], '/b/c', true],
    [['/a/b/c'], '/a/b', false],
  ])('%j on %j: %s', (paths, text, matches) => {
    expect(compilePathMatch(paths)(text)).toBe(matches)
  })
})

describe('b64', () => {
  test.each<[encoded: string, decoded: string | undefined]>([
    ['aGVsbG8=', 'hello'],
    ['aGVsbG8', 'hello'],
    ['', ''],
    ['YQ==', 'a'],
    ['YQ=', 'a'],
    ['YWI=', 'ab'],
    ['YWJj', 'abc'],
    ['YR==', undefined],
    ['a', undefined],
    ['abcde', undefined],
    ['=', undefined],
    ['YW-_', undefined],
    ['YW Jj', undefined],
  ])('%j', (encoded, decoded) => {
    expect(decodeBase64(encoded)).toBe(decoded)
  })

  test('of any bytes', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
      const text = Buffer.from(bytes).toString('base64')
      assert.equal(decodeBase64(text), Buffer.from(bytes).toString('latin1'))
    })
    expect(() => fc.assert(property)).not.toThrow()
  })
})

describe('getopt', () => {
  test.each<[args: string[], options: string, wanted: string[]]>([
    [['-n', ''], 'n', ['n']],
    [['-t', 'x'], 't:', ['t', 'x']],
    [['-tx'], 't:', ['t', 'x']],
    [['-nt', 'x'], 'nt:', ['n', 't', 'x']],
    [['-t'], 't:', ['']],
    [['-x', '-n'], 'n', ['?', 'n']],
    [['a', '-n'], 'n', []],
    [['--', '-n'], 'n', []],
    [['--long', '-n'], 'n', ['n']],
    [['-', '-n'], 'n', []],
    [['-:'], 'a:', ['?']],
  ])('%j by %j', (args, options, wanted) => {
    expect(getopt(args, options)).toEqual(wanted)
  })

  test('one option', () => {
    expect(getoptOne(['-t', 'a', '-t', 'b'], 't:', 't')).toBe('b')
    expect(getoptOne(['-n'], 'n', 'n')).toBe('n')
    expect(getoptOne(['-t'], 't:', 't')).toBe('')
    expect(getoptOne(['-x'], 'n', 'n')).toBeUndefined()
    expect(getoptOne(['-?'], 'n', '?')).toBeUndefined()
  })
})

describe('query parameters, as Go reads them', () => {
  test.each<[uri: string, name: string, value: string | undefined]>([
    ['/x?a=1&b=2&a=3', 'a', '1'],
    ['/x?a=1&b=2&a=3', 'b', '2'],
    ['/x?a', 'a', ''],
    ['/x?&a=1', 'a', '1'],
    ['/x?a=b=c', 'a', 'b=c'],
    ['/x?a=1%20+2', 'a', '1  2'],
    ['/x?a%62=1', 'ab', '1'],
    ['/x?a=%c3%a9', 'a', 'Ã©'],
    ['/x', 'a', undefined],
    ['/x?', 'a', undefined],
    ['/x?b=1', 'a', undefined],
    ['/x?a=1&b=%zz', 'a', undefined],
    ['/x?a=1;b=2', 'a', undefined],
    ['/%zz?a=1', 'a', undefined],
    ['/x?a=1#%zz', 'a', undefined],
    ['/x?a=1#f', 'a', '1'],
    ['/x\u0001?a=1', 'a', undefined],
    [':x?a=1', 'a', undefined],
    ['a:b/c?a=1', 'a', '1'],
    ['1:b/c?a=1', 'a', undefined],
    ['x/c:d?a=1', 'a', '1'],
    ['//host:80/x?a=1', 'a', '1'],
    ['//host:x/y?a=1', 'a', undefined],
    ['///x?a=1', 'a', '1'],
    ['*', 'a', undefined],
    ['', 'a', undefined],
  ])('%j [%s]: %j', (uri, name, value) => {
    expect(uriParameter(uri, name)).toBe(value)
  })
})

describe('stageTimestamp', () => {
  test.each<[text: string, nanoseconds: bigint | undefined]>([
    ['2024-05-01T10:00:00.001000Z', 1_714_557_600_001_000_000n],
    ['2024-05-01T10:00:00Z', 1_714_557_600_000_000_000n],
    ['2024-05-01T12:00:00+02:00', 1_714_557_600_000_000_000n],
    ['2024-05-01T9:00:00-01:00', 1_714_557_600_000_000_000n],
    ['2024-05-01T10:00:00,5Z', 1_714_557_600_500_000_000n],
    ['2024-05-01T10:00:00.1234567891Z', 1_714_557_600_123_456_789n],
    ['2024-02-29T00:00:00Z', 1_709_164_800_000_000_000n],
    ['2023-02-29T00:00:00Z', undefined],
    ['2024-05-01T24:00:00Z', undefined],
    ['2024-05-01T10:00:60Z', undefined],
    ['2024-05-01T10:00:00', undefined],
    ['2024-05-01t10:00:00Z', undefined],
    ['2024-05-01T10:00:00z', undefined],
    ['2024-05-01 10:00:00Z', undefined],
    ['2024-05-01T10:00:00.Z', undefined],
    ['2024-13-01T10:00:00Z', undefined],
  ])('%j', (text, nanoseconds) => {
    expect(parseEventTime(text)).toBe(nanoseconds)
  })
})

test('indented JSON, as Go writes it', () => {
  const compact = '{"a":[],"b":{},"c":[1,{"d":"{x: \\"y\\"}"}]}'
  expect(indentJson(compact)).toBe(JSON.stringify(JSON.parse(compact), null, 2))
})

test('byte strings go both ways', () => {
  const property = fc.property(fc.string({ unit: 'grapheme' }), (text) => {
    assert.equal(fromUtf8(utf8(text)), text)
  })
  expect(() => fc.assert(property)).not.toThrow()
})
