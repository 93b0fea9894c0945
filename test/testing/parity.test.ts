import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, expect, test } from 'vitest'
import { parityOutcome } from '../../src/command/test-parity-outcome.ts'
import { runTests } from '../../src/io/testing/run-tests.ts'
import type { TestAnswers } from '../../src/io/testing/answers.ts'
import { Toolchain } from '../../src/toolchain/toolchain.ts'
import { eventLine, folder, root } from '../support/cli.ts'

const toolchain = Toolchain.open()
afterAll(() => toolchain.close())

/** A guardrail and a Falco rule that say the same. */
const GUARDRAIL = [
  '# METADATA',
  '# title: Token requested',
  '# scope: package',
  '# custom:',
  '#   id: token',
  '#   priority: Notice',
  'package guardrails.secrets.token',
  '',
  'import data.parapet.lib',
  '',
  'violation contains lib.finding(rego.metadata.chain(), message) if {',
  '\tinput.objectRef.resource == "serviceaccounts"',
  '\tinput.objectRef.subresource == "token"',
  '\tinput.verb in {"create", "update"}',
  '\tnot startswith(input.user.username, "system:node:")',
  '\tmessage := $"{input.user.username} asked for a token"',
  '}',
  '',
].join('\n')

const RULES = `- rule: Token requested
  desc: Someone asked for a token.
  condition: >
    ka.target.resource = serviceaccounts and ka.target.subresource = token and
    ka.verb in (create, update) and not ka.user.name startswith "system:node:"
  output: A token was requested (user=%ka.user.name)
  priority: NOTICE
  source: k8s_audit
  tags: [parapet_token]
`

const CASES = `- {note: a person is found, base: serviceaccount-token, want: {count: 1}}
- {note: an update is found, base: serviceaccount-token, patch: {verb: update}, want: {count: 1}}
- {note: a read is not, base: serviceaccount-token, patch: {verb: get}, want: none}
- {note: a pod is not, base: pod-exec, want: none}
- note: a kubelet is not
  base: serviceaccount-token
  patch: {user: {username: "system:node:worker-1"}}
  want: none
`

async function answers(guardrail: string, rules: string): Promise<TestAnswers> {
  const cwd = folder({ 'token.rego': guardrail, 'token.cases.yaml': CASES })
  mkdirSync(path.join(cwd, 'falco-rules'))
  writeFileSync(path.join(cwd, 'falco-rules/rules.yaml'), rules)
  return runTests(toolchain, { sources: ['.'], coverage: false, cwd })
}

function report({ parity }: TestAnswers): string {
  return parity.flatMap((one) => parityOutcome(one).details).join('\n')
}

test('two that say the same agree', async () => {
  const { cases, parity } = await answers(GUARDRAIL, RULES)
  expect(cases.map(({ result }) => result.status)).toEqual(Array(5).fill('pass'))
  expect(parity).toMatchObject([{ guardrail: { id: 'token' }, disagreements: [] }])
})

/** What is planted, on which side, and what must be told about it. */
const planted: readonly (readonly [
  what: string,
  change: readonly ['rego' | 'falco', string, string],
  told: readonly string[],
])[] = [
  [
    'a dropped condition',
    ['falco', ' and not ka.user.name startswith "system:node:"', ''],
    [
      'a kubelet is not',
      'Parapet finds nothing, Falco finds',
      'Rego:  `not startsWith(input.user.username, "system:node:")` does not hold (token.rego:',
    ],
  ],
  [
    'a changed constant',
    ['falco', 'subresource = token', 'subresource = tokens'],
    [
      'a person is found',
      'Falco finds nothing',
      'Falco: `ka.target.subresource = tokens` does not hold (ka.target.subresource is "token")',
    ],
  ],
  [
    'a swapped operator',
    ['falco', 'ka.verb in (create, update)', 'ka.verb != create'],
    ['a person is found', 'Falco: `ka.verb != create` does not hold (ka.verb is "create")'],
  ],
  [
    'a dropped condition',
    ['rego', '\tnot startswith(input.user.username, "system:node:")\n', ''],
    [
      'a kubelet is not',
      'Falco finds nothing',
      'Falco: `ka.user.name startswith system:node:` holds',
    ],
  ],
  [
    'a changed constant',
    ['rego', '"update"}', '"patch"}'],
    ['an update is found', 'Parapet finds nothing', 'does not hold (token.rego:14)'],
  ],
  [
    'a swapped operator',
    ['rego', 'subresource == "token"', 'subresource != "token"'],
    [
      'a person is found',
      'Rego:  `input.objectRef.subresource != "token"` does not hold (token.rego:13)',
    ],
  ],
]

test.each(planted)('%s in %s is reported', async (_what, [side, from, to], wanted) => {
  const changed = (text: string): string => {
    expect(text).toContain(from)
    return text.replace(from, to)
  }
  const told = report(
    await answers(
      side === 'rego' ? changed(GUARDRAIL) : GUARDRAIL,
      side === 'falco' ? changed(RULES) : RULES,
    ),
  )
  for (const text of wanted) expect(told).toContain(text)
})

