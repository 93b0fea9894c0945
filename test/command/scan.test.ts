import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { cli, eventLine, folder, recording, root } from '../support/cli.ts'

const exec = eventLine()
const quiet = eventLine({ verb: 'get', objectRef: { resource: 'pods', namespace: 'shop' } })

describe('findings', () => {
  test('a shell in a pod, in full', async () => {
    const { code, stdout, stderr } = await cli(['scan', '-', '--format', 'jsonl'], { stdin: exec })
    const [finding] = stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
    expect(finding).toMatchInlineSnapshot(`
      {
        "auditID": "11111111-2222-3333-4444-555555555555",
        "engine": "rego",
        "file": "<stdin>",
        "fingerprint": "5ce7b28fc67be91214fc8dab5078dd58",
        "line": 1,
        "message": "alice@example.com ran a command in pod web-0 in namespace shop",
        "priority": "Notice",
        "resource": {
          "group": null,
          "name": "web-0",
          "namespace": "shop",
          "resource": "pods",
          "subresource": "exec",
        },
        "response": {
          "code": 101,
        },
        "rule": "pod-exec",
        "sourceIPs": [
          "192.0.2.7",
        ],
        "stage": "ResponseComplete",
        "tags": [
          "mitre_execution",
          "T1609",
        ],
        "time": "2026-11-24T10:00:01.000000Z",
        "title": "Command run in a pod",
        "user": {
          "groups": [
            "system:authenticated",
          ],
          "impersonated": null,
          "name": "alice@example.com",
        },
        "userAgent": "kubectl/v1.34.0",
        "verb": "create",
      }
    `)
    expect(stderr).toBe('')
    expect(code).toBe(0)
  })

  test('the recording: who, what, where and when', async () => {
    const only = ['cluster-admin-granted', 'secrets-listed', 'invalid-credentials', 'pod-exec']
    const chosen = only.flatMap((id) => ['--only', id])
    const { code, stdout } = await cli(['scan', recording, '--fail-on', 'none', ...chosen])
    expect(stdout.replaceAll(root, '').replaceAll(/in \d+\.\d+ s.*/g, 'in … s')).toMatchSnapshot()
    expect(code).toBe(0)
  })

  test('stages of one request are one finding, unless every stage is wanted', async () => {
    const started = eventLine({ stage: 'ResponseStarted' })
    const stdin = `${started}\n${exec}\n`
    const once = await cli(['scan', '-', '-f', 'jsonl', '--summary'], { stdin })
    expect(once.json().map((line) => line['stage'] ?? line['summary'])).toEqual([
      'ResponseStarted',
      expect.objectContaining({ events: 2, findings: 1, suppressed: 1, malformed: 0 }),
    ])
    const twice = await cli(['scan', '-', '-f', 'jsonl', '--every-stage'], { stdin })
    expect(twice.json()).toHaveLength(2)
  })

  test('an event without auditID is never dropped', async () => {
    const line = eventLine({ auditID: undefined })
    const { json } = await cli(['scan', '-', '-f', 'jsonl'], { stdin: `${line}\n${line}\n` })
    expect(json().map((finding) => finding['auditID'])).toEqual([null, null])
  })

  test('fingerprints do not depend on file, line or --no-redact', async () => {
    const one = await cli(['scan', '-', '-f', 'jsonl'], { stdin: exec })
    const two = await cli(['scan', '-', '-f', 'jsonl', '--no-redact'], { stdin: `\n\n${exec}` })
    expect(one.json()[0]!['fingerprint']).toMatch(/^[0-9a-f]{32}$/)
    expect(two.json()[0]!['fingerprint']).toBe(one.json()[0]!['fingerprint'])
    expect(two.json()[0]!['line']).toBe(3)
    expect(two.stderr).toContain('warning: --no-redact')
  })
})

describe('selection', () => {
  const rules = async (...args: string[]): Promise<unknown[]> => {
    const { json } = await cli(['scan', recording, '-f', 'jsonl', '--fail-on', 'none', ...args])
    return [...new Set(json().map((finding) => finding['rule']))].sort()
  }

  test('--only and --skip take ids and tags', async () => {
    expect(await rules('--only', 'pod-exec')).toEqual(['pod-exec'])
    expect(await rules('--only', 'pod-exec', '--only', 'wildcard-role')).toEqual([
      'pod-exec',
      'wildcard-role',
    ])
    expect(await rules('--skip', 'pod-exec')).not.toContain('pod-exec')
    expect(await rules('--only', 'T1609')).toContain('pod-exec')
  })

  test('a misspelt id is refused', async () => {
    const { code, stderr } = await cli(['scan', recording, '--only', 'pod-exce'])
    expect(code).toBe(2)
    expect(stderr).toContain('no guardrail has the id or tag `pod-exce`')
    expect(stderr).toContain('did you mean `pod-exec`?')
  })

  test('--min-priority, --where and --since', async () => {
    const { json } = await cli([
      'scan',
      recording,
      '-f',
      'jsonl',
      '--fail-on',
      'none',
      '--min-priority',
      'critical',
      '--where',
      'user=kubernetes-admin',
      '--since',
      '2026-01-01T00:00:00Z',
    ])
    expect(json().length).toBeGreaterThan(0)
    for (const finding of json()) {
      expect(finding['priority']).toBe('Critical')
      expect(finding['user']).toMatchObject({ name: 'kubernetes-admin' })
    }
    expect(await rules('--since', '2030-01-01T00:00:00Z')).toEqual([])
  })
})

