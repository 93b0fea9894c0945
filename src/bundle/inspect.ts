import { inGroups } from '../text/groups.ts'
import type { Bundle, Manifest } from './bundle.ts'
import { hashFile } from './hash.ts'
import { type FileKind, isJunk, kindOf } from './names.ts'
import { shippedGuardrails, type ShippedGuardrail } from './shipped.ts'
import { readSources } from './sources.ts'

/** What stands in a bundle, for a reader. */
export interface Inspection {
  readonly kind: Bundle['kind']
  readonly manifest: Manifest
  readonly hasManifest: boolean
  readonly files: readonly InspectedFile[]
  readonly packages: readonly { readonly name: string; readonly files: readonly string[] }[]
  readonly guardrails: readonly ShippedGuardrail[]
  readonly signature:
    | { readonly state: 'none' }
    | { readonly state: 'unchecked'; readonly claims: SignatureClaims }
  /** Version of OPA that compiled it, where the bundle carries its sources. */
  readonly compiledBy: string | undefined
  /** Size unpacked, in bytes. */
  readonly bytes: number
}

export interface InspectedFile {
  readonly name: string
  readonly kind: FileKind | 'leftover'
  readonly bytes: number
  /** SHA-256 in hex, as a signature would list it. */
  readonly hash: string
}

/** What a signature says of itself, before anybody has checked it. */
export interface SignatureClaims {
  readonly keyId: string | undefined
  readonly algorithm: string | undefined
  readonly scope: string | undefined
}

/** Describes a bundle without judging it. */
export function inspectBundle(bundle: Bundle): Inspection {
  const files = [...bundle.files].map(([name, bytes]) => inspectFile(name, bytes))
  const token = bundle.signatures?.signatures[0]
  return {
    kind: bundle.kind,
    manifest: bundle.manifest,
    hasManifest: bundle.hasManifest,
    files,
    packages: packagesOf(bundle),
    guardrails: shippedGuardrails(bundle),
    signature:
      token === undefined ? { state: 'none' } : { state: 'unchecked', claims: claimsOf(token) },
    compiledBy: readSources(bundle)?.opa,
    bytes: files.reduce((total, file) => total + file.bytes, 0),
  }
}

function inspectFile(name: string, bytes: Uint8Array): InspectedFile {
  const kind = isJunk(name) ? 'leftover' : kindOf(name)
  return { name, kind, bytes: bytes.length, hash: hashFile(name, bytes) }
}

function packagesOf(bundle: Bundle): { name: string; files: string[] }[] {
  return [...inGroups(bundle.modules, (module) => module.package.join('.'))]
    .map(([name, modules]) => ({ name, files: modules.map((module) => module.path) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

function claimsOf(token: string): SignatureClaims {
  const [header, payload] = token.split('.').slice(0, 2).map(decoded)
  const text = (value: unknown): string | undefined =>
    typeof value === 'string' && value !== '' ? value : undefined
  return {
    keyId: text(header?.['kid']) ?? text(payload?.['keyid']),
    algorithm: text(header?.['alg']),
    scope: text(payload?.['scope']),
  }
}

function decoded(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
