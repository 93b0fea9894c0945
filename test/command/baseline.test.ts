import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseYaml, yamlValue } from '../../src/text/yaml.ts'
import { cli, eventLine, folder, recording } from '../support/cli.ts'

const alice = eventLine({ auditID: 'a' })
const bob = eventLine({ auditID: 'b', user: { username: 'bob', groups: [] } })
/** What alice did, on another day and from another place. */
const again = eventLine({
  auditID: 'c',
  sourceIPs: ['203.0.113.9'],
  stageTimestamp: '2026-12-01T00:00:00.000000Z',
})

const notice = ['--fail-on', 'notice']

describe('a baseline', () => {
  test('is written, and then only what is new is shown and fails', async () => {
    const cwd = folder({ 'old.log': `${alice}\n`, 'new.log': `${again}\n${bob}\n` })
    const written = await cli(['baseline', 'old.log', '-o', 'known.yaml'], { cwd })
    expect(written).toMatchObject({ code: 0, stdout: '', stderr: '1 finding: 1 entry\n' })
    const scan = ['scan', '--baseline', 'known.yaml', '-f', 'jsonl', '--summary', ...notice]
    expect(await cli([...scan, 'old.log'], { cwd })).toMatchObject({ code: 0 })
    const { code, json } = await cli([...scan, 'new.log'], { cwd })
    expect(json()).toEqual([
      expect.objectContaining({ auditID: 'b' }),
      {
        summary: expect.objectContaining({
          events: 2,
          findings: 1,
          baseline: {
            file: 'known.yaml',
            findings: 1,
            since: '2026-11-24T10:00:01.000000Z',
            entries: 1,
            unused: 0,
          },
        }),
      },
    ])
    expect(code).toBe(1)
  })

  test('of a whole log knows all of it, in every form', async () => {
    const cwd = folder({})
    for (const file of ['known.yaml', 'known.json']) {
      expect((await cli(['baseline', recording, '-o', file], { cwd })).code).toBe(0)
      const scan = ['scan', recording, '--baseline', file, '-f', 'jsonl', '--fail-on', 'debug']
      expect(await cli(scan, { cwd })).toMatchObject({ code: 0, stdout: '' })
      // The engines' own text is of no account.
      expect(await cli([...scan, '--no-redact'], { cwd })).toMatchObject({ code: 0, stdout: '' })
    }
    const yaml = readFileSync(path.join(cwd, 'known.yaml'), 'utf8')
    const json = JSON.parse(readFileSync(path.join(cwd, 'known.json'), 'utf8')) as unknown
    expect(yamlValue(parseYaml({ file: 'a', text: yaml }).documents[0]!)).toEqual(json)
  })

  test('is the same for the same log, however its lines are ordered', async () => {
    const lines = readFileSync(recording, 'utf8').trimEnd().split('\n')
    const one = await cli(['baseline', '--every-stage', '-'], { stdin: lines.join('\n') })
    const two = await cli(['baseline', '--every-stage', '-'], {
      stdin: lines.toReversed().join('\n'),
    })
    expect(two.stdout).toBe(one.stdout)
    expect(one.stdout).not.toMatch(/auditID|sourceIP/)
  })

  test('--update keeps what is written by hand, and adds what is new', async () => {
    const entry = 'rule: pod-exec\n    user: ali*\n    reason: on call'
    const cwd = folder({
      'known.yaml': `findings:\n  - ${entry}\n`,
      'a.log': `${alice}\n${again}\n${bob}\n`,
    })
    const update = ['baseline', '--update', 'a.log', '-o', 'known.yaml']
    const { stderr } = await cli(update, { cwd })
    expect(stderr).toBe('3 findings: 2 entries, 1 of them new\n')
    const once = readFileSync(path.join(cwd, 'known.yaml'), 'utf8')
    expect(once).toContain('reason: "on call"')
    expect(once).toContain('user: bob')
    await cli(update, { cwd })
    expect(readFileSync(path.join(cwd, 'known.yaml'), 'utf8')).toBe(once)
  })

  test('is written, but no answer, where some of the log could not be read', async () => {
    const { code, stdout } = await cli(['baseline', '-'], { stdin: `${alice}\n{"kind":` })
    expect(stdout).toContain('rule: pod-exec')
    expect(code).toBe(2)
  })
})