describe('exit codes', () => {
  test.each([
    ['nothing at or above Warning', [], quiet, 0],
    ['a Notice is under Warning', [], exec, 0],
    ['a Notice is at Notice', ['--fail-on', 'notice'], exec, 1],
    ['none never fails', ['--fail-on', 'none'], exec, 0],
    ['a malformed line is no answer', ['--fail-on', 'notice'], `${exec}\n{"kind":`, 2],
    ['a wrong priority is no question', ['--fail-on', 'urgent'], exec, 2],
    ['an unknown option', ['--colour'], exec, 2],
  ])('%s', async (_note, args, stdin, wanted) => {
    expect((await cli(['scan', '-', ...args], { stdin })).code).toBe(wanted)
  })

  test('interrupted', async () => {
    const signal = AbortSignal.abort()
    expect((await cli(['scan', '-'], { stdin: exec, signal })).code).toBe(130)
  })
})

describe('errors', () => {
  test('are documents where the format is structured', async () => {
    for (const args of [
      ['missing.log', '-f', 'jsonl'],
      ['-', '--format=json', '--colour'],
    ]) {
      const { code, stdout } = await cli(['scan', ...args], { stdin: '' })
      expect(code).toBe(2)
      const { error } = JSON.parse(stdout)
      expect(error).toMatchObject({ code: expect.any(String), message: expect.any(String) })
    }
  })

  test('a malformed line is a document on stderr', async () => {
    const { stdout, stderr, code } = await cli(['scan', '-', '-f', 'jsonl'], {
      stdin: `{"kind":"Event"\n${exec}\n`,
    })
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: 'MALFORMED_LINE', file: '<stdin>', line: 1 },
    })
    expect(stdout.split('\n').filter(Boolean)).toHaveLength(1)
    expect(code).toBe(2)
  })

  test('the first ten malformed lines are shown, the rest counted', async () => {
    const { stderr } = await cli(['scan', '-'], { stdin: '{\n'.repeat(13) + exec })
    expect(stderr.match(/MALFORMED_LINE/g)).toHaveLength(10)
    expect(stderr).toMatch(/and \d+ more that could not be judged/)
  })
})

describe('output', () => {
  test('--output writes the whole report or nothing', async () => {
    const made = folder({ 'a.log': exec })
    const { stdout } = await cli(['scan', 'a.log', '-f', 'jsonl', '-o', 'report.jsonl'], {
      cwd: made,
    })
    expect(stdout).toBe('')
    expect(JSON.parse(readFileSync(path.join(made, 'report.jsonl'), 'utf8'))).toMatchObject({
      rule: 'pod-exec',
    })
    expect(readdirSync(made).sort()).toEqual(['a.log', 'report.jsonl'])
  })

  test('an interrupted run leaves no part of a report behind', async () => {
    const made = folder({ 'a.log': exec })
    const signal = AbortSignal.abort()
    const { code } = await cli(['scan', 'a.log', '-o', 'report.jsonl'], { cwd: made, signal })
    expect(code).toBe(130)
    expect(readdirSync(made)).toEqual(['a.log'])
  })

  test('json is one document', async () => {
    const { stdout } = await cli(['scan', recording, '-f', 'json', '--fail-on', 'none'])
    const { findings, summary } = JSON.parse(stdout)
    expect(findings.length).toBe(summary.findings)
    expect(summary.events).toBe(951)
    const empty = await cli(['scan', '-', '-f', 'json'], { stdin: quiet })
    expect(JSON.parse(empty.stdout).findings).toEqual([])
  })

  test('colours only where they are wanted', async () => {
    const plain = await cli(['scan', '-'], { stdin: exec })
    expect(plain.stdout).not.toContain('\u001B')
    const forced = await cli(['scan', '-'], { stdin: exec, env: { FORCE_COLOR: '1' } })
    expect(forced.stdout).toContain('\u001B[36mNOTICE')
  })

  test('control characters of a log do not reach the terminal', async () => {
    const stdin = eventLine({ user: { username: 'eve\u001B[2J', groups: [] } })
    const { stdout } = await cli(['scan', '-'], { stdin })
    expect(stdout).not.toContain('\u001B')
    expect(stdout).toContain('eve\ufffd[2J')
  })
})

describe('secrets stay in', () => {
  const value = 'correct-horse-battery'
  const stdin = eventLine({
    verb: 'list',
    objectRef: { resource: 'secrets', namespace: 'shop' },
    userAgent: `kubectl password=${value}`,
    responseObject: {
      kind: 'SecretList',
      items: [{ data: { a: Buffer.from(value).toString('base64') } }],
    },
  })

  test.each(['pretty', 'json', 'jsonl'])('%s', async (format) => {
    const { stdout, stderr } = await cli(['scan', '-', '-f', format], { stdin })
    expect(stdout).toContain('secrets-listed')
    expect(stdout + stderr).not.toContain(value)
  })
})

test('gzip is read by its content, whatever its name', async () => {
  const made = folder({ 'a.log': gzipSync(`${exec}\n`), 'b.log.gz': exec })
  const { json } = await cli(['scan', 'a.log', 'b.log.gz', '-f', 'jsonl', '--every-stage'], {
    cwd: made,
  })
  expect(json().map((finding) => finding['file'])).toEqual(['a.log', 'b.log.gz'])
  expect(gunzipSync(readFileSync(path.join(made, 'a.log'))).toString()).toBe(`${exec}\n`)
})
