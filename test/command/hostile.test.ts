import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { cli, type CliResult, eventLine, folder } from '../support/cli.ts'

const exec = eventLine()
const MiB = 1024 * 1024

/** Events counted, findings, and the codes of what could not be judged. */
async function outcome(
  stdin: string | Uint8Array,
  ...args: string[]
): Promise<{ code: number; events: number; rules: string[]; codes: Record<string, number> }> {
  const result = await cli(['scan', '-', '-f', 'jsonl', '--summary', ...args], { stdin })
  const lines = result.json()
  const summary = lines.at(-1)!['summary'] as { events: number; malformed: number }
  const codes: Record<string, number> = {}
  for (const { code } of complaints(result)) codes[code] = (codes[code] ?? 0) + 1
  return {
    code: result.code,
    events: summary.events,
    rules: lines.slice(0, -1).map((line) => String(line['rule'])),
    codes,
  }
}

function complaints(result: CliResult): { code: string; line?: number }[] {
  return result.stderr
    .split('\n')
    .filter((line) => line.startsWith('{"error"'))
    .map((line) => (JSON.parse(line) as { error: { code: string; line?: number } }).error)
}

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
const withField = (json: string): string => `${exec.slice(0, -1)},"requestObject":${json}}`

describe('what is not an event is said, counted, and hides nothing', () => {
  test.each<[string, string | Uint8Array, Record<string, number>]>([
    ['a truncated line', exec.slice(0, 200), { MALFORMED_LINE: 1 }],
    ['two objects on a line', `${exec}${exec}`, { MALFORMED_LINE: 1 }],
    ['text behind the object', `${exec} x`, { MALFORMED_LINE: 1 }],
    ['a byte-order mark inside', `\n\uFEFF${exec}`, { MALFORMED_LINE: 1 }],
    ['a raw control character', exec.replace('alice', 'al\u0001ice'), { MALFORMED_LINE: 1 }],
    ['a NUL byte', exec.replace('alice', 'al\u0000ice'), { MALFORMED_LINE: 1 }],
    ['a number with a leading zero', withField('0403'), { MALFORMED_LINE: 1 }],
    ['a number', '17', { MALFORMED_LINE: 1 }],
    ['null', 'null', { MALFORMED_LINE: 1 }],
    ['nested too deep', withField(nested(5_000)), { TOO_DEEP: 1 }],
    ['nested beyond any stack', withField('['.repeat(1_000_000)), { TOO_DEEP: 1 }],
    ['another kind of object', '{"kind":"Pod","apiVersion":"v1"}', { NOT_AN_EVENT: 1 }],
    [
      'binary data',
      Buffer.from(Array.from({ length: 4_096 }, (_, i) => (i * 7) % 31)),
      { NOT_TEXT: 1 },
    ],
    ['UTF-16', Buffer.from(exec, 'utf16le'), { NOT_TEXT: 1 }],
  ])('%s', async (_note, input, codes) => {
    expect(await outcome(input)).toMatchObject({ code: 2, rules: [], codes })
  })

  test('lines around a broken one are judged', async () => {
    const other = eventLine({ auditID: 'b' })
    const stdin = [exec, '{"kind":"Event",', '', other].join('\n')
    const result = await cli(['scan', '-', '-f', 'jsonl'], { stdin })
    expect(result.json().map((finding) => finding['line'])).toEqual([1, 4])
    expect(complaints(result).map(({ line }) => line)).toEqual([2])
  })
})

