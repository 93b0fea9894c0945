import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { cli, eventLine, folder, recording, root } from '../support/cli.ts'

const exec = eventLine()

const guardrail = (id: string, message: string): string => `# METADATA
# title: Shell opened
# description: Someone opened a shell.
# scope: package
# custom:
#   id: ${id}
#   priority: Warning
#   tags: [mine]
package guardrails.custom.mine

violation contains {"id": "${id}", "priority": "Warning", "message": message} if {
	input.objectRef.subresource == "exec"
	message := ${message}
}
`

describe('guardrails of the user’s own', () => {
  test('a folder, and with `builtin` the pack besides', async () => {
    const made = folder({ 'mine.rego': guardrail('mine', '$"{input.user.username} did it"') })
    const alone = await cli(['scan', '-', '-p', made, '-f', 'jsonl'], { stdin: exec })
    expect(alone.json()).toMatchObject([
      {
        rule: 'mine',
        title: 'Shell opened',
        priority: 'Warning',
        message: 'alice@example.com did it',
        tags: ['mine'],
      },
    ])
    expect(alone.code).toBe(1)
    const both = await cli(['scan', '-', '-p', made, '-p', 'builtin', '-f', 'jsonl'], {
      stdin: exec,
    })
    expect(
      both
        .json()
        .map((finding) => finding['rule'])
        .sort(),
    ).toEqual(['mine', 'pod-exec'])
  })

  test('an error of the compiler names file, line and column', async () => {
    const broken = guardrail('mine', '"x"').replace(
      'input.objectRef.subresource',
      'inptu.objectRef.subresource',
    )
    const made = folder({ 'mine.rego': broken })
    const { code, stderr } = await cli(['scan', '-', '-p', 'mine.rego'], { stdin: exec, cwd: made })
    expect(stderr).toMatch(/^mine\.rego:12:2: error: .*inptu.* \[REGO_/m)
    expect(code).toBe(2)
  })

  test('a bundle that was built is evaluated without a compiler', async () => {
    const bundle = path.join(root, 'bundles/parapet.tar.gz')
    const { json } = await cli(['scan', '-', '-p', bundle, '-f', 'jsonl'], { stdin: exec })
    expect(json()).toMatchObject([{ rule: 'pod-exec' }])
  })

  test.each([
    ['missing', 'POLICY_UNREADABLE'],
    [path.join(root, 'package.json'), 'POLICY_INVALID'],
  ])('`%s` is no policy', async (policy, wanted) => {
    const { code, stdout } = await cli(['scan', '-', '-p', policy, '-f', 'jsonl'], { stdin: exec })
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: wanted, help: expect.any(String) } })
    expect(code).toBe(2)
  })
})

describe('--data', () => {
  const image = eventLine({
    objectRef: { resource: 'pods', namespace: 'shop', name: 'web' },
    requestObject: {
      kind: 'Pod',
      spec: { containers: [{ name: 'a', image: 'registry.example.com/web:1' }] },
    },
  })
  const untrusted = async (data: string): Promise<number> => {
    const made = folder({ 'org.yaml': data })
    const args = [
      'scan',
      '-',
      '-f',
      'jsonl',
      '--only',
      'untrusted-image',
      '-d',
      path.join(made, 'org.yaml'),
    ]
    return (await cli(args, { stdin: image })).json().length
  }

  test('is merged over the defaults', async () => {
    expect(await untrusted('org: {registries: [registry.example.com]}')).toBe(0)
    expect(await untrusted('org: {registries: [registry.internal]}')).toBe(1)
  })

  test('a misspelt key is an error with its place', async () => {
    const made = folder({ 'org.yaml': 'org:\n  registrys: []\n' })
    const { code, stderr } = await cli(['scan', '-', '-d', 'org.yaml'], { stdin: exec, cwd: made })
    expect(stderr).toContain('org.yaml:2:3: error: `org` has no key `registrys`')
    expect(stderr).toContain('did you mean `registries`?')
    expect(code).toBe(2)
  })
})

