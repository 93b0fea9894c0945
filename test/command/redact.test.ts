import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { reporters } from '../../src/report/reporter.ts'
import { auditLogs } from '../support/logs.ts'
import { cli, type CliResult, eventLine, folder, recording, root } from '../support/cli.ts'

type Json = Record<string, unknown>

const secret = Buffer.from('opensesame').toString('base64')
const holding = eventLine({
  objectRef: { resource: 'secrets', namespace: 'shop', name: 'db' },
  requestObject: { kind: 'Secret', data: { password: secret } },
})
const clean = holding.replace(secret, 'UkVEQUNURUQ=')
const redact = (stdin: string | Uint8Array, ...args: string[]): Promise<CliResult> =>
  cli(['redact', '-', ...args], { stdin })

describe('every form that a scan reads becomes JSON lines', () => {
  const printed = JSON.stringify(JSON.parse(holding), undefined, 2)
  test.each<[string, string | Uint8Array, string]>([
    ['JSON lines', `${holding}\n${holding}\n`, `${clean}\n${clean}\n`],
    ['without a line feed at the end', holding, `${clean}\n`],
    ['CRLF, blank lines and a byte-order mark', `\uFEFF${holding}\r\n\r\n`, `${clean}\n`],
    [
      'an EventList',
      `{"kind":"EventList","items":[${holding},${holding}]}`,
      `${clean}\n${clean}\n`,
    ],
    ['an array over many lines', `[\n${printed},\n${printed}\n]`, `${clean}\n${clean}\n`],
    ['a printed event', printed, `${clean}\n`],
    ['gzip', gzipSync(holding), `${clean}\n`],
  ])('%s', async (_, input, wanted) => {
    const { code, stdout } = await redact(input)
    expect({ code, stdout }).toEqual({ code: 0, stdout: wanted })
  })

  test('invalid UTF-8 and halves of surrogate pairs become U+FFFD, as for OPA', async () => {
    const bytes = Buffer.from(holding.replace('kubectl', 'kube?\\ud800'))
    bytes[bytes.indexOf('kube?') + 4] = 0xff
    const { stdout, code } = await redact(bytes)
    expect(stdout).toBe(`${clean.replace('kubectl', 'kube\ufffd\\ufffd')}\n`)
    expect(code).toBe(0)
  })
})

describe('what is no event is never copied', () => {
  test.each<[string, string, string]>([
    ['a line that is cut off', holding.slice(0, -4), 'MALFORMED_LINE'],
    ['two objects on a line', holding + holding, 'MALFORMED_LINE'],
    ['plain text', `password=${secret}`, 'MALFORMED_LINE'],
    [
      'another object',
      `{"kind":"Secret","apiVersion":"v1","data":{"a":"${secret}"}}`,
      'NOT_AN_EVENT',
    ],
  ])('%s', async (_, line, code) => {
    const result = await redact(`${holding}\n${line}\n${holding}\n`)
    expect(result).toMatchObject({ code: 2, stdout: `${clean}\n${clean}\n` })
    expect(result.stderr).toContain(`<stdin>:2: error: `)
    expect(result.stderr).toContain(`[${code}]`)
    expect(result.stderr).toContain('2 events, 1 left out; 2 values removed')
    expect(result.stdout + result.stderr).not.toContain(secret)
  })

  test('the first ten are told one by one', async () => {
    const { stderr } = await redact('x\n'.repeat(12))
    expect(stderr.match(/MALFORMED_LINE/g)).toHaveLength(10)
    expect(stderr).toContain('and 2 more')
  })

  test('a gzip that is cut off', async () => {
    const packed = gzipSync(`${holding}\n`.repeat(500))
    const { code, stdout, stderr } = await redact(packed.subarray(0, packed.length - 20))
    expect(code).toBe(2)
    expect(stderr).toContain('GZIP_TRUNCATED')
    expect(stdout.split('\n')[0]).toBe(clean)
  })
})

