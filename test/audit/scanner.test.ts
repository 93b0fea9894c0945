import { readFileSync } from 'node:fs'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Scanner } from '../../src/audit/scanner/scanner.ts'
import { bytesOf, mutated, spelt } from './events.ts'
import { everything, isPlainEvent, type Reading, scanLines } from './scanning.ts'

const paths = [
  ['kind'],
  ['verb'],
  ['user'],
  ['user', 'username'],
  ['user', 'groups'],
  ['sourceIPs'],
  ['objectRef', 'resource'],
  ['responseStatus', 'code'],
  ['requestObject', 'spec', 'containers'],
  ['requestObject', 'metadata', 'labels', 'app'],
  ['annotations', 'a/b'],
  ['missing'],
]

const recordings = path.join(import.meta.dirname, '../recordings/cluster.jsonl')
const lines = readFileSync(recordings, 'utf8').trimEnd().split('\n').map(bytesOf)
const newScanner = (): Scanner => new Scanner(everything(paths))
const trained = newScanner()
scanLines(trained, paths.length, lines)

const base =
  '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"a-1",' +
  '"stage":"ResponseComplete","requestURI":"/api","verb":"get","user":{"username":"bob",' +
  '"groups":["a","b"]},"sourceIPs":["10.0.0.1"],"objectRef":{"resource":"pods"},' +
  '"responseStatus":{"metadata":{},"code":200},"requestObject":{"spec":{"containers":' +
  '[{"name":"c","x":[1,-2.5,true,null,{}]}]}},"annotations":{"a/b":"c\\"d"}}'

/** Sees to it that what the scanner vouches for is so; false where it vouches for nothing. */
function check(line: Uint8Array, reading: Reading | undefined): boolean {
  if (reading === 'doubt') return false
  // Not by `expect` one by one: it is asked a million times.
  if (!reading || !isPlainEvent(line)) throw new Error(`not a plain event: ${line.toString()}`)
  const event: unknown = JSON.parse(line.toString())
  for (const [slot, names] of paths.entries()) {
    let value = event
    for (const name of names) {
      const object = typeof value === 'object' && value !== null && !Array.isArray(value)
      value = object && Object.hasOwn(value!, name) ? (value as never)[name] : undefined
    }
    const text = reading[slot]
    if (text === undefined) continue
    if (isDeepStrictEqual(text === null ? undefined : JSON.parse(text), value)) continue
    throw new Error(`${names.join('.')} is not ${text} in ${line.toString()}`)
  }
  return true
}

/** How many of the lines the scanner vouches for, rightly. */
function vouched(scanner: Scanner, some: readonly Uint8Array[]): number {
  const readings = scanLines(scanner, paths.length, some)
  return readings.filter((reading, i) => check(some[i]!, reading)).length
}

describe('lines of API servers', () => {
  test('none is in doubt, and their values are found', () => {
    for (const scanner of [newScanner(), trained]) {
      expect(vouched(scanner, lines)).toBe(lines.length)
    }
  })

  test('values of every kind', () => {
    const [reading] = scanLines(newScanner(), paths.length, [bytesOf(base)])
    expect(reading).toEqual([
      '"Event"',
      '"get"',
      '{"username":"bob","groups":["a","b"]}',
      '"bob"',
      '["a","b"]',
      '["10.0.0.1"]',
      '"pods"',
      '200',
      '[{"name":"c","x":[1,-2.5,true,null,{}]}]',
      null,
      '"c\\"d"',
      null,
    ])
  })

  test('a line may end in CRLF and have white space between its tokens', () => {
    const spaced = JSON.stringify(JSON.parse(base), null, 1).replaceAll('\n', ' ')
    const readings = scanLines(trained, paths.length, [
      bytesOf(`${base}\r`),
      bytesOf(`  ${spaced} \t`),
      bytesOf(base),
    ])
    expect(readings).not.toContain('doubt')
    for (const reading of readings) expect(check(bytesOf(base), reading)).toBe(true)
  })
})

