import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isTestModule } from '../../src/rego/metadata.ts'
import type { Json } from '../../src/residual/residual.ts'
import { ParapetError } from '../../src/text/error.ts'
import { type CompiledGuardrails, compileGuardrails } from '../../src/toolchain/guardrails.ts'
import { bundlePath } from '../../src/toolchain/sources.ts'
import { boundaryEvents } from '../residual/boundary-events.ts'
import { filledData } from '../residual/pack.ts'
import { recording } from '../support/cli.ts'
import { compilePack, type Pack } from '../support/pack.ts'
import { hasToolchain } from '../toolchain/support.ts'
import { ThreeWays } from './equality.ts'
import { mutated } from './mutate-rego.ts'

/** Events that are judged in each test, in all; `npm run test:deep` takes more. */
const CASES = Number(process.env['PARAPET_CASES'] ?? 2000)
/** Of these, how many at a time. */
const BATCH = 100

const otherData: Json = {
  org: {
    registries: [],
    networks: ['2001:db8::/32', '10.1.2.3/32'],
    hours: { zone: '-08:00', days: ['Sat'], from: '00:00', to: '12:30' },
    users: { known: ['*'], break_glass: ['alice'] },
    system_namespaces: ['shop'],
  },
}

const bases = readFileSync(recording, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Json)

describe.skipIf(!hasToolchain)('the same findings with the index, without it, and in OPA', () => {
  let pack: Pack
  beforeAll(async () => {
    pack = await compilePack()
  })
  afterAll(() => pack?.toolchain.close())

  test('of the built-in guardrails, whatever their data', { timeout: CASES * 200 }, async () => {
    const documents = [pack.data as Json, filledData, otherData]
    for (const data of documents) {
      const ways = await ThreeWays.open(pack.toolchain, pack.compiled, data)
      const property = fc.asyncProperty(boundaryEvents(ways.residuals, bases, BATCH), (lines) =>
        ways.check(lines, 'the built-in pack'),
      )
      const numRuns = Math.ceil(CASES / BATCH / documents.length)
      await expect(fc.assert(property, { numRuns, endOnFailure: true })).resolves.toBeUndefined()
      const { found, events } = ways.tally
      expect(found).toBeGreaterThan(events / 10)
      expect(found).toBeLessThan(events)
      await ways.close()
    }
  })

  test('of changed guardrails', { timeout: CASES * 200 }, async () => {
    let events = 0
    const choice = fc.record({
      guardrail: fc.nat(),
      change: fc.nat(),
      data: fc.constantFrom(pack.data as Json, filledData, otherData),
    })
    const property = fc.asyncProperty(choice, fc.gen(), async (chosen, draw) => {
      const compiled = await compileMutant(chosen.guardrail, chosen.change)
      if (!compiled) return
      const ways = await ThreeWays.open(pack.toolchain, compiled, chosen.data)
      try {
        const open = ways.residuals.some((residual) => residual.length > 0)
        const lines = open
          ? draw(() =>
              boundaryEvents(
                ways.residuals.filter((one) => one.length > 0),
                bases,
                BATCH,
              ),
            )
          : bases.slice(0, BATCH).map((event) => JSON.stringify(event))
        await ways.check(lines, compiled.policy.modules.at(-1)!.text)
        events += lines.length
      } finally {
        await ways.close()
      }
    })
    const numRuns = Math.ceil(CASES / BATCH)
    await expect(fc.assert(property, { numRuns, endOnFailure: true })).resolves.toBeUndefined()
    // Few changes make a policy that OPA refuses.
    expect(events).toBeGreaterThan(CASES / 2)
  })

  /** One changed guardrail with the library; undefined where OPA refuses it. */
  async function compileMutant(
    guardrail: number,
    change: number,
  ): Promise<CompiledGuardrails | undefined> {
    const { guardrails } = pack.compiled
    const { file } = guardrails[guardrail % guardrails.length]!
    const others = new Set(guardrails.map((one) => one.file))
    const { modules } = pack.sources
    const library = modules.filter(
      (one) => !others.has(one.file) && !isTestModule({ path: bundlePath(one) }),
    )
    const original = modules.find((one) => one.file === file)!
    const text = mutated(original.text, change)
    if (text === undefined) return undefined
    const policy = { ...pack.sources, modules: [...library, { ...original, text }] }
    return compileGuardrails(pack.toolchain, policy).catch((error: unknown) => {
      if (error instanceof ParapetError) return undefined
      throw error
    })
  }
})
