import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { cli, eventLine, folder, recording } from '../support/cli.ts'

/** A day from today on, as `--until` takes it. */
function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
}

const until = inDays(30)
const EXEC = 'd80b7f90-341b-4c71-9de8-5dc0b47e231d'
const request = ['--from', recording, '--audit-id', EXEC, '--until', until, '--reason', 'a drill']
const add = ['exception', 'add', ...request]

const written = `org:
  exceptions:
    pod-exec-kubernetes-admin:
      guardrail: pod-exec
      until: "${until}"
      reason: "a drill"
      match:
        user: kubernetes-admin
        verb: create
        resource: pods/exec
        namespace: shop
        name: "web-*"
`

describe('exception add', () => {
  test('writes what covers the finding', async () => {
    const { stdout, code } = await cli(add)
    expect(stdout.replaceAll(/^#.*\n/gm, '')).toBe(written)
    expect(code).toBe(0)
    const dir = folder({ 'e.yaml': stdout })
    const scan = await cli(
      ['scan', '--data', 'e.yaml', '--only', 'pod-exec', '--format', 'json', recording],
      { cwd: dir },
    )
    expect(JSON.parse(scan.stdout)).toMatchObject({
      findings: [{ user: { name: 'carol@example.com' } }],
      summary: { exceptions: [{ name: 'pod-exec-kubernetes-admin', findings: 1 }] },
    })
  })

  test('adds to a file, whatever else stands in it, and does so once', async () => {
    const before = `# ours\norg:\n  registries: [r.example.com] # ours\n  exceptions:\n   # the first\n   old:\n     {guardrail: pod-exec, until: ${until}, reason: b, match: {user: bob}}\n`
    const dir = folder({ 'e.yaml': before })
    const { stdout, code } = await cli([...add, '--to', 'e.yaml'], { cwd: dir })
    expect(stdout).toBe('e.yaml: pod-exec-kubernetes-admin\n')
    expect(code).toBe(0)
    const text = readFileSync(path.join(dir, 'e.yaml'), 'utf8')
    expect(text.startsWith(before)).toBe(true)
    expect(text).toContain('\n   pod-exec-kubernetes-admin:\n     guardrail: pod-exec\n')
    const again = await cli([...add, '--to', 'e.yaml'], { cwd: dir })
    expect(again.code).toBe(2)
    expect(again.stderr).toContain(`the exception \`pod-exec-kubernetes-admin\` covers this until`)
  })

  test.each([
    ['org: {exceptions: {}}\n'],
    [
      'org:\n  exceptions:\n    a: {guardrail: b, until: 2027-01-01, reason: c, match: {user: d}}\nx: 1\n',
    ],
    ['{"org": {}}'],
  ])('does not guess where to put it: %j', async (text) => {
    const dir = folder({ 'e.yaml': text })
    const { stderr, code } = await cli([...add, '--to', 'e.yaml'], { cwd: dir })
    expect(code).toBe(2)
    expect(stderr).toContain('EXCEPTION_FILE')
    expect(readFileSync(path.join(dir, 'e.yaml'), 'utf8')).toBe(text)
  })

  test('covers a request without an object by its path', async () => {
    const dir = folder({
      'audit.log': eventLine({
        auditID: 'a',
        verb: 'get',
        user: { username: 'system:anonymous', groups: ['system:unauthenticated'] },
        requestURI: '/api/v1/secrets?limit=500',
        objectRef: undefined,
        responseStatus: { code: 200 },
      }),
    })
    const options = ['--from', 'audit.log', '--audit-id', 'a', '--until', until, '--reason', 'r']
    const { stdout } = await cli(['exception', 'add', ...options, '--rule', 'anonymous-request'], {
      cwd: dir,
    })
    expect(stdout).toContain('\n    anonymous-request-anonymous:\n')
    expect(stdout).toContain(
      '\n        user: system:anonymous\n        verb: get\n        uri: "/api/v1/secrets?*"\n',
    )
  })

  test('writes the same for Falco', async () => {
    const rules = (name: string, id: string): string =>
      `- rule: ${name}\n  desc: d\n  condition: ka.target.subresource = exec\n  output: o\n  priority: NOTICE\n  source: k8s_audit\n  tags: [parapet_${id}]\n`
    const dir = folder({ 'rules.yaml': rules('Run', 'pod-exec') + rules('Other', 'other') })
    const falco = ['--to', 'e.yaml', '--falco-to', 'f.yaml', '--rules', 'rules.yaml']
    const { stdout, code } = await cli([...add, ...falco], { cwd: dir })
    expect(stdout).toBe('e.yaml: pod-exec-kubernetes-admin\nf.yaml\n')
    expect(code).toBe(0)
    const scan = async (...files: string[]): Promise<string[]> => {
      const args = files.flatMap((file) => ['--falco', file])
      const { json } = await cli(['scan', ...args, '--format', 'jsonl', recording], { cwd: dir })
      return json().map(({ rule, user }) => `${String(rule)}: ${(user as { name: string }).name}`)
    }
    const all = await scan('rules.yaml')
    expect(all).toContain('Run: kubernetes-admin')
    expect(await scan('rules.yaml', 'f.yaml')).toEqual(
      all.filter((one) => one !== 'Run: kubernetes-admin'),
    )
    const alone = await cli(['exception', 'falco', 'e.yaml', '--rules', 'rules.yaml'], { cwd: dir })
    expect(alone.stdout).toBe(readFileSync(path.join(dir, 'f.yaml'), 'utf8'))
  })

  test.each<[string, string[], string]>([
    ['a date that is none', ['--until', '2027-02-30'], '`--until 2027-02-30` is no date'],
    ['a date that is over', ['--until', '2026-01-01'], 'the exception ended on 2026-01-01'],
    ['a date far away', ['--until', inDays(800)], 'longer than 366'],
    ['no reason', ['--reason', ' '], '`--reason` is empty'],
    ['another guardrail', ['--rule', 'pod-exce'], 'did you mean `pod-exec`?'],
    ['another request', ['--audit-id', 'nope'], 'no event has the auditID `nope`'],
    ['Falco without data', ['--falco-to', 'f.yaml'], '`--falco-to` needs `--to`'],
  ])('refuses %s', async (_note, args, message) => {
    const { stderr, code } = await cli([...add, ...args])
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })

  test('wants to know which of several findings is meant', async () => {
    const id = 'c6c3ef65-7688-4498-a85c-4af4ea22b423'
    const { stderr, code } = await cli([...add, '--audit-id', id])
    expect(stderr).toContain('choose one with --rule: forbidden-request, pod-exec')
    expect(code).toBe(2)
  })
})

describe('exception list', () => {
  test('says how long each holds', async () => {
    const one = (name: string, end: string): string =>
      `    ${name}: {guardrail: g, until: ${end}, reason: r, match: {user: u, as: null}}\n`
    const dir = folder({
      'good.yaml': `org:\n  exceptions:\n${one('a', inDays(40))}${one('b', inDays(2))}`,
      'bad.yaml': `org:\n  exceptions:\n${one('a', '2026-01-01')}`,
    })
    const good = await cli(['exception', 'list', 'good.yaml'], { cwd: dir })
    expect(good.stdout).toBe(
      `b  g, until ${inDays(2)}, 2 days left\n  user u · as none\n  r\n\na  g, until ${inDays(40)}, 40 days left\n  user u · as none\n  r\n`,
    )
    expect(good.code).toBe(0)
    const bad = await cli(['exception', 'list', 'bad.yaml'], { cwd: dir })
    expect(bad.stdout).toContain('a  g, ended on 2026-01-01, ')
    expect(bad.code).toBe(1)
    const json = await cli(['exception', 'list', '--format', 'json', 'good.yaml'], { cwd: dir })
    expect(json.json()).toMatchObject([
      {
        exceptions: [
          { name: 'b', daysLeft: 2 },
          { name: 'a', daysLeft: 40 },
        ],
      },
    ])
  })
})
