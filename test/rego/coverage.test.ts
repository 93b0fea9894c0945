import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { loadBuiltins } from '../../src/rego/builtins/index.ts'
import { opaBuiltins } from '../../src/toolchain/builtins.ts'
import { Toolchain } from '../../src/toolchain/toolchain.ts'
import { exceptions } from '../conformance/exceptions.ts'
import { operandsOf } from './operands.ts'
import { hasToolchain } from './support.ts'

/** These are tested in evaluations: they depend on the clock, on dice, or print. */
const STATEFUL = ['internal.print', 'rand.intn', 'time.now_ns', 'uuid.rfc4122']

async function capabilities(): Promise<string[]> {
  const toolchain = Toolchain.open({ cacheDir: null })
  try {
    const version = await toolchain.version({ capabilities: true })
    return (version.capabilities as { builtins: { name: string }[] }).builtins.map((b) => b.name)
  } finally {
    toolchain.close()
  }
}

describe.skipIf(!hasToolchain)('the builtins of OPA', async () => {
  const names = hasToolchain ? await capabilities() : []

  test('every one that Parapet answers is checked against OPA', async () => {
    const own = [...(await loadBuiltins(names)).keys()]
    expect(own.toSorted()).toEqual([...Object.keys(operandsOf), ...STATEFUL].toSorted())
  })

  test('every one is answered, by WASM, by Parapet or by OPA’s own code', () => {
    const opa = opaBuiltins()
    // The compiler rewrites these; no module ever calls them.
    const rewritten = new Set(['assign', 'eq', 'print'])
    expect(names.filter((name) => !rewritten.has(name) && !opa(name))).toEqual([])
  })
})

test('the documentation lists the exceptions of the conformance suite, and no others', () => {
  const page = readFileSync(new URL('../../docs/conformance.md', import.meta.url), 'utf8')
  const table = page.slice(page.indexOf('## Exceptions'), page.indexOf('## Who answers'))
  const listed = [...table.matchAll(/^\| `(.+?)` \|/gm)].map((match) => match[1]!)
  expect(listed.toSorted()).toEqual(Object.keys(exceptions).toSorted())
  expect(page).toMatch(new RegExp(`^\\d+ passed, ${listed.length} failed$`, 'm'))
})
