/**
 * Bundles as a library: `import { readBundle, verifyBundle } from 'parapet/bundle'`. Bytes and values
 * in, bytes and values out; nothing here touches files or the network.
 */
export { ARCHIVE_LIMITS, type ArchiveFile, type ArchiveLimits, unpackArchive } from './archive.ts'
export { assemble, type Assembly } from './assemble.ts'
export type {
  Bundle,
  BundleModule,
  Manifest,
  PatchOperation,
  Signatures,
  WasmResolver,
} from './bundle.ts'
export { type DataChange, diffData } from './data-diff.ts'
export { deltaBundle } from './delta.ts'
export { type BundleDiff, diffBundles, type GuardrailDifference, type Syntax } from './diff.ts'
export { hashFile, isStructured } from './hash.ts'
export { type Inspection, inspectBundle } from './inspect.ts'
export { type KeyPair, newKeyPair } from './key-pair.ts'
export { type KeyOptions, readKey, type SignatureKey } from './key.ts'
export { openTrusted } from './open.ts'
export { bundleFromFiles, type BundleReading, readBundle } from './read.ts'
export { type ListedFile, signFiles, type SignOptions } from './sign.ts'
export { type BundleSources, readSources } from './sources.ts'
export type { TrustedKey, TrustPolicy } from './trust.ts'
export { readTrustFile, type TrustSpec } from './trust-file.ts'
export { type Verification, verifyBundle } from './verify.ts'
export { packBundle, withSignatures } from './write.ts'
