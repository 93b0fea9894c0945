import { expect, test } from 'vitest'
import { cli, eventLine, folder } from '../support/cli.ts'

const SECRET = 'c3VwZXJzZWNyZXQxMjM0'

const LOG = eventLine({
  auditID: 'a-1',
  objectRef: { resource: 'secrets', namespace: 'shop', name: 'x', apiVersion: 'v1' },
  requestObject: { apiVersion: 'v1', kind: 'Secret', data: { password: SECRET } },
})

/** A guardrail whose message shows what it should not, and a rule that looks at the same. */
const GUARDRAIL = `# METADATA
# title: A secret
# scope: package
# custom:
#   id: loose
#   priority: Notice
package guardrails.secrets.loose

import data.parapet.lib

violation contains lib.finding(rego.metadata.chain(), message) if {
	input.objectRef.resource == "secrets"
	message := $"it is {input.requestObject.data.password}"
}
`

const RULES = `- rule: A secret
  desc: A secret.
  condition: >
    jevt.value[/requestObject/data/password] = "other"
    or jevt.value[/requestObject] contains "nothing"
  output: A secret (data=%jevt.value[/requestObject/data])
  priority: NOTICE
  source: k8s_audit
  tags: [parapet_loose]
`

const FILES = { 'loose.rego': GUARDRAIL, 'rules.yaml': RULES, 'log.jsonl': LOG }

test.each(['pretty', 'json', 'github'])(
  'no disagreement shows what an event holds in confidence, as %s',
  async (format) => {
    const cwd = folder(FILES)
    const options = ['--recordings', 'log.jsonl', '--falco', 'rules.yaml', '-f', format]
    const { code, stdout } = await cli(['test', 'loose.rego', ...options], { cwd })
    expect(code).toBe(1)
    expect(stdout).toContain('it is [redacted]')
    expect(stdout).not.toContain(SECRET)
  },
)

test.each(['pretty', 'json'])('nor does a case of a recording, as %s', async (format) => {
  const cwd = folder({
    ...FILES,
    'loose.cases.yaml':
      '- {note: a secret, recording: log.jsonl, auditID: a-1, want: [it is another]}\n',
  })
  const { code, stdout } = await cli(['test', '-f', format], { cwd })
  expect(code).toBe(1)
  expect(stdout).toContain('it is another')
  expect(stdout).toContain('it is [redacted]')
  expect(stdout).not.toContain(SECRET)
})

test.each(['pretty', 'json'])('nor does an explanation of a Falco rule, as %s', async (format) => {
  const cwd = folder(FILES)
  const args = ['falco', 'explain', 'A secret', 'rules.yaml', '--events', 'log.jsonl', '-f', format]
  const { code, stdout } = await cli(args, { cwd })
  expect(code).toBe(0)
  expect(stdout).toContain('jevt.value[/requestObject/data/password]')
  expect(stdout).toContain('[redacted]')
  expect(stdout).not.toContain(SECRET)
})
