import { locate } from '../text/diagnostic.ts'
import { ParapetError } from '../text/error.ts'
import type { ArchiveLimits } from './archive.ts'
import { type BundleReading, readBundle } from './read.ts'
import type { TrustPolicy } from './trust.ts'
import { verifyBundle } from './verify.ts'

/**
 * Reads a bundle that must be signed by somebody trusted; `readBundle` for whoever does not ask.
 * @throws {ParapetError} `SIGNATURE_…` where the trust policy refuses it, `BUNDLE_…` as `readBundle`
 */
export async function openTrusted(
  bytes: Uint8Array,
  trust: TrustPolicy,
  options: { file: string; limits?: ArchiveLimits },
): Promise<BundleReading> {
  const reading = await readBundle(bytes, options)
  const { diagnostics } = await verifyBundle(reading.bundle, trust, options)
  ParapetError.throwFirst(diagnostics.map((diagnostic) => locate(diagnostic, [])))
  return reading
}

/**
 * A bundle that somebody trusted signed, or anybody's where nobody is asked for.
 * @throws {ParapetError} as `openTrusted` and `readBundle`
 */
export function openBundle(
  bytes: Uint8Array,
  trust: TrustPolicy | undefined,
  options: { file: string; limits?: ArchiveLimits },
): Promise<BundleReading> {
  return trust ? openTrusted(bytes, trust, options) : readBundle(bytes, options)
}
