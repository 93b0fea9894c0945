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
