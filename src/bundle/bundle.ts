import type { Json } from './json.ts'

/** `.manifest`: OPA's fields, with its defaults filled in. */
export interface Manifest {
  /** Empty where the manifest gives none. */
  readonly revision: string
  /** The paths in `data` that the bundle owns, without slashes at the ends; `['']` owns everything. */
  readonly roots: readonly string[]
  readonly wasm: readonly WasmResolver[]
  /** 0, 1 or 2. */
  readonly regoVersion?: number
  /** Glob of a file name → Rego version. */
  readonly fileRegoVersions?: Readonly<Record<string, number>>
  readonly metadata?: Readonly<Record<string, unknown>>
}

/** One entrypoint of a WASM module. */
export interface WasmResolver {
  /** A path in `data`, with slashes: `guardrails/violations`. */
  readonly entrypoint: string
  /** The module's name in the archive: `/policy.wasm`. */
  readonly module: string
  readonly annotations: readonly Json[]
}

/** A Rego file of a bundle. */
export interface BundleModule {
  /** The name as it stands in the archive. */
  readonly path: string
  /** The package's path in `data`: `['guardrails', 'workloads', 'pod_exec']`. */
  readonly package: readonly string[]
  readonly text: string
}

/** `.signatures.json`. */
export interface Signatures {
  /** JWS in compact form; OPA takes exactly one. */
  readonly signatures: readonly string[]
  /** The verifier's name; absent or `_default` is OPA's own. */
  readonly plugin?: string
}

/** One operation of a delta bundle. */
export interface PatchOperation {
  readonly op: 'upsert' | 'remove' | 'replace'
  readonly path: string
  readonly value?: Json
}

/** What a bundle archive holds, read by OPA's rules. */
export interface Bundle {
  readonly kind: 'snapshot' | 'delta'
  readonly manifest: Manifest
  /** False where the archive has no `.manifest`, and every field has its default. */
  readonly hasManifest: boolean
  readonly modules: readonly BundleModule[]
  /** By the name in the archive, as the manifest refers to it: `/policy.wasm`. */
  readonly wasm: ReadonlyMap<string, Uint8Array>
  /** All data documents merged, as plain values; numbers are doubles. */
  readonly data: Readonly<Record<string, unknown>>
  readonly signatures?: Signatures
  /** A delta bundle's operations. */
  readonly patch?: readonly PatchOperation[]
  /**
   * Every regular file in archive order, by the name that a signature lists: without one leading
   * `/`. The signatures file is among them.
   */
  readonly files: ReadonlyMap<string, Uint8Array>
}
