import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hasToolchain, openToolchain } from '../toolchain/support.ts'
import { generated } from './generated.ts'

describe.skipIf(!hasToolchain)('generated policies', () => {
  const toolchain = openToolchain()

  test(
    'have residuals that say of generated events what OPA says',
    { timeout: 300_000 },
    async () => {
      const run = fc.assert(generated(toolchain), { numRuns: 80 })
      await expect(run).resolves.toBeUndefined()
    },
  )
})
