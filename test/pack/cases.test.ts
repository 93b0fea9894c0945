import { expect, test } from 'vitest'
import { runTests } from '../../src/io/testing/run-tests.ts'
import { Toolchain } from '../../src/toolchain/toolchain.ts'
import { root } from '../support/cli.ts'

test('`parapet test` of the pack: cases pass, engines agree, nothing is missing', async () => {
  const toolchain = Toolchain.open()
  const answers = await runTests(toolchain, { sources: ['.'], coverage: false, cwd: root })
  await toolchain.close()
  const { tests, cases, parity, diagnostics } = answers
  expect(tests.filter(({ status }) => status !== 'pass').map(({ name }) => name)).toEqual([])
  const failed = cases.filter(({ result }) => result.status !== 'pass')
  expect(failed.map(({ result }) => `${result.case.file}: ${result.case.note}`)).toEqual([])
  const differ = parity.filter(({ count }) => count > 0)
  expect(differ.map(({ guardrail }) => guardrail.id)).toEqual([])
  expect(diagnostics.map(({ code, file }) => `${code} ${file}`)).toEqual([])
  expect(cases.length).toBeGreaterThan(500)
}, 300_000)
