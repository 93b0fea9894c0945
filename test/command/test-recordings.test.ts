import { expect, test } from 'vitest'
import { type CliResult, cli, eventLine, folder } from '../support/cli.ts'

const GUARDRAIL = `# METADATA
# title: A shell
# scope: package
# custom:
#   id: shell
#   priority: Notice
package guardrails.pods.shell

import data.parapet.lib

violation contains lib.finding(rego.metadata.chain(), "m") if input.objectRef.subresource == "exec"
`

const RULES = `- rule: A shell
  desc: A shell.
  condition: ka.target.subresource = exec
  output: A shell
  priority: NOTICE
  source: k8s_audit
  tags: [parapet_shell]
`

function compare(log: string, ...more: string[]): Promise<CliResult> {
  const cwd = folder({ 'shell.rego': GUARDRAIL, 'rules.yaml': RULES, 'log.jsonl': log })
  const args = ['test', 'shell.rego', '--falco', 'rules.yaml', '--recordings', 'log.jsonl', ...more]
  return cli(args, { cwd })
}

test('how many events were compared is said', async () => {
  const { code, stdout } = await compare(`${eventLine()}\n${eventLine()}\n`)
  expect(code).toBe(0)
  expect(stdout).toBe(`2 events of recordings were compared
1 comparison of engines: 1 passed, 0 failed
`)
  const json = await compare(eventLine(), '-f', 'json')
  expect(JSON.parse(json.stdout)).toMatchObject({ recordings: { events: 1, unread: 0 } })
})

test('what was not compared is no agreement', async () => {
  const { code, stdout } = await compare(`${eventLine()}\n${eventLine().slice(0, -20)}\n`)
  expect(code).toBe(2)
  expect(stdout).toMatch(/^log\.jsonl:2: error: not compared: /)
  expect(stdout).toContain('1 event of recordings was compared, 1 could not be\n')
})

test('of much that was not compared the first is shown, and all is counted', async () => {
  const { code, stdout } = await compare(`${eventLine()}\n${'{"kind": "Event",\n'.repeat(13)}`)
  expect(code).toBe(2)
  expect(stdout.match(/not compared/g)).toHaveLength(10)
  expect(stdout).toContain('1 event of recordings was compared, 13 could not be\n')
  const tap = await compare('{"kind": "Event",\n', '-f', 'tap')
  expect(tap.stdout).toContain('# 0 events of recordings were compared, 1 could not be\n')
})

test('a disagreement is not more than what could not be compared', async () => {
  const cwd = folder({ 'shell.rego': GUARDRAIL, 'log.jsonl': `${eventLine()}\n{"kind"\n` })
  const rules = RULES.replace('exec', 'attach')
  const wrong = folder({ 'rules.yaml': rules })
  const args = ['--falco', `${wrong}/rules.yaml`, '--recordings', 'log.jsonl']
  const { code, stdout } = await cli(['test', 'shell.rego', ...args], { cwd })
  expect(code).toBe(2)
  expect(stdout).toContain('1 failed')
})

test('nor is an event on which every engine fails', async () => {
  const conflict = 'level := 1 if input.verb == "create"\n\nlevel := 2 if input.verb != "get"\n'
  const rego = `${GUARDRAIL.replace(' if input', ' if {\n\tlevel > 0\n\tinput').trimEnd()}\n}\n`
  const lines = [eventLine({ verb: 'get' }), eventLine({ verb: 'create' })]
  const cwd = folder({ 'shell.rego': `${rego}\n${conflict}`, 'log.jsonl': lines.join('\n') })
  const args = ['test', 'shell.rego', '--recordings', 'log.jsonl']
  const { code, stdout } = await cli(args, { cwd })
  expect(code).toBe(2)
  expect(stdout).toMatch(/^log\.jsonl:2: error: not compared: .*conflict/m)
  expect(stdout).toContain('1 event of recordings was compared, 1 could not be\n')
})

test('recordings without events are no answer', async () => {
  const cwd = folder({ 'shell.rego': GUARDRAIL })
  const { code, stdout } = await cli(['test', 'shell.rego', '--recordings', '-'], {
    cwd,
    stdin: '',
  })
  expect(code).toBe(2)
  expect(stdout).toContain('<stdin>:1: error: nothing was compared')
})

test('nor are Falco rules without guardrails', async () => {
  const cases = '- {note: a shell, base: pod-exec, want: {count: 1}}\n'
  const files = { 'rules.yaml': RULES, 'rules.cases.yaml': cases, 'log.jsonl': eventLine() }
  const args = ['test', '--recordings', 'log.jsonl']
  const { code, stderr } = await cli(args, { cwd: folder(files) })
  expect(code).toBe(2)
  expect(stderr).toContain('no guardrail to compare on recordings')
})
