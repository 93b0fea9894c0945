import { randomBytes } from 'node:crypto'
import type { PolicyOptions } from '../../rego/policy.ts'

/**
 * What a policy may know of this machine: its clock, its dice, and OPA's own code for the builtins
 * that Parapet does not have. The code is loaded only by a policy that needs it.
 */
export const environment: Required<Pick<PolicyOptions, 'clock' | 'random' | 'loadBuiltins'>> = {
  clock: () => BigInt(Date.now()) * 1_000_000n,
  random: (size) => randomBytes(size),
  loadBuiltins: async () => (await import('../../toolchain/builtins.ts')).opaBuiltins(),
}
