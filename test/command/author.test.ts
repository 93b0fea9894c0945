import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { readPolicyFolder } from '../../src/io/policy/policy-folder.ts'
import { checkGuardrails } from '../../src/toolchain/guardrails.ts'
import { Toolchain } from '../../src/toolchain/toolchain.ts'
import { cli, eventLine, folder, root } from '../support/cli.ts'

describe('guardrails', () => {
  test('lists the pack, most urgent first', async () => {
    const { code, stdout } = await cli(['guardrails'])
    expect(code).toBe(0)
    expect(stdout.split('\n')[0]).toMatch(/^Critical\s+\S+\s+\S/)
    expect(stdout).toMatch(/\n\d+ guardrails\n$/)
  })

  test('explains one', async () => {
    const { stdout } = await cli(['guardrails', 'pod-exec'])
    for (const part of ['Why it matters', 'Benign activity', 'Evasions', 'soc2: ', 'T1609']) {
      expect(stdout).toContain(part)
    }
  })

  test('as JSON, by tag or control', async () => {
    const { stdout } = await cli(['guardrails', '--tag', 'T1609', '--format', 'json'])
    const ids = (JSON.parse(stdout) as { id: string }[]).map(({ id }) => id)
    expect(ids).toContain('pod-exec')
    expect(ids).not.toContain('secrets-listed')
  })

  test('an unknown id is named with the nearest', async () => {
    const { code, stderr } = await cli(['guardrails', 'pod-exce'])
    expect(code).toBe(2)
    expect(stderr).toContain('there is no guardrail `pod-exce`')
    expect(stderr).toContain('did you mean `pod-exec`?')
  })
})

test('guardrails of a bundle, where a signature is required', async () => {
  const cwd = folder({})
  await cli(['keys', 'new', 'key'], { cwd })
  const bundle = path.join(root, 'bundles/parapet.tar.gz')
  expect((await cli(['guardrails', '-p', bundle], { cwd })).code).toBe(0)
  const { code, stderr } = await cli(['guardrails', '-p', bundle, '--verify-key', 'key.pub.pem'], {
    cwd,
  })
  expect({ code, stderr }).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('[SIGNATURE_'),
  })
})

