import { expect, test } from 'vitest'
import * as parapet from '../src/index.ts'
import { eventLine, folder } from './support/cli.ts'

test('a guardrail is compiled and evaluated with what the library exports', async () => {
  const made = folder({
    'mine.rego': `# METADATA
# title: Shell opened
# description: Someone opened a shell.
# scope: package
# custom: {id: mine, priority: Warning}
package guardrails.custom.mine

import data.parapet.lib

violation contains lib.finding(rego.metadata.chain(), lib.actor) if input.objectRef.subresource == "exec"
`,
  })
  const toolchain = parapet.Toolchain.open()
  const { policy } = await parapet.readPolicyFolder(made)
  const { wasm, data, guardrails } = await parapet.compileGuardrails(toolchain, policy)
  await toolchain.close()
  expect(guardrails.map(({ id }) => id)).toEqual(['mine'])
  const loaded = await parapet.Policy.load(wasm, { data: JSON.parse(Buffer.from(data).toString()) })
  const bytes = Buffer.from(eventLine())
  const event = parapet.admit(bytes, 0, bytes.length, () => {})
  expect(loaded.decide(loaded.entrypoint('guardrails/violations'), event!)).toEqual([
    { id: 'mine', message: 'alice@example.com', priority: 'Warning' },
  ])
})
