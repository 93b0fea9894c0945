import type { SignatureKey } from './key.ts'

/** A key whose signatures are accepted. */
export interface TrustedKey extends SignatureKey {
  readonly id: string
  /** What the signature's `scope` must be, where the policy itself names none. */
  readonly scope?: string
}

/** Whose bundles are accepted; OPA's `keys` and `signing` configuration as one value. */
export interface TrustPolicy {
  readonly keys: readonly TrustedKey[]
  /** Use this key whatever the signature says. With a single key it is that key's id. */
  readonly keyId?: string
  readonly scope?: string
  /** Globs of files that need not be listed, in the syntax of Go's `filepath.Match`. */
  readonly exclude?: readonly string[]
  /** Delta bundles carry no signature and are refused without this. */
  readonly allowUnsignedDeltas?: boolean
}