describe('new, check and fmt', () => {
  test('a new guardrail passes its check and its tests, is formatted, and fires', async () => {
    const cwd = folder({})
    const made = await cli(['new', 'workloads/config-by-hand'], { cwd })
    expect(made).toMatchObject({ code: 0 })
    expect(made.stdout.split('\n').filter(Boolean)).toEqual([
      'guardrails/workloads/config_by_hand/config_by_hand.rego',
      'guardrails/workloads/config_by_hand/config_by_hand_test.rego',
      'guardrails/workloads/config_by_hand/config_by_hand.cases.yaml',
    ])
    const checked = await cli(['check', 'guardrails'], { cwd })
    expect(checked).toMatchObject({ code: 0, stdout: '1 guardrail, no errors\n' })
    expect(await cli(['fmt', '--check', 'guardrails'], { cwd })).toMatchObject({
      code: 0,
      stdout: '',
    })

    const { policy } = await readPolicyFolder(path.join(cwd, 'guardrails'))
    const toolchain = Toolchain.open()
    const report = await toolchain.test((await checkGuardrails(toolchain, policy)).policy)
    await toolchain.close()
    expect(report.tests.map(({ status }) => status)).toEqual(['pass', 'pass', 'pass'])

    const stdin = eventLine({
      verb: 'update',
      responseStatus: { code: 200 },
      objectRef: { resource: 'configmaps', namespace: 'shop', name: 'settings' },
    })
    const { json } = await cli(['scan', '-', '-p', 'guardrails', '-f', 'jsonl'], { stdin, cwd })
    expect(json()).toMatchObject([{ rule: 'config-by-hand', priority: 'Notice' }])
  })

  test('nothing is written over', async () => {
    const cwd = folder({})
    await cli(['new', 'rbac/mine'], { cwd })
    const again = await cli(['new', 'rbac/mine'], { cwd })
    expect(again.code).toBe(2)
    expect(again.stderr).toContain('[OUTPUT_EXISTS]')
  })

  test.each(['mine', 'Rbac/mine', 'rbac/../mine', 'a/b/c'])('`%s` is no name', async (name) => {
    const { code, stderr } = await cli(['new', name], { cwd: folder({}) })
    expect(code).toBe(2)
    expect(stderr).toContain('is no name of a guardrail')
  })

  test('an error of the check has its place, in every form', async () => {
    const cwd = folder({})
    await cli(['new', 'rbac/mine'], { cwd })
    const file = path.join(cwd, 'guardrails/rbac/mine/mine.rego')
    writeFileSync(file, readFileSync(file, 'utf8').replace('input.objectRef.', 'input.objectref.'))
    const shown = 'guardrails/rbac/mine/mine.rego'
    const pretty = await cli(['check', 'guardrails'], { cwd })
    expect(pretty.code).toBe(1)
    expect(pretty.stdout).toMatch(
      new RegExp(`^${shown}:\\d+:\\d+: error: .*objectref.*\\[REGO_TYPE_ERROR\\]`, 'm'),
    )
    const github = await cli(['check', 'guardrails', '--format', 'github'], { cwd })
    expect(github.stdout).toMatch(
      new RegExp(`^::error file=${shown},line=\\d+,col=\\d+,title=REGO_TYPE_ERROR::`, 'm'),
    )
    const json = await cli(['check', 'guardrails', '--format', 'json'], { cwd })
    expect(JSON.parse(json.stdout)).toMatchObject({
      guardrails: ['mine'],
      diagnostics: [{ code: 'REGO_TYPE_ERROR', file: shown, severity: 'error' }],
    })
  })

  test('fmt formats in place, and only what needs it', async () => {
    const cwd = folder({ 'a.rego': 'package a\nx=1{input.y==2}\n', 'b.rego': 'package b\n' })
    const old = await cli(['fmt'], { cwd })
    expect(old.code).toBe(2)
    expect(old.stderr).toContain('a.rego:2')
    writeFileSync(path.join(cwd, 'a.rego'), 'package a\nx:=1   if input.y==2\n')
    expect(await cli(['fmt', '--check'], { cwd })).toMatchObject({ code: 1, stdout: 'a.rego\n' })
    expect(await cli(['fmt'], { cwd })).toMatchObject({ code: 0, stdout: 'a.rego\n' })
    expect(readFileSync(path.join(cwd, 'a.rego'), 'utf8')).toBe(
      'package a\n\nx := 1 if input.y == 2\n',
    )
    expect(await cli(['fmt', '--check'], { cwd })).toMatchObject({ code: 0, stdout: '' })
  })

  test('fmt leaves a file whose meaning would change', async () => {
    const text = 'package a\n\nx := "one" if {\n\tinput.a\n} else := $"two {input.b}"\n'
    const cwd = folder({ 'a.rego': text })
    const { code, stderr } = await cli(['fmt'], { cwd })
    const after = readFileSync(path.join(cwd, 'a.rego'), 'utf8')
    if (code === 2)
      expect({ after, stderr }).toMatchObject({
        after: text,
        stderr: expect.stringContaining('[FORMAT_UNSAFE]'),
      })
    else expect(after).toContain('else := $"two {input.b}"')
  })
})

test('doctor looks at everything that Parapet needs', async () => {
  const { stdout, code } = await cli(['doctor', '--format', 'json'])
  const found = JSON.parse(stdout) as { name: string; ok: boolean }[]
  expect(found.map(({ name }) => name)).toEqual([
    'parapet',
    'node',
    'guardrails',
    'compiler',
    'cache',
  ])
  expect(code).toBe(found.every(({ ok }) => ok) ? 0 : 1)
})

test('a new project scans, and is not written over', async () => {
  const cwd = folder({})
  const made = await cli(['init', 'mine'], { cwd })
  expect(made).toMatchObject({ code: 0 })
  expect(made.stdout.split('\n')).toContain('mine/parapet.yaml')
  const stdin = eventLine({
    verb: 'update',
    responseStatus: { code: 200 },
    objectRef: { resource: 'configmaps', namespace: 'shop', name: 'settings' },
  })
  const project = path.join(cwd, 'mine')
  const { stdout, stderr } = await cli(['scan', '-', '-f', 'jsonl'], { stdin, cwd: project })
  expect(stderr).toBe('')
  expect(stdout).toContain('"rule":"config-by-hand"')
  const again = await cli(['init', 'mine'], { cwd })
  expect(again.code).toBe(2)
  expect(again.stderr).toContain('[OUTPUT_EXISTS]')
})
