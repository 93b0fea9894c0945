import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root } from '../support/cli.ts'
import { scenarios } from '../support/labels.ts'
import { compilePack, type Pack } from '../support/pack.ts'

let pack: Pack
beforeAll(async () => {
  pack = await compilePack()
})
afterAll(() => pack.toolchain.close())

test('the Rego tests of the pack pass', async () => {
  const report = await pack.toolchain.test(pack.sources)
  const failed = report.tests.filter((result) => result.status !== 'pass')
  expect(failed).toEqual([])
  expect(report.tests.length).toBeGreaterThan(100)
})

test('every guardrail has tests beside it', () => {
  const files = new Set(pack.sources.modules.map((module) => module.path))
  for (const { file } of pack.compiled.guardrails) {
    expect(files).toContain(file.replace(/^rego\//, '').replace(/\.rego$/, '_test.rego'))
  }
})

test('the table of scenarios names only guardrails that exist', () => {
  const ids = pack.compiled.guardrails.map(({ id }) => id)
  const named = Object.values(scenarios()).flat()
  expect(named.filter((id) => !ids.includes(id))).toEqual([])
})

/** The tactics of ATT&CK's Containers matrix that each technique used here serves. */
const tacticsOfTechnique: Readonly<Record<string, readonly string[]>> = {
  T1036: ['defense_evasion'],
  T1046: ['discovery'],
  T1053: ['execution', 'persistence', 'privilege_escalation'],
  T1069: ['discovery'],
  T1070: ['defense_evasion'],
  T1078: ['defense_evasion', 'persistence', 'privilege_escalation', 'initial_access'],
  T1098: ['persistence', 'privilege_escalation'],
  T1110: ['credential_access'],
  T1133: ['persistence', 'initial_access'],
  T1136: ['persistence'],
  T1190: ['initial_access'],
  T1204: ['execution'],
  T1485: ['impact'],
  T1499: ['impact'],
  T1528: ['credential_access'],
  T1543: ['persistence', 'privilege_escalation'],
  T1550: ['defense_evasion', 'lateral_movement'],
  T1552: ['credential_access'],
  T1562: ['defense_evasion'],
  T1609: ['execution'],
  T1610: ['defense_evasion', 'execution'],
  T1611: ['privilege_escalation'],
  T1613: ['discovery'],
}

describe('every guardrail answers what a reviewer asks', () => {
  test('why it matters, what benign activity looks like it, what evades it', () => {
    for (const { id, custom } of pack.compiled.guardrails) {
      for (const field of ['why', 'benign', 'evasions']) {
        expect(String(custom[field] ?? '').length, `${id}: ${field}`).toBeGreaterThan(40)
      }
    }
  })

  test('a tactic and a technique of ATT&CK, and a page about the technique', () => {
    for (const { id, tags, references } of pack.compiled.guardrails) {
      const techniques = tags.filter((tag) => /^T\d{4}(\.\d{3})?$/.test(tag))
      expect(techniques.length, id).toBeGreaterThan(0)
      expect(tags.filter((tag) => tag.startsWith('mitre_')).length, id).toBeGreaterThan(0)
      const pages = references.map(({ ref }) => ref)
      const page = (technique: string): string =>
        `https://attack.mitre.org/techniques/${technique.replace('.', '/')}/`
      expect(
        techniques.some((technique) => pages.includes(page(technique))),
        id,
      ).toBe(true)
    }
  })

  test('techniques that serve its tactics, and tactics that its techniques serve', () => {
    for (const { id, tags } of pack.compiled.guardrails) {
      const tactics = tags.filter((tag) => tag.startsWith('mitre_')).map((tag) => tag.slice(6))
      const served = tags
        .filter((tag) => /^T\d{4}/.test(tag))
        .map((technique) => tacticsOfTechnique[technique.slice(0, 5)] ?? [])
      for (const of of served)
        expect(
          of.some((tactic) => tactics.includes(tactic)),
          id,
        ).toBe(true)
      for (const tactic of tactics) expect(served.flat(), id).toContain(tactic)
    }
  })

  test('controls of SOC 2, HIPAA and the GDPR, in the words of docs/controls.md', () => {
    const text = readFileSync(path.join(root, 'docs/controls.md'), 'utf8')
    for (const { id, controls } of pack.compiled.guardrails) {
      expect(Object.keys(controls), id).toEqual(['gdpr', 'hipaa', 'soc2'])
      for (const control of Object.values(controls).flat()) {
        expect(text, `${id}: ${control}`).toContain(`**${control}**`)
      }
    }
  })

  test('an identity that follows from its package', () => {
    for (const { id, package: name } of pack.compiled.guardrails) {
      expect(id).toBe(name.split('.').at(-1)!.replaceAll('_', '-'))
    }
  })
})