describe('lines in doubt', () => {
  const event = '"kind":"Event","apiVersion":"audit.k8s.io/v1"'
  test.each([
    ['nothing', ''],
    ['white space', '   '],
    ['two objects', `{${event}}{${event}}`],
    ['more text', `{${event}} x`],
    ['cut off', base.slice(0, -1)],
    ['a list', `[{${event}}]`],
    ['no kind', '{"apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"a"}'],
    ['another kind', '{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":[]}'],
    ['a core Event', '{"kind":"Event","apiVersion":"v1"}'],
    ['members of a core Event', '{"kind":"Event","involvedObject":{}}'],
    ['a list by its member', `{"items":[],${event}}`],
    ['a name twice', `{${event},"verb":"get","verb":"list"}`],
    ['a name twice, deeper', `{${event},"user":{"a":1,"b":2,"a":3}}`],
    ['a name spelled twice', `{${event},"verb":"get","v\\u0065rb":"list"}`],
    ['a name with an escaped slash', `{${event},"a\\/b":1}`],
    ['kind with an escape', '{"kind":"Even\\u0074","apiVersion":"audit.k8s.io/v1"}'],
    ['an exponent', `{${event},"a":1e999}`],
    ['a leading zero', `{${event},"a":0403}`],
    ['a number of 1,025 digits', `{${event},"a":${'1'.repeat(1025)}}`],
    ['half a pair', `{${event},"a":"\\ud800"}`],
    ['the other half', `{${event},"a":"\\udc00"}`],
    ['halves in the wrong order', `{${event},"a":"\\udc00\\ud800"}`],
    ['an unknown escape', `{${event},"a":"\\x"}`],
    ['a raw tab', `{${event},"a":"\t"}`],
    ['a NUL', `{${event},"a":"\0"}`],
    ['a byte-order mark', `\ufeff{${event}}`],
    ['too deep', `{${event},"a":${'['.repeat(256)}${']'.repeat(256)}}`],
  ])('%s', (_note, text) => {
    for (const scanner of [newScanner(), trained]) {
      expect(scanLines(scanner, paths.length, [bytesOf(text)])).toEqual(['doubt'])
      // Between others, which stay what they are.
      const [before, , after] = scanLines(scanner, paths.length, [
        bytesOf(base),
        bytesOf(text),
        bytesOf(base),
      ])
      expect([before, after]).not.toContain('doubt')
    }
  })

  test.each([
    [0xff],
    [0xc0, 0xaf],
    [0xe2, 0x82],
    [0xed, 0xa0, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0x80],
  ])('invalid UTF-8: %j', (...bytes) => {
    const line = Buffer.concat([bytesOf(base.slice(0, -2)), Buffer.from(bytes), bytesOf('"}')])
    expect(scanLines(trained, paths.length, [line])).toEqual(['doubt'])
  })

  test('valid UTF-8 is not', () => {
    const line = bytesOf(base.replace('bob', 'bób 日本 😀'))
    expect(scanLines(trained, paths.length, [line])[0]).toContain('"bób 日本 😀"')
  })
})

