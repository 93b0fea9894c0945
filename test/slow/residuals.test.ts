import { readFileSync } from 'node:fs'
import path from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isExact } from '../../src/residual/opaque.ts'
import type { Json } from '../../src/residual/residual.ts'
import { boundaryEvents } from '../residual/boundary-events.ts'
import { generated } from '../residual/generated.ts'
import { filledData, PackOracle } from '../residual/pack.ts'
import { root } from '../support/cli.ts'
import { compilePack, type Pack } from '../support/pack.ts'
import { hasToolchain, openToolchain } from '../toolchain/support.ts'

/** `PARAPET_RUNS` says how many policies, twenty events each. */
const RUNS = Number(process.env['PARAPET_RUNS'] ?? 2000)

describe.skipIf(!hasToolchain)('generated policies, many of them', () => {
  const toolchain = openToolchain()

  test('have residuals that say of generated events what OPA says', async () => {
    await expect(fc.assert(generated(toolchain), { numRuns: RUNS })).resolves.toBeUndefined()
  })
})

describe.skipIf(!hasToolchain)(
  'the built-in guardrails, with many events around their boundaries',
  () => {
    let pack: Pack
    beforeAll(async () => {
      pack = await compilePack()
    })
    afterAll(() => pack?.toolchain.close())

    test.each([
      ['their own data', undefined],
      ['lists that are filled', filledData],
    ])(
      'find what their residuals leave open, and nothing that these rule out: %s',
      async (_, data) => {
        const oracle = await PackOracle.open(pack, data ?? (pack.data as Json))
        const recording = readFileSync(path.join(root, 'test/recordings/cluster.jsonl'), 'utf8')
        const bases = recording
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as Json)
        const property = fc.asyncProperty(boundaryEvents(oracle.residuals, bases, 100), (lines) =>
          oracle.check(lines),
        )
        await expect(
          fc.assert(property, { numRuns: Math.ceil(RUNS / 10) }),
        ).resolves.toBeUndefined()
        if (!data) return
        // Else the events would prove little. Of what is not understood they are made at random.
        const exact = pack.compiled.guardrails.filter((_, i) => isExact(oracle.residuals[i]!))
        const never = exact.filter(({ id }) => {
          const { found, ruledOut } = oracle.tallies.get(id)!
          return found === 0 || ruledOut === 0
        })
        expect(never.map(({ id }) => id)).toEqual([])
      },
    )
  },
)
