import type { EncodedResiduals } from '../residual/encode.ts'
import { unpackArchive } from './archive.ts'

/** What a scan needs of a bundle. */
export interface OwnBundle {
  readonly wasm: Uint8Array
  readonly data: unknown
  readonly metadata: {
    /** As METADATA describes them. */
    readonly guardrails: readonly unknown[]
    readonly residuals: EncodedResiduals
  }
}

/**
 * Reads the bundle that comes with Parapet, which is a part of the program: it was checked when it was
 * built, and to check it again (see read.ts) would take a third of the time of a short scan.
 */
export async function readOwnBundle(bytes: Uint8Array, file: string): Promise<OwnBundle> {
  const files = new Map<string, Uint8Array>()
  for (const { name, bytes: content } of await unpackArchive(bytes, file)) files.set(name, content)
  const json = (name: string): unknown => JSON.parse(new TextDecoder().decode(files.get(name)))
  const { metadata } = json('/.manifest') as Pick<OwnBundle, 'metadata'>
  return { wasm: files.get('/policy.wasm')!, data: json('/data.json'), metadata }
}
