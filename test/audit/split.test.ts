import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { notAnEvent } from '../../src/audit/kind.ts'
import { MALFORMED, prove } from '../../src/audit/prove.ts'
import { EventSplitter } from '../../src/audit/split.ts'
import { A, B, C, list, pretty, whole } from './splitting.ts'

const cut = 'it ends too early and looks truncated'
const more = 'there is more text after the JSON value'

describe('forms of input', () => {
  test.each<[note: string, text: string, want: string[]]>([
    ['nothing', '', []],
    ['blank lines', '\n\r\n  \n\n', []],
    ['JSON lines', `${A}\n${B}\n${C}\n`, ['1 A', '2 B', '3 C']],
    ['without the last line end', `${A}\n${B}`, ['1 A', '2 B']],
    ['CRLF, blanks, blank lines', `\r\n${A}\r\n\r\n  ${B}  \r\n`, ['2 A', '4 B']],
    ['a byte-order mark first', `\xef\xbb\xbf${A}\n${B}\n`, ['1 A', '2 B']],
    ['one event', A, ['1 A']],
    ['an EventList on a line', list(A, B), ['1 A', '1 B']],
    ['an empty EventList', `${list()}\n${A}`, ['2 A']],
    ['an EventList on each line', `${list(A)}\n${list(B, C)}\n`, ['1 A', '2 B', '2 C']],
    ['an array on each line', `[${A}, ${B}]\n[]\n[${C}]\n`, ['1 A', '1 B', '3 C']],
    [
      'all mixed',
      `${A}\n[${B}]\n${list(C)}\n${pretty(A)}\n${A}\n`,
      ['1 A', '2 B', '3 C', '4 a', '9 A'],
    ],
    ['items before kind', `{"items":[${A}],"kind":"EventList"}`, ['1 A']],
    ['a list without a kind', `{"metadata":{"items":[1]},"items":[${A}]}`, ['1 A']],
    [
      'a list of something else',
      '{"kind":"PodList","items":[{}]}',
      ['1 {"kind":"PodList","items":[{}]}'],
    ],
    ['items that are no array', '{"items":{"a":[{}]}}', ['1 {"items":{"a":[{}]}}']],
    ['what is no object in a list', `[1, null, "a", ${A}]`, ['1 1', '1 null', '1 "a"', '1 A']],
    ['a pretty-printed event', `\n${pretty(A)}\n`, ['2 a']],
    [
      'pretty-printed ones after each other',
      `${pretty(A)}\n${pretty(B)}\n\n${pretty(A)}`,
      ['1 a', '6 b', '21 a'],
    ],
    ['an array over lines', `[\n${A},\n${B},\n${C}\n]\n`, ['2 A', '3 B', '4 C']],
    ['commas first', `[ ${A}\n, ${B}\n]`, ['1 A', '2 B']],
    [
      'a list over lines, kind last',
      `{\n"items": [\n${A},\n${B}\n],\n"kind":\n"EventList"\n}\n${C}`,
      ['3 A', '4 B', '9 C'],
    ],
  ])('%s', (_note, text, want) => {
    expect(whole(text)).toEqual(want)
  })

  test('a pretty-printed EventList: lines are those of the file', () => {
    const found = whole(pretty(list(A, B)).replaceAll('\n', '\r\n'))
    expect(found.map((text) => text.replaceAll(/\s+/g, ''))).toEqual([`6${A}`, `11${B}`])
  })
})

