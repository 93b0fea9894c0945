import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { event } from './events.ts'
import { A, B, bytesOf, C, pretty, split, whole } from './splitting.ts'

const text = (value: string): string => JSON.stringify(value)
const record = (log: string, category = 'kube-audit'): string =>
  `{"category":"${category}","operationName":"o","properties":{"log":${log},"pod":"p"}}`
const logEvent = (message: string): string => `{"id":"3","timestamp":1,"message":${text(message)}}`
const subscription = (...messages: string[]): string =>
  `{"messageType":"DATA_MESSAGE","logEvents":[${messages.map(logEvent).join(',')}]}`
const stamped = (line: string): string => `2026-11-24T10:00:00.123Z ${line}`

describe('Azure diagnostic records', () => {
  test.each<[note: string, text: string, want: string[]]>([
    ['a text', `${record(text(A))}\n${record(text(`${B}\n`))}\n`, ['1 A', '2 B']],
    ['an object', `${record(A)}\n${record(B)}`, ['1 A', '2 B']],
    ['between events', `${A}\n${record(B)}\n${C}\n`, ['1 A', '2 B', '3 C']],
    ['in `records`', `{"records":[${record(text(A))},${record(B)}]}\n${C}`, ['1 A', '1 B', '2 C']],
    ['in an array', `[\n${record(text(A))},\n${record(B)}\n]`, ['2 A', '3 B']],
    ['printed over lines, a text', pretty(record(text(A))), ['5 A']],
    [
      'printed over lines, an object',
      JSON.stringify({ category: 'kube-audit', properties: { log: JSON.parse(C) } }, null, 1),
      ['4 {\n   "c": 3\n  }'],
    ],
    ['kube-audit-admin', record(text(A), 'kube-audit-admin'), ['1 A']],
    ['without a category', `{"properties":{"log":${A}}}`, ['1 A']],
    ['another category', record('"I0508 x"', 'guard'), ['another log: guard']],
    ['a name that no category has', record('"x"', '<b>'), ['another log: another category']],
    ['an event that is cut off', record(text(A.slice(0, 20))), [`1 ${A.slice(0, 20)}`]],
    [
      'half a surrogate pair in the text',
      record('"{\\"c\\":\\"\\ud800\\"}"'),
      ['1 {"c":"\xef\xbf\xbd"}'],
    ],
    ['escapes of escapes', record(text('{"c":"\\u00e9\\n"}')), ['1 {"c":"\\u00e9\\n"}']],
  ])('%s', (_note, input, want) => {
    expect(whole(input)).toEqual(want)
  })

  test.each([
    ['without a log', '{"category":"kube-audit","properties":{"message":"x"}}'],
    ['a log that is a number', record('1')],
    ['two logs', `{"properties":{"log":${A},"log":${B}}}`],
    ['two properties', `{"properties":{"log":${A}},"properties":{"log":${B}}}`],
    ['a log elsewhere', `{"properties":{"a":{"log":${A}}},"b":{"log":${A}}}`],
  ])('%s: nothing is taken out of it', (_note, input) => {
    expect(whole(input)).toEqual([`1 ${input}`])
  })

  test('an event that has such members is itself the event', () => {
    const odd = `{"auditID":"a","stage":"b","message":"{}","timestamp":1,"properties":{"log":${C}}}`
    expect(whole(odd)).toEqual([`1 ${odd}`])
    const kind = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","properties":{"log":${C}}}`
    expect(whole(kind)).toEqual([`1 ${kind}`])
  })

  test('a record that is no JSON is no record', () => {
    const cut = record(A).slice(0, -1)
    expect(whole(`${cut}\n${A}\n`)).toEqual([
      `1+${cut.length + 1} it ends too early and looks truncated`,
      '2 A',
    ])
    const twice = `{"properties":{"log":${A}}} x`
    expect(whole(`${twice}\n${B}`)[0]).toMatch(/there is more text after the JSON object/)
  })
})

