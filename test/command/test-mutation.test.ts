import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { cli, folder } from '../support/cli.ts'
import { hasToolchain } from '../toolchain/support.ts'

const GUARDRAIL = `# METADATA
# title: A shell
# description: >-
#   Somebody opened a shell in a pod.
# scope: package
# custom: {id: shell, priority: Notice, tags: [T1609], controls: {soc2: [CC6.1]}}
package guardrails.pods.shell

import data.parapet.lib

violation contains lib.finding(rego.metadata.chain(), message) if {
	input.objectRef.subresource in {"exec", "attach"}
	lib.is_person
	message := $"{input.user.username} did it"
}
`

const WEAK = `- note: a shell is a finding
  base: pod-exec
  want: ["admin@example.com did it"]
`

const STRONG = `${WEAK}
- note: so is a terminal
  base: pod-exec
  patch: {objectRef: {subresource: attach}}
  want: ["admin@example.com did it"]

- note: a log is none
  base: pod-log
  want: none

- note: a program's shell is none
  base: pod-exec
  patch: {user: {username: "system:serviceaccount:shop:web", groups: ["system:serviceaccounts"]}}
  want: none
`

describe.skipIf(!hasToolchain)('parapet test --mutate', () => {
  const weak = () => folder({ 'shell.rego': GUARDRAIL, 'shell.cases.yaml': WEAK })

  test('shows exactly the mutants that weak cases do not notice', async () => {
    const { code, stdout } = await cli(['test', '--mutate'], { cwd: weak() })
    expect(code).toBe(0)
    expect(stdout)
      .toBe(`shell.rego:1: warning: guardrail \`shell\` has no case in which it finds nothing [CASE_SILENT_MISSING]
  write one with \`want: none\` that comes close to a finding
shell.rego:12:2: warning: no case notices when \`input.objectRef.subresource in {"exec", "attach"}\` is left out [MUTANT_UNNOTICED]
  add a case that wants \`none\` for this condition alone
shell.rego:12:42: warning: no case notices when \`"attach"\` is left out [MUTANT_UNNOTICED]
  add a case that only this element decides
shell.rego:13:2: warning: no case notices when \`lib.is_person\` is left out [MUTANT_UNNOTICED]
  add a case that wants \`none\` for this condition alone
 50.0 %  shell.rego
cases notice 50.0 % of 6 mutants
1 case and 1 comparison of engines: 2 passed, 0 failed
`)
  })

  test('shows none of them with strong cases', async () => {
    const cwd = folder({ 'shell.rego': GUARDRAIL, 'shell.cases.yaml': STRONG })
    expect(await cli(['test', '--mutation-score', '100'], { cwd })).toMatchObject({
      code: 0,
      stdout:
        'cases notice 100.0 % of 6 mutants\n4 cases, 1 comparison of engines and 1 mutation score: 6 passed, 0 failed\n',
    })
  })

  test('fails below the score that is asked for, in every form that has places', async () => {
    const cwd = weak()
    const json = await cli(['test', '--mutation-score', '50.1', '-f', 'json'], { cwd })
    expect(json.code).toBe(1)
    const { tests, mutation, diagnostics } = JSON.parse(json.stdout) as {
      tests: object[]
      mutation: unknown
      diagnostics: { code: string }[]
    }
    const counts = { score: 50, mutants: 6, noticed: 3 }
    expect(mutation).toEqual({
      ...counts,
      guardrails: [{ id: 'shell', file: 'shell.rego', ...counts }],
    })
    expect(diagnostics.map(({ code }) => code)).toEqual([
      'CASE_SILENT_MISSING',
      'MUTANT_UNNOTICED',
      'MUTANT_UNNOTICED',
      'MUTANT_UNNOTICED',
    ])
    expect(tests.at(-1)).toMatchObject({ kind: 'mutation', status: 'fail', file: 'shell.rego' })
    const junit = await cli(['test', '--mutation-score', '50.1', '-f', 'junit'], { cwd })
    expect(junit.stdout).toContain('failures="1"')
    const tap = await cli(['test', '--mutation-score', '50.1', '-f', 'tap'], { cwd })
    expect(tap.stdout).toMatch(/^not ok 3 - mutation score: /m)
    expect([junit.code, tap.code]).toEqual([1, 1])
    const github = await cli(['test', '--mutation-score', '50', '-f', 'github'], { cwd })
    expect(github.code).toBe(0)
    expect(github.stdout).toContain(
      '::warning file=shell.rego,line=12,col=42,title=MUTANT_UNNOTICED::no case notices when `"attach"` is left out',
    )
    const sarif = await cli(['test', '--mutate', '-f', 'sarif'], { cwd })
    const [{ results }] = (JSON.parse(sarif.stdout) as { runs: [{ results: unknown[] }] }).runs
    expect(results).toHaveLength(4)
  })

  test('says once of a guardrail that none of its mutants is noticed', async () => {
    const cwd = weak()
    writeFileSync(path.join(cwd, 'other.rego'), GUARDRAIL.replaceAll('shell', 'other'))
    const { stdout } = await cli(['test', '--mutate'], { cwd })
    expect(stdout).toContain(
      'other.rego:1: warning: no case of `other` notices any of its 6 mutants [MUTANT_UNNOTICED]',
    )
    expect(stdout).toContain('cases notice 25.0 % of 12 mutants')
  })

  test('takes no evidence from a case that fails anyway', async () => {
    const cwd = folder({
      'shell.rego': GUARDRAIL,
      'shell.cases.yaml': WEAK.replace('want: ["admin@example.com did it"]', 'want: none'),
    })
    const { code, stdout } = await cli(['test', '--mutate'], { cwd })
    expect(code).toBe(1)
    expect(stdout).toContain('cases notice 0.0 % of 6 mutants')
  })

  test('takes nothing noticed for nothing, and nothing to notice for no answer', async () => {
    const cwd = folder({
      'shell.rego': GUARDRAIL,
      'shell_test.rego': 'package a_test\n\ntest_a if true\n',
    })
    const uncovered = await cli(['test', '--mutation-score', '1'], { cwd })
    expect(uncovered.code).toBe(1)
    expect(uncovered.stdout).toContain('cases notice 0.0 % of 6 mutants')
    writeFileSync(path.join(cwd, 'shell.cases.yaml'), WEAK)
    const unchosen = await cli(['test', '--mutate', '--run', 'test_a'], { cwd })
    expect(unchosen).toMatchObject({ code: 2, stdout: '' })
    expect(unchosen.stderr).toContain('there is no guardrail to mutate')
  })

  test('refuses a score that is no percentage', async () => {
    const { code, stderr } = await cli(['test', '--mutation-score', '101'], { cwd: weak() })
    expect(code).toBe(2)
    expect(stderr).toContain('`101` is not a number from 0 to 100')
  })
})
