import { expect, test } from 'vitest'
import { runTests } from '../../src/io/testing/run-tests.ts'
import { Toolchain } from '../../src/toolchain/toolchain.ts'
import { root } from '../support/cli.ts'

test('`parapet test` of the pack: cases pass, engines agree, nothing is missing or undecided', async () => {
  const toolchain = Toolchain.open()
  const answers = await runTests(toolchain, { sources: ['.'], coverage: true, cwd: root })
  await toolchain.close()
  const { tests, cases, parity, alternatives, diagnostics } = answers
  expect(tests.filter(({ status }) => status !== 'pass').map(({ name }) => name)).toEqual([])
  const failed = cases.filter(({ result }) => result.status !== 'pass')
  expect(failed.map(({ result }) => `${result.case.file}: ${result.case.note}`)).toEqual([])
  const differ = parity.filter(({ count }) => count > 0)
  expect(differ.map(({ guardrail }) => guardrail.id)).toEqual([])
  expect(diagnostics.map(({ code, file }) => `${code} ${file}`)).toEqual([])
  // Only what data that is a text in place of a list would do.
  const undecided = alternatives.filter(({ isDecided }) => !isDecided)
  expect(undecided.map(({ text }) => text)).toEqual([
    'data.org.networks is string and data.org.networks != ""',
    'data.org.users.known is string and data.org.users.known != ""',
  ])
  expect(cases.length).toBeGreaterThan(500)
}, 300_000)
