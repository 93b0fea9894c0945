import { afterAll, beforeAll, expect, test } from 'vitest'
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