describe('--decision', () => {
  test('a set of objects with id and msg, as in the reference policy', async () => {
    const policy = path.join(root, 'test/bench/policy.rego')
    const args = [
      'scan',
      recording,
      '-p',
      policy,
      '--decision',
      'guardrails/violations',
      '-f',
      'jsonl',
    ]
    const { json, code } = await cli(args)
    const rules = new Set(json().map((finding) => finding['rule']))
    expect([...rules]).toEqual(expect.arrayContaining(['exec', 'anon', 'priv', 'unauth', 'crb']))
    const shell = json().find((finding) => finding['rule'] === 'exec')
    expect(shell).toMatchObject({
      message: 'kubernetes-admin exec in shop/web-0',
      priority: 'Warning',
    })
    expect(code).toBe(1)
  })

  const conftest = `package main
deny contains "no shells" if input.objectRef.subresource == "exec"
warn contains msg if { input.verb == "create"; msg := sprintf("%s creates", [input.user.username]) }
violation contains {"msg": "seen", "details": {}} if input.kind == "Event"
`
  test.each([
    ['main/deny', [['main/deny', 'Error', 'no shells']]],
    ['data.main.warn', [['main/warn', 'Notice', 'alice@example.com creates']]],
    [
      'main',
      [
        ['main/deny', 'Error', 'no shells'],
        ['main/violation', 'Error', 'seen'],
        ['main/warn', 'Notice', 'alice@example.com creates'],
      ],
    ],
  ])('Conftest’s %s', async (decision, wanted) => {
    const made = folder({ 'policy.rego': conftest })
    const { json } = await cli(['scan', '-', '-p', made, '--decision', decision, '-f', 'jsonl'], {
      stdin: exec,
    })
    expect(json().map(({ rule, priority, message }) => [rule, priority, message])).toEqual(wanted)
  })

  test('Rego of before OPA 1.0', async () => {
    const made = folder({
      'old.rego': 'package main\ndeny[msg] { input.verb == "create"; msg := "old" }\n',
    })
    const { json } = await cli(
      ['scan', '-', '-p', made, '--decision', 'main/deny', '-f', 'jsonl'],
      { stdin: exec },
    )
    expect(json()).toMatchObject([{ message: 'old' }])
  })

  test.each([
    ['package main\ndeny := true\n', 'DECISION_NOT_A_SET'],
    ['package main\ndeny contains 7\n', 'VIOLATION_MALFORMED'],
  ])('%j cannot be a finding, and is not passed over', async (text, wanted) => {
    const made = folder({ 'p.rego': text })
    const args = ['scan', '-', '-p', made, '--decision', 'main/deny', '-f', 'jsonl']
    const { code, stderr } = await cli(args, { stdin: exec })
    expect(stderr).toContain(wanted)
    expect(code).toBe(2)
  })

  test('needs a policy', async () => {
    const { code, stderr } = await cli(['scan', '-', '--decision', 'main/deny'], { stdin: exec })
    expect(stderr).toContain('`--decision` needs a `--policy`')
    expect(code).toBe(2)
  })
})

test('the five lines of the README work as they stand', async () => {
  const readme = readFileSync(path.join(root, 'README.md'), 'utf8')
  const code = /```js\n([\s\S]*?)```/.exec(readme)![1]!
  const made = folder({ 'audit.log': exec })
  const lines: string[] = []
  const body = code
    .replace(/^import .*\n/, '')
    .replaceAll('console.log', 'print')
    .replace("'audit.log'", JSON.stringify(path.join(made, 'audit.log')))
  const { scan } = await import('../../src/index.ts')
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (
    ...args: string[]
  ) => (...args: unknown[]) => Promise<void>
  await new AsyncFunction('scan', 'print', body)(scan, (...words: unknown[]) =>
    lines.push(words.join(' ')),
  )
  expect(lines).toEqual([
    'Notice alice@example.com ran a command in pod web-0 in namespace shop',
    '1 events',
  ])
})
