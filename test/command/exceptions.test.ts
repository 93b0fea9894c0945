import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { cli, eventLine, folder, recording } from '../support/cli.ts'

const exec = `org:
  exceptions:
    drill:
      guardrail: pod-exec
      until: 2026-12-31
      reason: the drill of November
      match:
        user: alice@example.com
        verb: create
        resource: pods/exec
        namespace: shop
        name: web-*
`

interface Outcome {
  readonly rules: readonly string[]
  readonly summary: Readonly<Record<string, unknown>>
  readonly code: number
}

/** What is found in a log with these exceptions. */
async function found(data: string, lines: readonly string[], ...args: string[]): Promise<Outcome> {
  const dir = folder({ 'org.yaml': data, 'audit.log': `${lines.join('\n')}\n` })
  const options = ['--data', 'org.yaml', '--format', 'jsonl', '--summary', '--only', 'pod-exec']
  const command = ['scan', ...options, '--fail-on', 'Notice', ...args, 'audit.log']
  const result = await cli(command, { cwd: dir })
  const documents = result.json()
  const { summary } = documents.pop() as { summary: Record<string, unknown> }
  return { rules: documents.map((finding) => String(finding['rule'])), summary, code: result.code }
}

describe('scan with exceptions', () => {
  test('does not show what they cover, and says what that was', async () => {
    const { rules, summary, code } = await found(exec, [eventLine()])
    expect(rules).toEqual([])
    expect(code).toBe(0)
    expect(summary).toMatchObject({
      findings: 0,
      exceptions: [
        {
          name: 'drill',
          guardrail: 'pod-exec',
          until: '2026-12-31',
          reason: 'the drill of November',
          findings: 1,
          example: 'alice@example.com ran a command in pod web-0 in namespace shop',
        },
      ],
    })
  })

  test.each<[string, Record<string, unknown>]>([
    ['another user', { user: { username: 'bob@example.com' } }],
    ['another verb', { verb: 'get' }],
    [
      'another namespace',
      { objectRef: { resource: 'pods', namespace: 'bank', name: 'web-0', subresource: 'exec' } },
    ],
    [
      'another subresource',
      { objectRef: { resource: 'pods', namespace: 'shop', name: 'web-0', subresource: 'attach' } },
    ],
    [
      'another name',
      { objectRef: { resource: 'pods', namespace: 'shop', name: 'db-0', subresource: 'exec' } },
    ],
    ['somebody else in that user’s name', { impersonatedUser: { username: 'root' } }],
    ['a later time', { requestReceivedTimestamp: '2026-12-31T00:00:00.000000Z' }],
    ['no time', { requestReceivedTimestamp: undefined }],
  ])('shows %s', async (_note, fields) => {
    const { rules, summary, code } = await found(exec, [eventLine(fields)])
    expect(rules).toEqual(['pod-exec'])
    expect(summary).not.toHaveProperty('exceptions')
    expect(code).toBe(1)
  })

  test('tells GitHub of them in notices', async () => {
    const cwd = folder({ 'org.yaml': exec, 'audit.log': `${eventLine()}\n` })
    const args = ['--data', 'org.yaml', '--only', 'pod-exec', '--format', 'github', 'audit.log']
    const { stdout } = await cli(['scan', ...args], { cwd })
    expect(stdout).toMatch(/^::notice title=Exception .*::Excepted: 1 finding of pod-exec by /m)
  })

  test('counts a request once, and neither stage hides the other', async () => {
    const stages = ['RequestReceived', 'ResponseStarted', 'ResponseComplete']
    const lines = stages.map((stage) => eventLine({ stage }))
    expect((await found(exec, lines)).summary).toMatchObject({ exceptions: [{ findings: 1 }] })
    const other = eventLine({ stage: 'ResponseComplete', verb: 'get' })
    const { rules, summary } = await found(exec, [eventLine({ stage: 'ResponseStarted' }), other])
    expect(rules).toEqual(['pod-exec'])
    expect(summary).toMatchObject({ findings: 1, exceptions: [{ findings: 1 }] })
  })

  test('says the same of a policy’s own exceptions, read by OPA', async () => {
    const dir = folder({
      'g.rego': `# METADATA
# title: Read
# scope: package
# custom:
#   id: read
#   priority: Error
package guardrails.a.read

violation contains {"id": "read", "priority": "Error", "message": "read"} if input.verb == "get"
`,
      'data.yaml':
        'org: {exceptions: {a: {guardrail: read, until: 2027-01-01, reason: b, match: {verb: get}}}}\n',
      'audit.log': eventLine({ verb: 'get' }),
    })
    const args = ['scan', '--policy', '.', '--format', 'json', 'audit.log']
    const { stdout, code } = await cli(args, { cwd: dir })
    expect(JSON.parse(stdout)).toMatchObject({
      findings: [],
      summary: { exceptions: [{ name: 'a', until: '2027-01-01', findings: 1 }] },
    })
    expect(code).toBe(0)
  })

  test('says of which guardrail there is none', async () => {
    const dir = folder({
      'org.yaml': exec.replace('pod-exec', 'pod-exce'),
      'audit.log': eventLine(),
    })
    const { stderr } = await cli(['scan', '--data', 'org.yaml', 'audit.log'], { cwd: dir })
    expect(stderr).toBe(
      'the exception `drill` is for `pod-exce`, which is no guardrail here; did you mean `pod-exec`?\n',
    )
  })

  test('reports them for people, and as suppressions in SARIF', async () => {
    const carol = `org: {exceptions: {carol: {guardrail: forbidden-request, until: 2027-01-01, reason: "she tries", match: {user: "carol@*"}}}}\n`
    const dir = folder({ 'org.yaml': carol })
    const args = ['scan', '--data', 'org.yaml', '--only', 'forbidden-request', recording]
    const line =
      'Excepted: 2 findings of forbidden-request by carol until 2027-01-01 (she tries), such as “carol@example.com was denied when trying to read pod ledger-0 in namespace payments”'
    expect((await cli(args, { cwd: dir })).stdout).toContain(line)
    expect((await cli([...args, '--format', 'table'], { cwd: dir })).stdout).toContain(line)
    const sarif = await cli([...args, '--format', 'sarif'], { cwd: dir })
    const { results } = (
      JSON.parse(sarif.stdout) as {
        runs: [{ results: { suppressions?: { justification: string }[] }[] }]
      }
    ).runs[0]
    expect(results.flatMap(({ suppressions = [] }) => suppressions)).toEqual(
      Array.from({ length: 2 }, () => ({
        kind: 'external',
        status: 'accepted',
        justification: 'exception carol until 2027-01-01: she tries',
      })),
    )
  })

  test('sees of events behind the index all that exceptions name', async () => {
    const exceptions = (match: string): string =>
      `org: {exceptions: {a: {guardrail: pod-exec, until: 2027-01-01, reason: b, match: ${match}}}}\n`
    const lines = Array.from({ length: 200 }, (_, i) =>
      eventLine({
        auditID: String(i),
        impersonatedUser: { username: 'root' },
        requestURI: `/api/v1/namespaces/shop/pods/web-${i % 2}/exec?command=sh`,
      }),
    )
    for (const [match, count] of [
      ['{user: alice@example.com}', 0],
      ['{user: alice@example.com, as: root}', 200],
      ['{as: root, uri: "/api/v1/namespaces/shop/pods/web-1/exec?*"}', 100],
      ['{as: root, uri: "/api/v1/namespaces/shop/pods/web-1/exec"}', 0],
    ] as const) {
      const { summary } = await found(exceptions(match), lines)
      expect(summary).toMatchObject({ findings: 200 - count })
    }
  })

  test('covers what is left by the index, too', async () => {
    const lines = Array.from({ length: 200 }, (_, i) =>
      eventLine({ auditID: String(i), verb: i % 3 === 0 ? 'create' : 'get' }),
    )
    const { summary } = await found(exec, lines)
    expect(summary).toMatchObject({ findings: 133, exceptions: [{ findings: 67 }] })
  })
})

