import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Input, openInputs } from '../../../src/io/input/inputs.ts'
import { ParapetError } from '../../../src/text/error.ts'

let cwd: string
beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'parapet-inputs-'))
})
afterEach(() => rmSync(cwd, { recursive: true }))

/** Makes files; each holds its own name unless something else is given. */
function make(files: Record<string, Uint8Array | string> | readonly string[]): void {
  const entries = Array.isArray(files) ? files.map((name) => [name, name]) : Object.entries(files)
  for (const [name, content] of entries as [string, string][]) {
    const file = path.join(cwd, name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, content)
  }
}

async function* noInput(): AsyncGenerator<Uint8Array> {}

const open = (
  args: readonly string[],
  stdin: AsyncIterable<Uint8Array> = noInput(),
): ReturnType<typeof openInputs> => openInputs(args, { cwd, stdin })

const names = async (...args: string[]): Promise<string[]> =>
  (await open(args)).inputs.map((input) => input.name)

async function read(input: Input): Promise<string> {
  let text = ''
  for await (const chunk of input.chunks()) text += Buffer.from(chunk).toString('latin1')
  return text
}

const refusal = (args: readonly string[]): Promise<ParapetError> =>
  open(args).then(
    () => expect.unreachable(),
    (error: unknown) => {
      expect(error).toBeInstanceOf(ParapetError)
      return error as ParapetError
    },
  )

describe('order', () => {
  test('rotated logs in time order, the live one last', async () => {
    make([
      'logs/audit.log',
      'logs/audit-2026-11-24T10-00-00.000.log',
      'logs/audit-2026-11-24T02-43-01.936.log.gz',
      'logs/audit-2025-12-31T23-59-59.999.log',
    ])
    expect(await names('logs')).toEqual([
      'logs/audit-2025-12-31T23-59-59.999.log',
      'logs/audit-2026-11-24T02-43-01.936.log.gz',
      'logs/audit-2026-11-24T10-00-00.000.log',
      'logs/audit.log',
    ])
  })

  test('logrotate, by number and by date', async () => {
    make(['a/audit.log', 'a/audit.log.1', 'a/audit.log.2.gz', 'a/audit.log.10.gz'])
    make(['b/audit.log', 'b/audit.log-20261123', 'b/audit.log-20261122.gz'])
    expect(await names('a')).toEqual([
      'a/audit.log.10.gz',
      'a/audit.log.2.gz',
      'a/audit.log.1',
      'a/audit.log',
    ])
    expect(await names('b')).toEqual([
      'b/audit.log-20261122.gz',
      'b/audit.log-20261123',
      'b/audit.log',
    ])
  })

  test('other logs by name, each family together; arguments as given', async () => {
    make([
      'd/b.jsonl',
      'd/a.json',
      'd/audit.log',
      'd/audit-2026-11-24T10-00-00.log',
      'd/c.ndjson.gz',
      'z.txt',
    ])
    expect(await names('z.txt', 'd')).toEqual([
      'z.txt',
      'd/a.json',
      'd/audit-2026-11-24T10-00-00.log',
      'd/audit.log',
      'd/b.jsonl',
      'd/c.ndjson.gz',
    ])
  })

  test('globs, also over folders', async () => {
    make([
      'n2/audit.log',
      'n1/audit.log',
      'n1/audit-2026-11-24T10-00-00.log',
      'n1/deep/audit.log',
      'n1/.hidden.log',
      'n1/x.txt',
    ])
    const inFolders = ['n1/audit-2026-11-24T10-00-00.log', 'n1/audit.log', 'n2/audit.log']
    expect(await names('n*/*.log')).toEqual(inFolders)
    expect(await names('**/audit.log')).toEqual([
      'n1/audit.log',
      'n1/deep/audit.log',
      'n2/audit.log',
    ])
    expect(await names('./n1/*.{log,txt}')).toEqual([
      'n1/audit-2026-11-24T10-00-00.log',
      'n1/audit.log',
      'n1/x.txt',
    ])
    expect(await names(path.join(cwd, 'n2/*'))).toEqual([path.join(cwd, 'n2/audit.log')])
  })

  test('a name with wildcards that exists is that file', async () => {
    make(['audit[1].log', 'audit1.log'])
    expect(await names('audit[1].log')).toEqual(['audit[1].log'])
  })

  test('a file is read once, however often it is named', async () => {
    make(['logs/audit.log', 'logs/b.log'])
    symlinkSync('logs/b.log', path.join(cwd, 'link.log'))
    expect(await names('logs/b.log', 'logs', './logs/*.log', 'link.log', '-', '-')).toEqual([
      'logs/b.log',
      'logs/audit.log',
      '<stdin>',
    ])
  })
})