describe('CloudWatch', () => {
  test.each<[note: string, text: string, want: string[]]>([
    ['exported lines', `${stamped(A)}\r\n${stamped(B)}\n${stamped(C)}`, ['1 A', '2 B', '3 C']],
    ['an offset for a zone', `2026-11-24T10:00:00+01:00 ${A}`, ['1 A']],
    ['a tab, blanks', `2026-11-24T10:00:00Z \t ${A} `, ['1 A']],
    ['a list behind a time', stamped(`[${A},${B}]`), ['1 A', '1 B']],
    ['a record behind a time', stamped(record(text(A))), ['1 A']],
    [
      'a message to a subscriber',
      `${subscription(A, B)}\n${subscription(C)}\n`,
      ['1 A', '1 B', '2 C'],
    ],
    ['as Firehose joins them', `${subscription(A)}${subscription(B, C)}`, ['1 A', '1 B', '1 C']],
    [
      'joined, and an event after them',
      `${subscription(A)} ${subscription(B)}\n${C}`,
      ['1 A', '1 B', '2 C'],
    ],
    [
      'joined over lines',
      `${subscription(A)}${subscription(B).replace('[', '[\n')}${subscription(C)}`,
      ['1 A', '2 B', '2 C'],
    ],
    [
      'a message that checks the destination, one that is text',
      subscription('CWL CONTROL MESSAGE: Checking', ' I05', A),
      [...Array<string>(2).fill('another log: messages that are not JSON'), '1 A'],
    ],
    [
      'an answer of the API',
      `{"events":[${logEvent(A)},${logEvent(`\n ${B}`)}],"searchedLogStreams":[]}`,
      ['1 A', '1 B'],
    ],
    ['one log event', logEvent(A), ['1 A']],
  ])('%s', (_note, input, want) => {
    expect(whole(input)).toEqual(want)
  })

  test.each<[note: string, text: string, want: string[]]>([
    [
      'a line that is cut off costs no other',
      `${stamped('{"a":')}\n${stamped(A)}\n${stamped('{"a":"')}\n${stamped(B)}\n${stamped('{"a":[1')}`,
      [
        '1+5 it ends too early and looks truncated',
        '2 A',
        '3+6 it ends too early and looks truncated',
        '4 B',
        '5+7 it ends too early and looks truncated',
      ],
    ],
    ['a time without JSON', `${stamped('hello')}\n${A}`, ['1+0 it is not a JSON object', '2 A']],
    ['no space', `2026-11-24T10:00:00Z${A}`, ['1+0 it is not a JSON object']],
    ['no fraction', `2026-11-24T10:00:00.Z ${A}`, ['1+0 it is not a JSON object']],
    ['no zone', `2026-11-24T10:00:00 ${A}`, ['1+0 it is not a JSON object']],
    ['two on a line', stamped(`${C}${C}`), ['1+7 there is more text after the JSON object']],
    [
      'joined to something that is cut off',
      `${subscription(A)}{"logEvents":[\n`,
      ['1 A', '2+0 it ends too early and looks truncated'],
    ],
    [
      'joined to no JSON',
      `${subscription(A)}{x\n${B}`,
      ['1 A', '1+1 the name of a member is missing', '2 B'],
    ],
    [
      'two lists in one',
      `{"logEvents":[${logEvent(A)}],"records":[]}`,
      [`1+${logEvent(A).length + 25} the list has the members \`logEvents\` and \`records\``],
    ],
  ])('%s', (_note, input, want) => {
    expect(whole(input)).toEqual(want)
  })
})

describe('Google Cloud log entries', () => {
  const entry = '{"insertId":"a","logName":"b","protoPayload":{"@type":"c"}}'
  const refusal =
    "NOT_AN_EVENT: this is a Google Cloud log entry, not an audit event; the file's other entries are passed over"

  test('are refused once for a file, and cost no event', () => {
    expect(whole(`${A}\n${entry}\n${entry}\n${B}\n[${entry},\n${C}]`)).toEqual([
      '1 A',
      `2+0 ${refusal}`,
      '4 B',
      '6 C',
    ])
    expect(whole(`[\n${pretty(entry)},\n${entry}\n]`)).toEqual([`2+0 ${refusal}`])
  })

  test('once for each of two files', () => {
    for (let file = 0; file < 2; file++) expect(whole(entry)).toEqual([`1+0 ${refusal}`])
  })
})

describe('events in records', () => {
  const compact = event.map((members) => JSON.stringify(members))
  const cutOff = (line: string): string => stamped(line.slice(0, 9))
  const wrap: fc.Arbitrary<(line: string) => string> = fc.constantFrom(
    (line) => line,
    (line) => record(text(`${line}\n`)),
    (line) => record(line),
    (line) => stamped(line),
    (line) => subscription(line),
    (line) => `{"records":[${record(text(line))}]}`,
    (line) => logEvent(line),
    cutOff,
  )
  test('all come out as they were written, on their lines, and in order', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(compact, wrap), { maxLength: 8 }), (rows) => {
        const input = Buffer.from(rows.map(([line, as]) => as(line)).join('\n'))
        const wanted = rows.flatMap(([line, as], i) =>
          as === cutOff ? [] : [`${i + 1} ${Buffer.from(line).toString('latin1')}`],
        )
        for (const lines of [false, true]) {
          const found = split([input], { lines })
          expect(found.filter((entry) => !/^\d+\+/.test(entry))).toEqual(wanted)
          expect(found.length).toBe(rows.length)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('a line that long is read without holding it whole', () => {
    const one = subscription(...Array<string>(20).fill(A))
    const input = bytesOf(one.repeat(2000))
    const chunks = Array.from({ length: Math.ceil(input.length / 65_536) }, (_, i) =>
      input.subarray(i * 65_536, (i + 1) * 65_536),
    )
    expect(split(chunks, { bytesMax: 4096 })).toEqual(Array<string>(40_000).fill('1 A'))
  })
})