describe('test', () => {
  test('fails for exceptions that have ended, in the policy and in other data', async () => {
    const one = (name: string, end: string): string =>
      `exceptions: {${name}: {guardrail: mine, until: ${end}, reason: r, match: {user: u}}}\n`
    const cwd = folder({ 'e.yaml': `org:\n  ${one('far', '2999-01-01')}` })
    await cli(['new', 'rbac/mine'], { cwd })
    mkdirSync(path.join(cwd, 'guardrails/org'))
    writeFileSync(path.join(cwd, 'guardrails/org/data.yaml'), one('old', '2026-01-01'))
    const { stdout, code } = await cli(['test', 'guardrails', '--data', 'e.yaml'], { cwd })
    expect(stdout).toMatch(
      /FAIL {2}e\.yaml: far {2}e\.yaml:2\n +holds for \d+ days, longer than 366\n/,
    )
    expect(stdout).toContain('old  guardrails/org/data.yaml:1\n')
    expect(stdout).toContain('ended on 2026-01-01, ')
    expect(stdout).toMatch(/ and 2 exceptions: \d+ passed, 2 failed\n$/)
    expect(code).toBe(1)
    const tap = await cli(['test', 'guardrails', '--run', 'old', '--format', 'tap'], { cwd })
    expect(tap.stdout).toMatch(/^not ok 1 .*old/m)
  })

  test('fails for exceptions of guardrails that are not there', async () => {
    const one = (name: string, guardrail: string, user: string): string =>
      `    ${name}: {guardrail: ${guardrail}, until: "${soon}", reason: r, match: {user: ${user}}}\n`
    const soon = new Date(Date.now() + 86_400_000 * 30).toISOString().slice(0, 10)
    const sound = `org:\n  exceptions:\n${one('mine', 'mine', 'u')}${one('builtin', 'pod-exec', 'u')}`
    const cwd = folder({
      'e.yaml': `${sound}${one('stray', 'pod-exe', 'u')}`,
      'star.yaml': `${sound}${one('star', 'mine', '"*a*"')}`,
    })
    await cli(['new', 'rbac/mine'], { cwd })
    const { stdout, code } = await cli(['test', 'guardrails', '--data', 'e.yaml'], { cwd })
    expect(stdout).toContain(`FAIL  e.yaml: stray  e.yaml:5
  is for \`pod-exe\`, which is no guardrail here
  did you mean \`pod-exec\`?
`)
    expect(stdout).toMatch(/ and 3 exceptions: \d+ passed, 1 failed\n$/)
    expect(code).toBe(1)

    const star = await cli(['test', 'guardrails', '--data', 'star.yaml'], { cwd })
    expect(star.code).toBe(2)
    expect(star.stderr).toContain('star.yaml:5:')
    expect(star.stderr).toContain('begins with a `*`, which stands for nothing')
  })
})