describe('what is passed over', () => {
  test('is said', async () => {
    make(['d/audit.log', 'd/notes.txt', 'd/.swp.log', 'd/old/audit.log'])
    make(['d/audit-2026-11-24T10-00-00.log', 'd/audit-2026-11-24T10-00-00.log.gz'])
    const { inputs, notices } = await open(['d'])
    expect(inputs.map((input) => input.name)).toEqual([
      'd/audit-2026-11-24T10-00-00.log',
      'd/audit.log',
    ])
    expect(notices).toEqual([
      'skipped d/audit-2026-11-24T10-00-00.log.gz: it is being packed from the file of that name without .gz',
      'skipped d/notes.txt: not a log by its name',
      'skipped d/old: a folder inside of the folder',
    ])
  })
})

describe('refused', () => {
  test.each<[note: string, argument: string, error: Record<string, string>]>([
    [
      'missing',
      'audit.lg',
      {
        code: 'INPUT_NOT_FOUND',
        message: 'there is no file or folder `audit.lg`',
        help: 'did you mean `audit.log`?',
      },
    ],
    [
      'missing, in a missing folder',
      'x/y',
      {
        code: 'INPUT_NOT_FOUND',
        message: 'there is no file or folder `x/y`',
        help: 'check the path',
      },
    ],
    ['below a file', 'audit.log/x', { code: 'INPUT_NOT_FOUND' }],
    [
      'a glob without matches',
      '*.gz',
      { code: 'INPUT_NOT_FOUND', message: 'no file matches `*.gz`' },
    ],
    [
      'an empty folder',
      'empty',
      { code: 'INPUT_FOLDER_EMPTY', message: 'the folder `empty` holds no logs' },
    ],
    ['a folder without logs', 'docs', { code: 'INPUT_FOLDER_EMPTY' }],
    [
      'a loop of links',
      'loop',
      { code: 'INPUT_UNREADABLE', message: 'the input cannot be read (ELOOP)' },
    ],
  ])('%s', async (_note, argument, error) => {
    make(['audit.log', 'docs/a.md'])
    mkdirSync(path.join(cwd, 'empty'))
    symlinkSync('loop', path.join(cwd, 'loop'))
    expect(await refusal([argument])).toMatchObject({
      file: argument,
      help: expect.any(String),
      ...error,
    })
  })

  test('a file without permission', { skip: process.getuid?.() === 0 }, async () => {
    make(['audit.log'])
    execFileSync('chmod', ['000', path.join(cwd, 'audit.log')])
    expect(await refusal(['audit.log'])).toMatchObject({
      code: 'INPUT_UNREADABLE',
      file: 'audit.log',
    })
  })

  test('every argument that cannot be read is named', async () => {
    make(['audit.log'])
    const { diagnostics } = await refusal(['one', 'audit.log', 'two'])
    expect(diagnostics.map((diagnostic) => diagnostic.file)).toEqual(['one', 'two'])
  })
})

describe('bytes', () => {
  const text = Array.from({ length: 60_000 }, (_, i) => `line ${i * i}\n`).join('')

  test('plain, empty, gzip by its bytes and not by its name', async () => {
    make({
      'plain.log': text,
      'empty.log': '',
      'packed.log.gz': gzipSync(text),
      'packed.log': gzipSync(text),
      'plain.gz': text,
      'short.log': 'x',
    })
    const { inputs } = await open([
      'plain.log',
      'empty.log',
      'packed.log.gz',
      'packed.log',
      'plain.gz',
      'short.log',
    ])
    const read1 = []
    for (const input of inputs) read1.push(await read(input))
    expect(read1).toEqual([text, '', text, text, text, 'x'])
    expect(inputs.map((input) => input.position)).toEqual(inputs.map((input) => input.size))
  })

  test('standard input, in chunks of any size, packed or not', async () => {
    for (const bytes of [Buffer.from(text), gzipSync(text)]) {
      for (const size of [1000, bytes.length]) {
        const { inputs } = await open(['-'], chunked(bytes, size))
        expect(await read(inputs[0]!)).toBe(text)
        expect(inputs[0]!.size).toBeUndefined()
        expect(inputs[0]!.position).toBe(bytes.length)
      }
    }
  })

  test('a pipe', async () => {
    const pipe = path.join(cwd, 'pipe')
    execFileSync('mkfifo', [pipe])
    const { inputs } = await open(['pipe'])
    expect(inputs[0]!.size).toBeUndefined()
    const writer = spawn('sh', ['-c', 'printf hello > pipe'], { cwd })
    const closed = once(writer, 'close')
    expect(await read(inputs[0]!)).toBe('hello')
    await closed
  })

  test('nothing is read before it is asked for, and a reader that stops closes the source', async () => {
    let asked = 0
    let closed = false
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          asked += 1
          yield Buffer.from('some text\n')
        }
      } finally {
        closed = true
      }
    }
    const { inputs } = await open(['-'], source())
    expect(asked).toBe(0)
    let taken = 0
    for await (const chunk of inputs[0]!.chunks()) {
      taken += chunk.length > 0 ? 1 : 0
      if (taken === 3) break
    }
    expect({ asked, closed }).toEqual({ asked: 3, closed: true })
  })
})

async function* chunked(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size)
}
