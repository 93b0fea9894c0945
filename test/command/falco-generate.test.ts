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

const counts = '\tcount(input.requestURI) > 7'
/** Compiled once: what was compiled is kept. */
const files = {
  'plain.rego': guardrail('plain', '\tlib.is_person'),
  'timed.rego': guardrail('timed', counts),
  'none.rego': guardrail('none', counts, '#   falco: {mode: none, reason: It counts.}\n'),
  'wide.rego': guardrail('wide', counts, '#   falco: {mode: widen, reason: It counts.}\n'),
}

describe.skipIf(!hasToolchain)('falco generate', () => {
  test('writes rules that find what the guardrails find', async () => {
    const cwd = folder({ ...files, 'audit.log': `${secretRead}\n` })
    const { stdout } = await cli(['falco', 'generate', '.', '-o', 'rules'], { cwd })
    expect(stdout).toBe('rules/own_k8s_audit_rules.yaml\n')
    const args = ['scan', 'audit.log', '--falco', 'rules', '-f', 'jsonl', '--fail-on', 'none']
    const { json } = await cli(args, { cwd })
    const names = ['A secret was read (plain)', 'A secret was read (wide)']
    expect(json().map(({ rule }) => rule)).toEqual(names)
  })

  test('says what became of each guardrail: refused ones with the line of Rego', async () => {
    const cwd = folder(files)
    const { code, stdout, stderr } = await cli(['falco', 'generate', '.'], { cwd })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^timed: cannot be expressed: .*\(timed\.rego:16\)\n/)
    expect(stderr).toContain('2 rules for 4 guardrails, 1 of them wider than their guardrails\n')
    expect(stdout).toContain('own_person and own_answered and ka.target.resource = secrets')
    expect(stdout).toContain('Somebody read a secret. Wider than the guardrail: It counts.')
    expect(stdout).toContain('#   none: It counts.\n')
  })

  test('names of a policy’s own, which are loaded beside those of the built-in guardrails', async () => {
    const cwd = folder(files)
    const own = await cli(['falco', 'generate', '.'], { cwd })
    expect(own.stdout).toContain('- macro: own_')
    expect(own.stdout).not.toContain('- macro: parapet_')
    const args = ['falco', 'generate', '.', '-o', 'rules', '--prefix']
    expect((await cli([...args, 'acme'], { cwd })).stdout).toBe('rules/acme_k8s_audit_rules.yaml\n')
    const text = readFileSync(path.join(cwd, 'rules/acme_k8s_audit_rules.yaml'), 'utf8')
    expect(text).toContain('acme_person and acme_answered and ka.target.resource = secrets')
    expect(text).toContain('parapet_plain]')
    expect(await cli([...args, 'a-b'], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('`a-b` cannot begin the names of macros'),
    })
  })

  test('--check compares, and writes nothing', async () => {
    const cwd = folder(files)
    const write = ['falco', 'generate', '.', '-o', 'r.yaml']
    const missing = await cli([...write, '--check'], { cwd })
    expect(missing.stderr).toContain('r.yaml is not there')
    await cli(write, { cwd })
    expect((await cli([...write, '--check'], { cwd })).stderr).not.toContain('r.yaml')
    const file = path.join(cwd, 'r.yaml')
    writeFileSync(file, readFileSync(file, 'utf8').replace('NOTICE', 'WARNING'))
    const changed = await cli([...write, '--check'], { cwd })
    expect(changed).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('r.yaml is not what the guardrails give'),
    })
    expect((await cli(['falco', 'generate', '.', '--check'], { cwd })).code).toBe(2)
  })

  test('--explain shows residual, condition and outcome', async () => {
    const cwd = folder(files)
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
    const behind = await cli(['falco', 'generate', '--explain', '.'], { cwd })
    expect(behind).toMatchObject({ code: 0, stdout: all.stdout })
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