describe('what is unusual but an event is judged', () => {
  test.each<[string, string]>([
    ['a byte-order mark at the start', `\uFEFF${exec}`],
    ['CRLF and blank lines', `\r\n${exec}\r\n\r\n`],
    ['a lone surrogate', exec.replace('kubectl', '\\ud800kubectl')],
    ['spaces inside', JSON.stringify(JSON.parse(exec), undefined, 2)],
    ['a list', JSON.stringify({ kind: 'EventList', items: [JSON.parse(exec)] })],
    ['an array', JSON.stringify([JSON.parse(exec)])],
    ['v1beta1', exec.replace('audit.k8s.io/v1', 'audit.k8s.io/v1beta1')],
    ['no apiVersion', exec.replace('"apiVersion":"audit.k8s.io/v1",', '')],
    ['an infinite number', withField('1e999')],
    ['as deep as allowed', withField(nested(254))],
  ])('%s', async (_note, input) => {
    expect(await outcome(input)).toEqual({ code: 0, events: 1, rules: ['pod-exec'], codes: {} })
  })

  test('invalid UTF-8', async () => {
    const bytes = Buffer.from(exec.replace('kubectl', 'kube?ctl'))
    bytes[bytes.indexOf('?ctl')] = 0xff
    expect(await outcome(bytes)).toMatchObject({ code: 0, rules: ['pod-exec'], codes: {} })
  })

  test('a name twice is judged by the last value, and said', async () => {
    const twice = `${exec.slice(0, -1)},"verb":"delete"}`
    expect(await outcome(twice)).toMatchObject({ code: 2, events: 1, codes: { DUPLICATE_KEYS: 1 } })
    const thrice = `{"verb":"delete","\\u0076erb":"delete",${exec.slice(1)}`
    expect(await outcome(thrice)).toMatchObject({
      rules: ['pod-exec'],
      codes: { DUPLICATE_KEYS: 1 },
    })
  })
})

describe('size', () => {
  test('a line of 100 MB is skipped, the next one judged', async () => {
    const long = Buffer.concat([
      Buffer.from(`${exec.slice(0, -1)},"x":"`),
      Buffer.alloc(100 * MiB, 'a'),
      Buffer.from(`"}\n${exec}\n`),
    ])
    expect(await outcome(long)).toMatchObject({
      code: 2,
      rules: ['pod-exec'],
      codes: { LINE_TOO_LONG: 1 },
    })
  })

  test('an event that does not fit into the policy’s memory is incomplete, not clean', async () => {
    const large = withField(`[${'1,'.repeat(4 * MiB)}1]`)
    expect(await outcome(large, '--max-memory', '64')).toMatchObject({
      code: 2,
      rules: [],
      codes: { EVENT_TOO_LARGE: 1 },
    })
    expect(await outcome(`${large}\n${exec}`, '--max-memory', '64')).toMatchObject({
      rules: ['pod-exec'],
    })
  })

  test('a large event that fits is judged', async () => {
    const large = withField(`["${'a'.repeat(8 * MiB)}"]`)
    expect(await outcome(large)).toMatchObject({ code: 0, rules: ['pod-exec'], codes: {} })
  })
})

describe('files', () => {
  test('a missing path, an empty folder, a folder without logs', async () => {
    const made = folder({})
    mkdirSync(path.join(made, 'empty'))
    for (const name of ['missing.log', 'empty', 'none-*.log']) {
      const { code, stderr, stdout } = await cli(['scan', name], { cwd: made })
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toContain(name)
    }
  })

  test('an empty log is answered, and said to be empty', async () => {
    const made = folder({ 'a.log': '' })
    const { code, stdout, stderr } = await cli(['scan', 'a.log'], { cwd: made })
    expect(stderr).toContain('a.log: there are no events in it')
    expect(stdout).toContain('No findings')
    expect(code).toBe(0)
  })

  test('a truncated gzip keeps what came before, and the other files', async () => {
    const packed = gzipSync(`${exec}\n`.repeat(5_000))
    const made = folder({ 'a.log.gz': packed.subarray(0, packed.length - 20), 'b.log': exec })
    const result = await cli(['scan', 'a.log.gz', 'b.log', '-f', 'jsonl', '--every-stage'], {
      cwd: made,
    })
    expect(complaints(result).map(({ code }) => code)).toContain('GZIP_TRUNCATED')
    const files = new Set(result.json().map((finding) => finding['file']))
    expect([...files]).toEqual(['a.log.gz', 'b.log'])
    expect(result.code).toBe(2)
  })
})

test.each([[['scan']], [['scan', '-']]])('%j does not wait for a terminal', async (args) => {
  const { code, stderr } = await cli(args, { tty: true })
  expect(stderr).toContain('there is no audit log to scan')
  expect(code).toBe(2)
})

test('without an input a pipe is read', async () => {
  expect((await cli(['scan'], { stdin: exec })).stdout).toContain('pod-exec')
})