test.each([
  ['exact', GUARDRAIL, 'no Falco rule has the tag `parapet_token`'],
  [
    'manual',
    GUARDRAIL.replace('Notice\n', 'Notice\n#   falco: {mode: manual, rule: Mine}\n'),
    'there is no Falco rule `Mine`',
  ],
])('a Falco rule that is not there is no agreement: %s', async (_mode, guardrail, reason) => {
  const { parity } = await answers(guardrail, RULES.replace('parapet_token', 'parapet_tokn'))
  expect(parity.map(parityOutcome)).toMatchObject([{ status: 'fail', reason }])
})

test('no Falco rule is missing where METADATA says that there is none', async () => {
  const none = GUARDRAIL.replace('Notice\n', 'Notice\n#   falco: {mode: none, reason: r}\n')
  const { parity } = await answers(none, RULES.replace('parapet_token', 'parapet_other'))
  expect(parity.map(parityOutcome)).toMatchObject([{ status: 'pass' }])
})

test('a Falco rule is asked about the events of other guardrails’ cases, too', async () => {
  const other = GUARDRAIL.replaceAll(/token$/gm, 'shell').replaceAll('"token"', '"exec"')
  const cwd = folder({
    'token.rego': GUARDRAIL,
    'token.cases.yaml': CASES,
    'shell.rego': other.replace('== "serviceaccounts"', '== "pods"'),
    'shell.cases.yaml': '- {note: a log is not, base: pod-log, want: none}\n',
    'rules.yaml': RULES.replaceAll(/oken requested$/gm, 'oken').replace(
      'parapet_token',
      'parapet_shell',
    ),
  })
  const request = { sources: ['.'], falco: ['rules.yaml'], coverage: false, cwd }
  const { parity } = await runTests(toolchain, request)
  expect(parity.map(({ guardrail, count }) => [guardrail.id, count])).toEqual([
    ['shell', 2],
    ['token', 0],
  ])
  const part = await runTests(toolchain, { ...request, run: 'cases' })
  expect(part.parity.every(({ count }) => count === 0)).toBe(true)
})

test('a guardrail that the stock SDK cannot run takes no other with it', async () => {
  const lacks = GUARDRAIL.replaceAll(/(token$|"token")/gm, (name) => name.replace('token', 'exec'))
    .replace('"serviceaccounts"', '"pods"')
    .replace('\tmessage :=', '\tstrings.count(input.user.username, "@") == 1\n\tmessage :=')
  const cwd = folder({
    'token.rego': GUARDRAIL,
    'exec.rego': lacks,
    'log.jsonl': eventLine({ verb: 'create' }),
  })
  const recordings = { logs: ['log.jsonl'], cwd, stdin: Readable.from([]) }
  const told = await runTests(toolchain, { sources: ['.'], coverage: false, recordings, cwd })
  expect(told.parity.map(({ guardrail, count }) => [guardrail.id, count])).toEqual([
    ['exec', 1],
    ['token', 0],
  ])
  expect(report(told)).toMatch(
    /the WASM SDK could not say \(not implemented: built-in function \d+: strings\.count\)/,
  )
  expect(report(told)).toContain('say `custom.portable: false`')
})

test('data of a case leaves the rules of packages beside it', async () => {
  const mine = GUARDRAIL.replace('\tinput.verb', '\tdata.team.common.is_person\n\tinput.verb')
  const banned = '\tsome user in data.team["banned users"]\n\tinput.user.username == user\n'
  const cwd = folder({
    'token.rego': mine.replace('\tmessage :=', `${banned}\tmessage :=`),
    'common.rego':
      'package team.common\n\nis_person if not startswith(input.user.username, "system:")\n',
    'team/data.yaml': 'banned users: [root]\nothers: {a: 1}\n',
    'token.cases.yaml': `- note: a banned user
  base: serviceaccount-token
  data: {team: {banned users: [admin@example.com], none: {}}}
  want: {count: 1}
- {note: anybody, base: serviceaccount-token, want: none}
`,
  })
  const { cases, parity } = await runTests(toolchain, { sources: ['.'], coverage: false, cwd })
  expect(cases.map(({ result }) => result.status)).toEqual(['pass', 'pass'])
  expect(parity).toMatchObject([{ count: 0 }])
})

test('only the guardrail that a difference is planted in is reported, in the pack', async () => {
  const cwd = folder({})
  cpSync(path.join(root, 'rego'), path.join(cwd, 'rego'), { recursive: true })
  cpSync(path.join(root, 'test/recordings'), path.join(cwd, 'test/recordings'), { recursive: true })
  const planted = `- rule: Permissions enumerated
  desc: Someone asked for a list of what they may do.
  condition: ka.verb = create and ka.target.resource = selfsubjectaccessreviews
  output: Permissions were enumerated
  priority: NOTICE
  source: k8s_audit
  tags: [parapet_permission-enumeration]
`
  const cases = '- {note: a person asks, base: selfsubjectrulesreview-create, want: {count: 1}}\n'
  const name = 'rego/guardrails/access/permission_enumeration/permission_enumeration.cases.yaml'
  writeFileSync(path.join(cwd, name), cases)
  writeFileSync(path.join(cwd, 'planted.yaml'), planted)
  const { parity } = await runTests(toolchain, {
    sources: ['rego'],
    falco: ['planted.yaml'],
    run: 'cases.yaml',
    coverage: false,
    cwd,
  })
  const wrong = parity.filter(({ disagreements }) => disagreements.length > 0)
  expect(wrong.map(({ guardrail }) => guardrail.id)).toEqual(['permission-enumeration'])
  expect(parity.length).toBeGreaterThan(wrong.length)
})
