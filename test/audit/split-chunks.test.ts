import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MALFORMED, prove } from '../../src/audit/prove.ts'
import { event, mutated, spelt } from './events.ts'
import { bytesOf, list, split } from './splitting.ts'

/** Characters that stand for a byte each. */
const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')
const utf8 = (text: string): string => latin1(Buffer.from(text))

/** One event, on one line or on many. */
const document: fc.Arbitrary<string> = spelt.map(utf8)
const compact: fc.Arbitrary<string> = event.map((members) => utf8(JSON.stringify(members)))
const separator = fc.constantFrom(',', ', ', ',\n', '\n,', ',\r\n  ')

/** Several events as a list, spelt in some way. */
const lists: fc.Arbitrary<string> = fc
  .tuple(fc.array(document, { maxLength: 4 }), separator, fc.nat(3))
  .map(([items, between, form]) => {
    const inside = items.join(between)
    return [
      `[${inside}]`,
      list(inside),
      `[\n${inside}\n]`,
      `{"items": [${inside}\n],\n"kind":"EventList"}`,
    ][form]!
  })

/** Events inside of what providers wrap around them. */
const wrapped: fc.Arbitrary<string> = fc
  .tuple(fc.array(compact, { minLength: 1, maxLength: 3 }), fc.nat(8))
  .map(([events, form]) => {
    const text = (event: string): string => JSON.stringify(`${event}\n`)
    const record = (log: string): string => `{"category":"kube-audit","properties":{"log":${log}}}`
    const message = (event: string): string => `{"id":"1","timestamp":1,"message":${text(event)}}`
    const subscription = `{"messageType":"DATA_MESSAGE","logEvents":[${events.map(message)}]}`
    return [
      events.map((event) => record(text(event))).join('\n'),
      events.map(record).join('\r\n'),
      `{"records":[${events.map(record).join(',\n')}]}`,
      `{"records": [\n${events.map((event) => record(text(event))).join()}\n]}`,
      events.map((event) => `2026-11-24T10:00:00.123Z ${event}`).join('\n'),
      events.map((event) => `2026-11-24T10:00:00.123Z ${record(event)}`).join('\n'),
      subscription,
      subscription + subscription,
      `{"insertId":"a","protoPayload":{}}\n{"category":"guard","properties":{"log":"x"}}`,
    ][form]!
  })

const garbage: fc.Arbitrary<string> = fc.oneof(
  mutated.map(latin1),
  fc.constantFrom(
    '}',
    ']',
    '{',
    '[',
    '{"a":',
    '[1,',
    'x',
    '\0\0',
    '\xef\xbb\xbf',
    '"',
    '{}{}',
    '{"items":[',
    '{"logEvents":[]}{',
    '2026-11-24T10:00:00Z {"kind":',
    '2026-11-24T10:00:00Z {"a":"',
  ),
)

const input: fc.Arbitrary<Buffer> = fc
  .array(
    fc.tuple(
      fc.oneof(
        { weight: 3, arbitrary: document },
        { weight: 2, arbitrary: lists },
        { weight: 2, arbitrary: wrapped },
        garbage,
      ),
      fc.constantFrom('\n', '\n', '\r\n', '\n\n', '', ' '),
    ),
    { maxLength: 6 },
  )
  .map((parts) => bytesOf(parts.flat().join('')))

/** The bytes cut into pieces: at the given places, or all of one size. */
function cut(bytes: Buffer, places: readonly number[], size: number): Buffer[] {
  const ends = places.map((place) => Math.floor(place * bytes.length)).sort((a, b) => a - b)
  const pieces = [0, ...ends].map((start, i) => bytes.subarray(start, ends[i] ?? bytes.length))
  if (size === 0) return pieces
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  )
}

const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 })

describe('chunks', () => {
  test('any cut of any input gives the same events and complaints', () => {
    fc.assert(
      fc.property(
        input,
        places,
        fc.constantFrom(0, 1, 2, 7, 64),
        fc.constantFrom(undefined, 20, 100, 400),
        (bytes, where, size, bytesMax) => {
          const wanted = split([bytes], { bytesMax })
          expect(split(cut(bytes, where, size), { bytesMax })).toEqual(wanted)
          expect(split(cut(bytes, where, size), { bytesMax, lines: true })).toEqual(wanted)
        },
      ),
      { numRuns: 2000 },
    )
  })
})

describe('completeness', () => {
  test('every event of a sound input comes out, in order, on its line', () => {
    const parts = fc.array(
      fc.oneof(
        document.map((text) => [text]),
        fc.array(compact, { minLength: 1 }),
      ),
      {
        maxLength: 5,
      },
    )
    fc.assert(
      fc.property(parts, places, (groups, where) => {
        let text = ''
        const wanted: string[] = []
        for (const group of groups) {
          const array = group.length > 1
          const between = array ? ',\n' : ''
          text += array ? '[\n' : ''
          for (const [i, item] of group.entries()) {
            wanted.push(`${text.split('\n').length} ${item}`)
            text += i + 1 < group.length ? item + between : item
          }
          text += array ? '\n]\n' : '\n'
        }
        expect(split(cut(bytesOf(text), where, 0))).toEqual(wanted)
      }),
      { numRuns: 500 },
    )
  })

  test('lines that are cut off cost no other line, and none of them vanishes', () => {
    const line = fc.oneof(
      compact.map((text) => ({ text, sound: true })),
      fc
        .tuple(compact, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }))
        .map(([text, where]) => ({
          text: text.slice(0, Math.floor(where * text.length)),
          sound: false,
        })),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (rows) => {
        const found = split([bytesOf(rows.map((row) => row.text).join('\n'))])
        const proved = (text: string): boolean => prove(bytesOf(text), 0, text.length) < MALFORMED
        for (const [i, { text, sound }] of rows.entries()) {
          const here = found.filter((entry) => entry.split(/[ +]/)[0] === String(i + 1))
          const events = here.filter(
            (entry) => /^\d+ /.test(entry) && proved(entry.replace(/^\d+ /, '')),
          )
          expect(events).toEqual(sound ? [`${i + 1} ${text}`] : [])
          expect(here.length).toBe(text.length > 0 ? 1 : 0)
        }
      }),
      { numRuns: 1000 },
    )
  })
})
