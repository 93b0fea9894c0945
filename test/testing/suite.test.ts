import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { runTests } from '../../src/io/testing/run-tests.ts'
import type { TestAnswers } from '../../src/io/testing/answers.ts'
import type { TestRequest } from '../../src/io/testing/request.ts'
import { Toolchain } from '../../src/toolchain/toolchain.ts'
import { folder, recording } from '../support/cli.ts'

const toolchain = Toolchain.open()
afterAll(() => toolchain.close())

const GUARDRAIL = [
  '# METADATA',
  '# title: Shell or port',
  '# scope: package',
  '# custom:',
  '#   id: shell',
  '#   priority: Notice',
  '#   controls: {soc2: [CC6.1]}',
  'package guardrails.pods.shell',
  '',
  'import data.parapet.lib',
  '',
  'violation contains lib.finding(rego.metadata.chain(), "shell") if input.objectRef.subresource == "exec"',
  '',
  'violation contains lib.finding(rego.metadata.chain(), "network") if {',
  '\tinput.objectRef.subresource == "portforward"',
  '\tsome network in data.org.networks',
  '\tnetwork == "10.0.0.0/8"',
  '}',
  '',
].join('\n')

function run(cases: string, more: Partial<TestRequest> = {}): Promise<TestAnswers> {
  const cwd = folder({ 'shell.rego': GUARDRAIL, 'shell.cases.yaml': cases })
  return runTests(toolchain, { sources: ['.'], coverage: false, cwd, ...more })
}

const FIRES = '- {note: a, base: pod-exec, want: [shell]}\n'
const SILENT = '- {note: b, base: pod-log, want: none}\n'

test('data of a case is merged over the defaults, on all engines', async () => {
  const { cases, parity } = await run(
    `- {note: a, base: pod-portforward, want: none}
- {note: b, base: pod-portforward, data: {org: {networks: [10.0.0.0/8]}}, want: [network]}
- {note: c, base: pod-portforward, want: none}
`,
  )
  expect(cases.map(({ result }) => result.status)).toEqual(['pass', 'pass', 'pass'])
  expect(parity).toMatchObject([{ count: 0 }])
})

describe('hygiene', () => {
  const codes = async (cases: string): Promise<string[]> =>
    (await run(cases)).diagnostics.map(({ code }) => code)
  const described = ['GUARDRAIL_DESCRIPTION_MISSING', 'GUARDRAIL_TAGS_MISSING']

  test('asks for a case that fires, one that does not, and METADATA', async () => {
    expect(await codes(FIRES + SILENT)).toEqual(described)
    expect(await codes(FIRES)).toEqual([...described, 'CASE_SILENT_MISSING'])
    expect(await codes(SILENT)).toEqual([...described, 'CASE_FIRING_MISSING'])
    expect(await codes('[]')).toEqual([...described, 'CASES_MISSING'])
  })

  test('is not asked about a part of the cases', async () => {
    expect((await run(FIRES + SILENT, { run: 'log' })).diagnostics).toEqual([])
  })
})

test('coverage says which ways to a finding no case goes', async () => {
  const { alternatives, coverage } = await run(FIRES + SILENT, { coverage: true })
  expect(coverage).toHaveLength(1)
  // Not the generated union, nor the standard library.
  expect(coverage[0]!.files.map(({ file }) => file)).toEqual(['shell.rego'])
  expect(coverage[0]!.percent).toBeCloseTo(coverage[0]!.files[0]!.percent, 1)
  expect(alternatives.map(({ isDecided, file, line }) => ({ isDecided, file, line }))).toEqual([
    { isDecided: false, file: 'shell.rego', line: 15 },
    { isDecided: true, file: 'shell.rego', line: 12 },
  ])
})

test('a recording that is not there is told of at the case that names it', async () => {
  const lost = `${SILENT}- {note: lost, recording: gone.jsonl, auditID: a, want: none}\n`
  await expect(run(lost)).rejects.toMatchObject({
    code: 'INPUT_NOT_FOUND',
    message: expect.stringContaining('gone.jsonl'),
    file: 'shell.cases.yaml',
    line: SILENT.split('\n').length,
  })
})

test('recordings are compared event by event', async () => {
  const rules = `- rule: Shell
  desc: A shell.
  condition: ka.target.subresource = exec and ka.verb = create
  output: A shell
  priority: NOTICE
  source: k8s_audit
  tags: [parapet_shell]
`
  const cwd = folder({ 'shell.rego': GUARDRAIL, 'rules.yaml': rules })
  const { parity, cases } = await runTests(toolchain, {
    sources: ['.'],
    coverage: false,
    recordings: { logs: [recording], cwd, stdin: process.stdin },
    falco: ['rules.yaml'],
    cwd,
  })
  expect(cases).toEqual([])
  const [{ count, disagreements }] = parity as [(typeof parity)[0]]
  expect(count).toBeGreaterThan(0)
  expect(disagreements[0]).toMatchObject({
    engine: 'falco',
    ours: { messages: ['shell'] },
    theirs: { messages: [] },
    falco: ['`ka.verb = create` does not hold (ka.verb is "get")'],
  })
})

test('folders with a manifest are policies of their own', async () => {
  const cwd = folder({})
  for (const name of ['one', 'two']) {
    mkdirSync(path.join(cwd, name))
    writeFileSync(path.join(cwd, name, '.manifest'), '{"roots": ["guardrails", "org", "parapet"]}')
    writeFileSync(path.join(cwd, name, 'shell.rego'), GUARDRAIL)
    writeFileSync(path.join(cwd, name, 'shell.cases.yaml'), FIRES + SILENT)
  }
  const { cases } = await runTests(toolchain, {
    sources: ['.'],
    coverage: false,
    cwd,
  })
  expect(cases.map(({ result }) => result.case.file)).toEqual([
    'one/shell.cases.yaml',
    'one/shell.cases.yaml',
    'two/shell.cases.yaml',
    'two/shell.cases.yaml',
  ])
})