describe('whatever is done to a line', () => {
  const some = [bytesOf(base), lines[0]!, lines[150]!].filter((line) => line.length < 3000)

  test.each(some.map((line, i) => [i, line] as const))(
    'every byte changed, dropped, doubled; cut everywhere (line %i)',
    (_i, line) => {
      const changed: Buffer[] = []
      for (let at = 0; at < line.length; at++) {
        for (const byte of [0x00, 0x20, 0x22, 0x2c, 0x5c, 0x7b, 0x7d, 0x30, 0x61, 0xff]) {
          const copy = Buffer.from(line)
          copy[at] = byte
          changed.push(copy)
        }
        const flipped = Buffer.from(line)
        flipped[at]! ^= 1 << (at % 8)
        if (flipped[at] !== 0x0a) changed.push(flipped)
        changed.push(Buffer.concat([line.subarray(0, at), line.subarray(at + 1)]))
        changed.push(Buffer.concat([line.subarray(0, at + 1), line.subarray(at)]))
        changed.push(Buffer.from(line.subarray(0, at)))
      }
      // Most changes of a text leave an event, and many are made in texts.
      expect(vouched(trained, changed) / changed.length).toBeGreaterThan(0.2)
    },
  )

  test('mutations of generated events, by a scanner that has seen events and by a new one', () => {
    const cases = fc.array(fc.oneof(mutated, spelt.map(bytesOf)), { minLength: 1, maxLength: 20 })
    let sure = 0
    fc.assert(
      fc.property(cases, (texts) => {
        const some = texts.filter((text) => !text.includes(0x0a)).map((text) => Buffer.from(text))
        for (const scanner of [trained, newScanner()]) {
          sure += vouched(scanner, some)
        }
      }),
      { numRuns: 300 },
    )
    expect(sure).toBeGreaterThan(100)
  })

  test('mutations of recorded lines', () => {
    const scanner = newScanner()
    scanLines(scanner, paths.length, lines)
    let sure = 0
    const splice = fc.tuple(
      fc.nat({ max: lines.length - 1 }),
      fc.noBias(fc.nat({ max: 1_000_000 })),
      fc.nat({ max: 3 }),
      fc.oneof(
        fc.constantFrom(
          '',
          'a',
          'b',
          '\\n',
          '\\u00e9',
          '"',
          '\\',
          '{}',
          '[]',
          ',',
          '"a":1,',
          '}',
          ']',
          '\\u0041',
          '😀',
          '\t',
        ),
        fc.string({ maxLength: 6 }),
      ),
    )
    fc.assert(
      fc.property(fc.array(splice, { minLength: 1, maxLength: 20 }), (splices) => {
        const changed = splices.map(([index, where, drop, insert]) => {
          const line = lines[index]!
          const at = where % line.length
          const after = line.subarray(Math.min(at + drop, line.length))
          return Buffer.concat([line.subarray(0, at), bytesOf(insert.replace('\n', ' ')), after])
        })
        sure += vouched(scanner, changed)
      }),
      { numRuns: 500 },
    )
    expect(sure).toBeGreaterThan(500)
  })
})

describe('more shapes than fit', () => {
  const odd = (i: number): Buffer =>
    bytesOf(
      base.replace(
        '"annotations":{',
        `"o${i % 7}":{"k${i}":{"x${i * 7}":${i}},"l":[{"m${i}":"v"}]},"annotations":{`,
      ),
    )

  test('objects with ever new names are checked without learning them', () => {
    const scanner = newScanner()
    const many = Array.from({ length: 30_000 }, (_, i) => odd(i))
    const readings = scanLines(scanner, paths.length, many)
    expect(readings.filter((reading) => reading === 'doubt').length).toBeLessThan(10)
    readings.forEach((reading, i) => {
      if (i % 100 === 0) check(many[i]!, reading)
    })
  })

  test('a name twice is noticed in them too', () => {
    const scanner = newScanner()
    scanLines(
      scanner,
      paths.length,
      Array.from({ length: 5000 }, (_, i) => odd(i)),
    )
    const twice = bytesOf(
      base.replace('"annotations":{', '"o1":{"k":{"z":1,"y":{},"z":2}},"annotations":{'),
    )
    const spelled = bytesOf(
      base.replace('"annotations":{', '"o1":{"k":{"z":1,"\\u007a":2}},"annotations":{'),
    )
    expect(scanLines(scanner, paths.length, [twice, spelled])).toEqual(['doubt', 'doubt'])
  })

  test('members of the event with ever new names make it start afresh, and change nothing', () => {
    const scanner = newScanner()
    const many = Array.from({ length: 60_000 }, (_, i) =>
      bytesOf(base.replace('"verb"', `"n${i}":1,"p${i % 1000}":[${i}],"verb"`)),
    )
    const readings = scanLines(scanner, paths.length, many)
    readings.forEach((reading, i) => {
      if (i % 500 === 0) check(many[i]!, reading)
    })
    const again = scanLines(scanner, paths.length, lines)
    expect(again.filter((reading) => reading === 'doubt')).toEqual([])
  })
})
