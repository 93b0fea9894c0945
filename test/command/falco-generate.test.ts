import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { cli, eventLine, folder } from '../support/cli.ts'
import { hasToolchain } from '../toolchain/support.ts'

function guardrail(name: string, body: string, falco = ''): string {
  return `# METADATA
# title: A secret was read
# description: Somebody read a secret.
# scope: package
# custom:
#   id: ${name}
#   priority: Notice
#   tags: [T1552]
${falco}package guardrails.secrets.${name}

import data.parapet.lib

violation contains lib.finding(rego.metadata.chain(), "read") if {
	input.objectRef.resource == "secrets"
	lib.is_answered
${body}
}
`
}

const plain = guardrail('plain', '\tlib.is_person')
const timed = guardrail('timed', '\tcount(input.requestURI) > 7')

describe.skipIf(!hasToolchain)('falco generate', () => {
  test('writes rules that find what the guardrails find', async () => {
    const cwd = folder({ 'plain.rego': plain, 'audit.log': `${secretRead}\n` })
    const { code, stdout } = await cli(['falco', 'generate', '.', '-o', 'rules'], { cwd })
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'rules/parapet_k8s_audit_rules.yaml\n' })
    const scanned = await cli(
      ['scan', 'audit.log', '--falco', 'rules', '-p', '.', '-f', 'jsonl', '--fail-on', 'none'],
      { cwd },
    )
    expect(scanned.json().map(({ engine, rule }) => `${engine}: ${rule}`)).toEqual([
      'rego: plain',
      'falco: A secret was read',
    ])
  })

  test('without --output to standard output, and what became of guardrails to standard error', async () => {
    const cwd = folder({ 'plain.rego': plain })
    const { stdout, stderr } = await cli(['falco', 'generate', 'plain.rego'], { cwd })
    expect(stdout).toContain('- rule: A secret was read\n')
    expect(stdout).toContain('parapet_person and parapet_answered and ka.target.resource = secrets')
    expect(stderr).toBe('1 rule for 1 guardrail\n')
  })

  test('two guardrails of one title are two rules', async () => {
    const cwd = folder({ 'plain.rego': plain, 'other.rego': guardrail('other', '\tlib.is_denied') })
    const { stdout } = await cli(['falco', 'generate', '.'], { cwd })
    expect(stdout).toContain('- rule: A secret was read (other)\n')
    expect(stdout).toContain('- rule: A secret was read (plain)\n')
  })

  test('--check compares, and writes nothing', async () => {
    const cwd = folder({ 'plain.rego': plain })
    const check = ['falco', 'generate', '.', '-o', 'r.yaml', '--check']
    const missing = await cli(check, { cwd })
    expect(missing.code).toBe(1)
    expect(missing.stderr).toContain('r.yaml is not there')
    await cli(['falco', 'generate', '.', '-o', 'r.yaml'], { cwd })
    expect((await cli(check, { cwd })).code).toBe(0)
    const file = path.join(cwd, 'r.yaml')
    writeFileSync(file, readFileSync(file, 'utf8').replace('NOTICE', 'WARNING'))
    const changed = await cli(check, { cwd })
    expect(changed.code).toBe(1)
    expect(changed.stderr).toContain('r.yaml is not what the guardrails give')
    expect((await cli(['falco', 'generate', '.', '--check'], { cwd })).code).toBe(2)
  })

  test('what Falco cannot say is refused with the line of Rego, until METADATA says otherwise', async () => {
    const cwd = folder({ 'timed.rego': timed })
    const refused = await cli(['falco', 'generate', '.'], { cwd })
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(/^timed: cannot be expressed: .*\(timed\.rego:16\)\n/)
    const none = '#   falco: {mode: none, reason: Falco cannot count.}\n'
    writeFileSync(
      path.join(cwd, 'timed.rego'),
      guardrail('timed', '\tcount(input.requestURI) > 7', none),
    )
    const stated = await cli(['falco', 'generate', '.'], { cwd })
    expect(stated.code).toBe(0)
    expect(stated.stdout).toContain('#   timed: Falco cannot count.\n')
    const wider = '#   falco: {mode: widen, reason: Falco cannot count.}\n'
    writeFileSync(
      path.join(cwd, 'timed.rego'),
      guardrail('timed', '\tcount(input.requestURI) > 7', wider),
    )
    const widened = await cli(['falco', 'generate', '.'], { cwd })
    expect(widened.code).toBe(0)
    expect(widened.stdout).toContain('condition: parapet_answered and ka.target.resource = secrets')
    expect(widened.stderr).toContain('1 rule for 1 guardrail, 1 of them wider')
  })

  test('--explain shows residual, condition and outcome', async () => {
    const cwd = folder({ 'plain.rego': plain, 'timed.rego': timed })
    const { code, stdout } = await cli(['falco', 'generate', '.', '--explain', 'timed'], { cwd })
    expect(code).toBe(0)
    expect(stdout).toContain('    input.objectRef.resource == "secrets"\n')
    expect(stdout).toContain('timed: cannot be expressed: ')
    const all = await cli(['falco', 'generate', '.', '--explain'], { cwd })
    expect(all.stdout).toContain('  outcome:\n    plain: exact\n')
    const unknown = await cli(['falco', 'generate', '.', '--explain', 'plan'], { cwd })
    expect(unknown).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean `plain`?'),
    })
  })

  test('a mistake in METADATA names what was meant', async () => {
    const falco = '#   falco: {mode: widened}\n'
    const cwd = folder({ 'plain.rego': guardrail('plain', '\tlib.is_person', falco) })
    const { code, stderr } = await cli(['falco', 'generate', '.'], { cwd })
    expect(code).toBe(2)
    expect(stderr).toContain('unknown mode `widened` in `custom.falco`')
    expect(stderr).toContain('did you mean `widen`?')
  })
})

const secretRead = eventLine({
  verb: 'get',
  objectRef: { resource: 'secrets', namespace: 'shop', name: 'db' },
  responseStatus: { code: 200 },
})