describe('it says what it removed', () => {
  test('for people', async () => {
    const { stderr } = await cli(['redact', recording])
    expect(stderr).toMatchInlineSnapshot(`
      "951 events; 16 values removed:
        11  values of Secrets
         4  values of ConfigMaps
         1  fields named like a credential
      "
    `)
  })

  test('for machines', async () => {
    const { stderr, stdout } = await redact(`${holding}\nx\n`, '--format', 'json')
    const lines = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Json)
    expect(lines).toMatchObject([
      { error: { code: 'MALFORMED_LINE', file: '<stdin>', line: 2 } },
      { redaction: { events: 1, malformed: 1, total: 1, removed: { secret: 1 }, renamed: 0 } },
    ])
    expect(stdout).toBe(`${clean}\n`)
  })

  test('--quiet says nothing where all went well', async () => {
    expect((await redact(holding, '-q')).stderr).toBe('')
    expect((await redact('x', '-q')).stderr).toContain('1 left out')
  })

  test('an empty log', async () => {
    const { code, stdout, stderr } = await redact('')
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(stderr).toContain('<stdin>: there are no events in it')
  })
})

describe('files', () => {
  test('a folder becomes one log, and a log can be redacted in its place', async () => {
    const cwd = folder({ 'audit-1.log': `${holding}\n`, 'audit.log': holding })
    const { code, stdout } = await cli(['redact', '.', '-o', 'audit.log'], { cwd })
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(readFileSync(path.join(cwd, 'audit.log'), 'utf8')).toBe(`${clean}\n${clean}\n`)
    expect(readdirSync(cwd).sort()).toEqual(['audit-1.log', 'audit.log'])
  })

  test.each<[string, string[], string]>([
    ['a missing log', ['missing.log'], 'INPUT_NOT_FOUND'],
    ['a folder that is not there', ['-', '-o', 'none/clean.log'], 'OUTPUT_FAILED'],
    ['a key without pseudonyms', ['-', '--key', 'x'], 'USAGE'],
    ['pseudonyms without a key', ['-', '--pseudonymise'], 'KEY_UNREADABLE'],
    ['a key that is too short', ['-', '--pseudonymise', '--key', 'env:SHORT'], 'KEY_INVALID'],
  ])('%s is an error, and a document with --format json', async (_, args, code) => {
    const options = { cwd: folder({}), stdin: holding, env: { SHORT: 'abc' } }
    const text = await cli(['redact', ...args], options)
    expect(text).toMatchObject({ code: 2, stdout: '' })
    expect(text.stderr).toContain(`[${code}]`)
    const { stdout } = await cli(['redact', ...args, '--format', 'json'], options)
    expect(JSON.parse(stdout)).toMatchObject({ error: { code } })
  })

  test('nobody waits for a terminal', async () => {
    const { code, stderr } = await cli(['redact'], { tty: true })
    expect({ code, stderr }).toMatchObject({ code: 2 })
    expect(stderr).toContain('there is no audit log to redact')
  })

  test('an interrupted redaction leaves no file', async () => {
    const cwd = folder({})
    const signal = AbortSignal.abort()
    const { code } = await cli(['redact', recording, '-o', 'clean.log'], { cwd, signal })
    expect(code).toBe(130)
    expect(readdirSync(cwd)).toEqual([])
  })
})

