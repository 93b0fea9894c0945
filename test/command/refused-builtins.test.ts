import { expect, test } from 'vitest'
import { cli, eventLine, folder } from '../support/cli.ts'

const HEAD = `# METADATA
# title: T
# description: D
# scope: package
# custom:
#   id: mine
#   priority: Notice
#   tags: [t]
package guardrails.pods.mine

import data.parapet.lib

violation contains lib.finding(rego.metadata.chain(), "m") if {
`

const CALLS = `${HEAD}	not input.dry
	some r in [x | x := http.send({"url": "http://x", "method": "get"})]
	r.status_code == 200
	opa.runtime()
}
`

const ENRICH = 'package enrich\n\nhost(name) := net.lookup_ip_addr(name)\n\nok := true\n'

const TEST = `package guardrails.pods.mine_test

import data.guardrails.pods.mine

test_it if count(mine.violation) == 0 with input as {"dry": true} with http.send as {}
`

const PLACES = [
  'mine.rego:15:22: error: `http.send` depends on where it runs [BUILTIN_REFUSED]',
  'mine.rego:17:2: error: `opa.runtime` depends on where it runs [BUILTIN_REFUSED]',
]

test('a call for which guardrails cannot be loaded is told by check, at its place', async () => {
  const cwd = folder({ 'p/mine.rego': CALLS, 'p/enrich.rego': ENRICH, 'p/mine_test.rego': TEST })
  const { code, stdout } = await cli(['check', 'p'], { cwd })
  expect(code).toBe(1)
  for (const place of PLACES) expect(stdout).toContain(`p/${place}`)
  expect(stdout).not.toContain('net.lookup')
})

test.each([
  ['scan', ['scan', '--policy', 'p', 'log.jsonl']],
  ['test', ['test', 'p', '--recordings', 'log.jsonl']],
])('and at its place by %s', async (_verb, args) => {
  const cwd = folder({ 'p/mine.rego': CALLS, 'p/enrich.rego': ENRICH, 'log.jsonl': eventLine() })
  const { code, stderr } = await cli(args, { cwd })
  expect(code).toBe(2)
  expect(stderr).toContain(`p/${PLACES[0]}`)
})

test('what no guardrail calls is no matter', async () => {
  const sound = `${HEAD}	data.enrich.ok\n}\n`
  const cwd = folder({ 'p/mine.rego': sound, 'p/enrich.rego': ENRICH, 'p/mine_test.rego': TEST })
  expect(await cli(['check', 'p'], { cwd })).toMatchObject({
    code: 0,
    stdout: '1 guardrail, no errors\n',
  })
})