describe('what is no event', () => {
  test.each<[note: string, text: string, want: string[]]>([
    [
      'two objects on a line',
      `${A}\n${C}${C}\n${B}`,
      ['1 A', '2+7 there is more text after the JSON object', '3 B'],
    ],
    ['two lists on a line', `[${A}][${B}]\n${C}`, [`1+${A.length + 2} ${more}`, '2 C']],
    [
      'text after an object',
      `{"a":1} x\n${A}`,
      ['1+8 there is more text after the JSON object', '2 A'],
    ],
    ['text after a list', `[${A}] x\n${A}`, [`1+${A.length + 3} ${more}`, '2 A']],
    [
      'no JSON',
      `hello\n${A}\n# x\n`,
      ['1+0 it is not a JSON object', '2 A', '3+0 it is not a JSON object'],
    ],
    [
      'a byte-order mark inside',
      `${A}\n\xef\xbb\xbf${B}\n`,
      ['1 A', '2+0 there is a byte-order mark where none may be'],
    ],
    ['NUL bytes', `${A}\n\0\0\0\0\n${B}\n`, ['1 A', '2+0 there is a NUL byte', '3 B']],
    ['cut inside a string', `{"a":"x\n${A}\n`, [`1+7 ${cut}`, '2 A']],
    ['cut after a name', `{"a":\n${B}\n${A}\n`, [`1+${B.length + 7} ${cut}`, '2 B', '3 A']],
    ['cut after a comma', `{"a":1,\n${A}\n`, [`1+8 ${cut}`, '2 A']],
    [
      'cut, and then no JSON',
      `{"a":1,\nhello\n${A}`,
      ['1+8 a line does not continue the one before it', '2+0 it is not a JSON object', '3 A'],
    ],
    [
      'cut inside an array',
      `{"a":["b",\n${A}\n${B}\n`,
      [`1+${12 + A.length} ${cut}`, '2 A', '3 B'],
    ],
    [
      'cut inside an array, one more line',
      `{"a":["b",\n${A}`,
      [`1+${11 + A.length} ${cut}`, '2 A'],
    ],
    [
      'cut inside an array twice',
      `{"a":["b",\n{"c":[\n${C}\n${B}\n`,
      [`1+26 ${cut}`, `2+15 ${cut}`, '3 C', '4 B'],
    ],
    ['the last line cut', `${A}\n{"kind":"Ev`, ['1 A', `2+11 ${cut}`]],
    ['the last line cut between tokens', `${A}\n{"kind":`, ['1 A', `2+8 ${cut}`]],
    ['a list cut', `[${A},${B},{"a":`, ['1 A', '1 B', `1+5 ${cut}`]],
    ['a list cut between items', `[${A},`, ['1 A', `1+0 ${cut}`]],
    ['a list over lines, cut', `[\n${A},\n{"a":`, ['2 A', `3+5 ${cut}`]],
    [
      'a list that breaks',
      `[\n${A},\n${B} x\n]\n${A}\n`,
      ['2 A', '3 B', '3+0 it is not valid JSON', '5 A'],
    ],
    [
      'items twice',
      `{"items":[${A}],"items":[${B}]}\n${C}`,
      [`1+${A.length + 19} the list has the member \`items\` twice`, '2 C'],
    ],
    [
      'items twice over lines',
      `{\n"items":[],\n"items":[${B}]\n}\n${C}`,
      ['3+0 the list has the member `items` twice', '5 C'],
    ],
    [
      'a comma missing over lines',
      `{\n  "a": 1\n  "b": 2\n}\n${A}`,
      ['1+13 a line does not continue the one before it', '5 A'],
    ],
    ['the wrong bracket', `{"a":[1}\n${A}`, ['1+7 a comma or a closing bracket is missing', '2 A']],
    [
      'the wrong bracket over lines',
      `{\n"a":[1\n}\n}\n${A}`,
      ['1+9 a line does not continue the one before it', '5 A'],
    ],
    [
      'events run into each other',
      `${pretty(A)}${pretty(B)}\n${A}`,
      [`1+${pretty(A).length} ${more}`, '19 A'],
    ],
  ])('%s', (_note, text, want) => {
    expect(whole(text)).toEqual(want)
  })

  test('nesting beyond all bounds', () => {
    expect(whole(`${'['.repeat(100_000)}\n${A}`)).toEqual([
      '1+65536 TOO_DEEP: it is nested deeper than 65536 levels',
      '2 A',
    ])
  })

  test('inputs of nothing but cut lines take no longer than others', () => {
    for (const line of ['{"a":[1,\n', '[\n', '{"a":\n', '{\n']) {
      const started = performance.now()
      expect(whole(line.repeat(200_000)).length).toBeGreaterThan(0)
      expect(performance.now() - started).toBeLessThan(10_000)
    }
  })
})

describe('limits', () => {
  const long = '{"kind":"Event","apiVersion":"audit.k8s.io/v1","a":"aaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'
  const tooLong = (line: number): string => `${line}+70 LINE_TOO_LONG: it is longer than 70 bytes`

  test.each<[note: string, text: string, want: string[]]>([
    ['a line', `${A}\n${long}\n${B}\n`, ['1 A', tooLong(2), '3 B']],
    ['the last line', `${A}\n${long}`, ['1 A', tooLong(2)]],
    ['a line of other text', `${'x'.repeat(100)}\n${A}\n`, [tooLong(1), '2 A']],
    ['an element', `[${C},${long},${B}]\n${A}`, ['1 C', tooLong(1), '1 B', '2 A']],
    [
      'an element over lines',
      `[\n${C},\n${pretty(long)},\n${C}]\n${A}`,
      ['2 C', tooLong(3), '8 C', '9 A'],
    ],
    [
      'a list whose elements are not',
      `{"items":[${A},${B},${A},${B}]}\n${A}`,
      ['1 A', '1 B', '1 A', '1 B', '2 A'],
    ],
    ['a pretty-printed event', `${pretty(long)}\n${A}`, [tooLong(1), '6 A']],
    [
      'what comes before the items',
      `{"metadata":"${'x'.repeat(80)}","items":[${A}]}\n${A}`,
      [tooLong(1), '2 A'],
    ],
    [
      'what comes after the items',
      `{"items":[${A}],"metadata":"${'x'.repeat(80)}"}\n${A}`,
      ['1 A', tooLong(1), '2 A'],
    ],
    ['a line of white space', `${' '.repeat(100)}\n${A}\n`, [tooLong(1), '2 A']],
  ])('%s', (_note, text, want) => {
    expect(whole(text, 70)).toEqual(want)
  })

  test('a line of 100 MB is not held, and costs only itself', () => {
    const found: string[] = []
    const splitter = new EventSplitter(
      {
        event: (_bytes, start, end, line) => found.push(`${line} event of ${end - start}`),
        malformed: ({ code, line }) => found.push(`${line} ${code}`),
      },
      { file: 'audit.log' },
    )
    const filler = Buffer.alloc(1 << 20, 'x')
    splitter.push(Buffer.from(`${A}\n{"kind":"Event","x":"`))
    let most = 0
    for (let i = 0; i < 100; i++) {
      splitter.push(filler)
      most = Math.max(most, process.memoryUsage().arrayBuffers)
    }
    splitter.push(Buffer.from(`"}\n${A}\n`))
    splitter.end()
    expect(found).toEqual([`1 event of ${A.length}`, '2 LINE_TOO_LONG', `3 event of ${A.length}`])
    expect(most).toBeLessThan(80e6)
  })
})

