import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { readCaseFile } from '../../src/testing/case-file.ts'
import { cli, eventLine, folder, recording, root } from '../support/cli.ts'

const GUARDRAIL = `# METADATA
# title: A shell
# description: Somebody opened a shell.
# scope: package
# custom: {id: shell, priority: Notice, tags: [T1609], controls: {soc2: [CC6.1]}}
package guardrails.pods.shell

import data.parapet.lib

violation contains lib.finding(rego.metadata.chain(), message) if {
	input.objectRef.subresource == "exec"
	message := $"{input.user.username} opened a shell in {input.objectRef.name}"
}
`

describe('parapet test new', () => {
  const project = () => {
    const cwd = folder({ 'shell.rego': GUARDRAIL })
    const line = eventLine({ auditID: 'a-1', responseObject: { token: 'hunter2hunter2' } })
    writeFileSync(path.join(cwd, 'audit.log'), `${line}\n${eventLine({ auditID: 'other' })}\n`)
    return cwd
  }
  const event = ['--from', 'audit.log', '--audit-id', 'a-1']

  test('writes the shortest form in which the same is found', async () => {
    const { code, stdout } = await cli(['test', 'new', ...event], { cwd: project() })
    expect(code).toBe(0)
    expect(stdout).toBe(`# shell
- note: alice@example.com opened a shell in web-0 (a-1)
  base: pod-exec
  patch:
    user:
      username: alice@example.com
  want:
    - alice@example.com opened a shell in web-0
`)
  })

  test('adds to the case file of a guardrail, which then passes', async () => {
    const cwd = project()
    const more = [...event, '--guardrail', 'shell']
    const added = await cli(['test', 'new', ...more], { cwd })
    expect(added).toMatchObject({ code: 0, stdout: '' })
    const run = await cli(['test', '--run', 'cases'], { cwd })
    expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining('1 case and') })
    await cli(['test', 'new', ...more], { cwd })
    const text = readFileSync(path.join(cwd, 'shell.cases.yaml'), 'utf8')
    expect(text.match(/^- note/gm)).toHaveLength(2)
  })

  test('says what is not there', async () => {
    const cwd = project()
    const missing = await cli(['test', 'new', '--from', 'audit.log', '--audit-id', 'b'], { cwd })
    expect(missing).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('REQUEST_NOT_FOUND'),
    })
    const unknown = await cli(['test', 'new', ...event, '--guardrail', 'shel'], { cwd })
    expect(unknown).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean `shell`?'),
    })
  })

  test('takes the built-in guardrails, and writes nothing beside them', async () => {
    const auditID = '30448d37-80f6-4433-b250-68415938f2a6'
    const args = ['test', 'new', 'builtin', '--from', recording, '--audit-id', auditID]
    expect(await cli([...args, '--guardrail', 'secret-read'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^# secret-read\n- note: /),
    })
  })

  test('writes of what holds a secret a case that holds none', async () => {
    const auditID = '30448d37-80f6-4433-b250-68415938f2a6'
    const { code, stdout } = await cli(
      ['test', 'new', 'rego', '--from', recording, '--audit-id', auditID],
      { cwd: root },
    )
    expect(code).toBe(0)
    expect(stdout).toContain('# secret-read\n')
    expect(stdout).not.toContain('bm90LWEtcmVhbC1rZXktMDAwMQ==')
    expect(readCaseFile({ file: 'a', text: stdout }).diagnostics).toEqual([])
  })
})

test('parapet test --update writes what was found', async () => {
  const cases = '# head\n- note: a\n  base: pod-exec\n  want: none # nothing yet\n'
  const cwd = folder({ 'shell.rego': GUARDRAIL, 'shell.cases.yaml': cases })
  const { code, stderr } = await cli(['test', '--update'], { cwd })
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'shell.cases.yaml: 1 case updated\n' })
  expect(readFileSync(path.join(cwd, 'shell.cases.yaml'), 'utf8')).toBe(
    '# head\n- note: a\n  base: pod-exec\n  want:\n    - admin@example.com opened a shell in web-0 # nothing yet\n',
  )
})