describe('reports', () => {
  const report = async (format: string, log: string): Promise<string> => {
    const cwd = folder({ 'known.yaml': (await cli(['baseline', '-'], { stdin: alice })).stdout })
    const args = ['scan', '-', '--baseline', 'known.yaml', '-f', format]
    return (await cli(args, { cwd, stdin: log })).stdout
  }

  test('pretty and markdown count what is known, and say since when', async () => {
    const known =
      'Known: 1 finding since 2026-11-24 10:00:01Z of the baseline known.yaml, not shown'
    const pretty = await report('pretty', `${again}\n${bob}`)
    expect(pretty).toContain(known)
    expect(pretty).toContain('bob ran a command')
    expect(pretty).not.toContain('alice')
    expect(await report('markdown', again)).toContain(known)
    expect(await report('pretty', bob)).toContain(
      'Known: nothing of the baseline known.yaml; 1 of its 1 entry saw none',
    )
  })

  test('SARIF has the known ones as suppressed results', async () => {
    const sarif = JSON.parse(await report('sarif', `${again}\n${bob}`)) as {
      runs: [{ results: Record<string, unknown>[] }]
    }
    expect(sarif.runs[0].results).toEqual([
      expect.objectContaining({
        message: { text: 'alice@example.com ran a command in pod web-0 in namespace shop' },
        suppressions: [
          {
            kind: 'external',
            status: 'accepted',
            justification: 'known in the baseline since 2026-11-24T10:00:01.000000Z',
          },
        ],
      }),
      expect.not.objectContaining({ suppressions: expect.anything() }),
    ])
  })

  test.each(['table', 'csv', 'junit', 'github', 'ocsf', 'ecs'])(
    '%s leaves them out',
    async (format) => {
      const text = await report(format, `${again}\n${bob}`)
      expect(text).toContain('bob ran a command')
      expect(text).not.toContain('alice')
    },
  )
})

describe('mistakes', () => {
  test('in the file have a place', async () => {
    const cwd = folder({ 'known.yaml': 'findings:\n  - {rule: pod-exec, usr: alice}\n' })
    const { code, stderr } = await cli(['scan', '-', '--baseline', 'known.yaml'], {
      cwd,
      stdin: '',
    })
    expect(stderr).toContain('known.yaml:2:22: error: an entry has no key `usr`')
    expect(code).toBe(2)
  })

  test.each([
    [['scan', '-', '--baseline', 'missing.yaml'], 'missing.yaml: error: the file cannot be read'],
    [['baseline', '-', '--update'], '--update needs a file to update'],
    [['baseline', '-', '--update', '-o', 'missing.yaml'], 'missing.yaml: error: the file cannot'],
    [['baseline', 'missing.log'], 'missing.log'],
  ])('%j', async (args, wanted) => {
    const { code, stderr, stdout } = await cli(args, { cwd: folder({}), stdin: alice })
    expect(stderr).toContain(wanted)
    expect(stdout).toBe('')
    expect(code).toBe(2)
  })

  test('a file that cannot be written leaves the old one', async () => {
    const cwd = folder({ 'known.yaml': 'findings: []\n' })
    writeFileSync(path.join(cwd, 'a.log'), alice)
    const { code } = await cli(['baseline', 'a.log', '-o', 'no/known.yaml'], { cwd })
    expect(code).toBe(2)
    expect(readFileSync(path.join(cwd, 'known.yaml'), 'utf8')).toBe('findings: []\n')
  })
})