/** Rules and requests that a scan finds. */
async function findings(stdin: string): Promise<string[]> {
  const { stdout } = await cli(['scan', '-', '-f', 'jsonl', '--every-stage'], { stdin })
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{"rule"'))
    .map((line) => JSON.parse(line) as Json)
    .map(({ rule, auditID }) => `${String(rule)} ${String(auditID)}`)
}

test.each(auditLogs())('a scan finds the same in %s and in what is left of it', async (_, file) => {
  const original = readFileSync(file, 'utf8')
  const { stdout } = await redact(original)
  expect(await findings(stdout)).toEqual(await findings(original))
})

describe('no secret of the recording comes out', () => {
  const secrets = secretsOf(readFileSync(recording, 'utf8'))
  const leaked = (text: string): string[] => secrets.filter((value) => text.includes(value))

  test('the secrets are known', () => {
    expect(secrets.length).toBeGreaterThanOrEqual(8)
    expect(leaked(readFileSync(recording, 'utf8')).length).toBeGreaterThan(4)
  })

  test.each(Object.keys(reporters))('scan --format %s, with progress', async (format) => {
    const { stdout, stderr } = await cli(['scan', recording, '--format', format, '--every-stage'])
    expect(stdout).not.toBe('')
    expect(leaked(stdout + stderr)).toEqual([])
  })

  test('redact, with and without pseudonyms', async () => {
    const env = { PARAPET_PSEUDONYM_KEY: 'a key for tests, and nothing else' }
    for (const args of [[], ['--pseudonymise']]) {
      const { stdout, stderr } = await cli(['redact', recording, ...args], { env })
      expect(stdout.split('\n')).toHaveLength(952)
      expect(leaked(stdout + stderr)).toEqual([])
    }
  })

  test('errors about its lines, cut off anywhere', async () => {
    const lines = readFileSync(recording, 'utf8')
      .split('\n')
      .filter((line) => leaked(line).length > 0)
    expect(lines.length).toBeGreaterThan(4)
    const broken = lines.flatMap((line) =>
      secrets.flatMap((value) => {
        const at = line.indexOf(value)
        return at < 0
          ? []
          : [line.slice(0, at + value.length), `${line.slice(0, at)}\u0001${value}`]
      }),
    )
    for (const verb of ['scan', 'redact']) {
      for (const format of ['json', 'pretty']) {
        const stdin = broken.join('\n')
        const { stdout, stderr, code } = await cli([verb, '-', '--format', format], { stdin })
        expect(code).toBe(2)
        expect(leaked(stdout + stderr)).toEqual([])
      }
    }
  })

  test('caches, of policies that print what they see', async () => {
    const cwd = folder({
      'main.rego': 'package main\n\ndeny contains {"msg": json.marshal(input)}\n',
    })
    const env = { PARAPET_CACHE_DIR: path.join(cwd, 'cache') }
    const args = ['--policy', 'main.rego', '--decision', 'main/deny', '-f', 'jsonl']
    const { stdout } = await cli(['scan', recording, ...args], { cwd, env })
    expect(stdout).not.toBe('')
    expect(leaked(stdout)).toEqual([])
    const kept = existsSync(env.PARAPET_CACHE_DIR) ? filesIn(env.PARAPET_CACHE_DIR) : []
    for (const file of kept) expect(leaked(readFileSync(file, 'latin1'))).toEqual([])
  })
})

function filesIn(where: string): string[] {
  return readdirSync(where, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(where, name))
    .filter((file) => statSync(file).isFile())
}

/**
 * Every value of a Secret of 4 bytes or more, as it stands and decoded, every token, and every value
 * of a ConfigMap under a key like that of a credential.
 */
function secretsOf(log: string): string[] {
  const found = new Set<string>()
  const visit = (value: unknown, owner: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    const { kind = owner, data, stringData, token } = value as Json
    if (typeof token === 'string') found.add(token)
    for (const [key, item] of Object.entries({ ...(data as Json), ...(stringData as Json) })) {
      const text = String(item)
      if (String(kind).startsWith('Secret')) {
        found.add(text)
        found.add(Buffer.from(text, 'base64').toString())
      } else if (String(kind).startsWith('ConfigMap') && /pass|secret|token|key|cred/i.test(key)) {
        found.add(text)
      }
    }
    for (const item of Object.values(value)) visit(item, kind)
  }
  for (const line of log.split('\n').filter((text) => text !== '')) {
    visit(JSON.parse(line), undefined)
  }
  return [...found].filter((text) => text.length >= 4)
}

test('the documentation names every kind that is removed', async () => {
  const { kinds } = await import('../../src/audit/redact/kinds.ts')
  const documentation = readFileSync(path.join(root, 'docs/redaction.md'), 'utf8')
  for (const kind of Object.keys(kinds)) expect(documentation).toContain(`\`${kind}\``)
})
