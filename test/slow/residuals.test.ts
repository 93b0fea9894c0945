import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { generated } from '../residual/generated.ts'
import { hasToolchain, openToolchain } from '../toolchain/support.ts'

/** `PARAPET_RUNS` says how many policies, twenty events each. */
const RUNS = Number(process.env['PARAPET_RUNS'] ?? 2000)

describe.skipIf(!hasToolchain)('generated policies, many of them', () => {
  const toolchain = openToolchain()

  test('have residuals that say of generated events what OPA says', async () => {
    await expect(fc.assert(generated(toolchain), { numRuns: RUNS })).resolves.toBeUndefined()
  })
})