describe('what is no text is refused, once', () => {
  const noise = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * i * 31 + i * 7) % 256))
  test.each<[note: string, bytes: Buffer, reason: string]>([
    ['UTF-16 with a mark', Buffer.from(`\ufeff${A}\n`, 'utf16le'), 'it is UTF-16 text, not UTF-8'],
    [
      'UTF-16 without',
      Buffer.from(`${A}\n${A}\n`, 'utf16le'),
      'it is UTF-16 or UTF-32 text, or full of NUL bytes',
    ],
    ['NUL bytes', Buffer.alloc(10_000), 'it is UTF-16 or UTF-32 text, or full of NUL bytes'],
    ['binary data', noise, 'it is binary data, not text'],
    ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3]), 'it is compressed with zstd'],
    ['a zip archive', Buffer.from('PK\u0003\u0004abc'), 'it is a zip archive'],
  ])('%s', (_note, bytes, reason) => {
    for (const size of [bytes.length, 1000, 1]) {
      const found: unknown[] = []
      const splitter = new EventSplitter(
        { event: () => found.push('event'), malformed: (malformed) => found.push(malformed) },
        { file: 'x' },
      )
      for (let i = 0; i < bytes.length; i += size) splitter.push(bytes.subarray(i, i + size))
      splitter.end()
      expect(splitter.refused).toBe(true)
      const help = expect.any(String)
      expect(found).toEqual([{ file: 'x', code: 'NOT_TEXT', line: 1, offset: 0, reason, help }])
    }
  })

  test('an event comes out as soon as its line is complete', () => {
    const found: number[] = []
    const splitter = new EventSplitter(
      { event: (_bytes, _start, _end, line) => found.push(line), malformed() {} },
      { file: 'x' },
    )
    splitter.push(Buffer.from(`${A}\n`))
    expect(found).toEqual([1])
  })
})

describe('recorded logs', () => {
  const count = (file: string): string => {
    const counts = { events: 0, others: 0, malformed: 0 }
    const splitter = new EventSplitter(
      {
        event(bytes, start, end) {
          if (prove(bytes, start, end) >= MALFORMED) counts.malformed++
          else if (notAnEvent(bytes, start, end) === undefined) counts.events++
          else counts.others++
        },
        malformed: () => counts.malformed++,
      },
      { file },
    )
    splitter.push(readFileSync(file))
    splitter.end()
    return `${counts.events} events, ${counts.others} others, ${counts.malformed} malformed`
  }

  test('the recording', () => {
    const file = path.join(import.meta.dirname, '../recordings/cluster.jsonl')
    expect(count(file)).toBe('951 events, 0 others, 0 malformed')
  })

  const corpus = path.resolve(import.meta.dirname, '../../../shared/corpus')
  const absent = !existsSync(corpus)
  if (absent) process.stderr.write('skipped: the public test data (../shared/corpus) is not here\n')

  test.skipIf(absent)('the public test data', () => {
    const files = readdirSync(corpus)
      .filter((file) => /\.jsonl?$/.test(file))
      .sort()
    expect(files.map((file) => `${file}: ${count(path.join(corpus, file))}`)).toEqual([
      'audit-policy-checker-cases.json: 0 events, 69 others, 0 malformed',
      'audit-policy-validation-cases.json: 0 events, 10 others, 0 malformed',
      'audit2rbac-demo.jsonl: 37 events, 0 others, 0 malformed',
      'benign-minikube.jsonl: 2971 events, 0 others, 0 malformed',
      'falco-filter-eval-cases.json: 0 events, 276 others, 0 malformed',
      'falco-filter-list-cases.json: 0 events, 15 others, 0 malformed',
      'falco-filter-parser-cases.json: 0 events, 341 others, 0 malformed',
      // Three of its 54 lines are blank, and one holds two objects.
      'falco-traces.jsonl: 50 events, 0 others, 1 malformed',
      'provider-aks.jsonl: 23 events, 0 others, 0 malformed',
      'provider-gke.jsonl: 0 events, 0 others, 1 malformed',
    ])
  })
})
