import { gunzipSync } from 'node:zlib'
import type { EncodedResiduals } from '../residual/encode.ts'

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

const BLOCK = 512
/** Where a tar header has the entry's size: octal digits. */
const SIZE = { start: 124, end: 135 }

/**
 * Reads the bundle that comes with Parapet, which is a part of the program: it was checked when it was
 * built, and to check it again (see read.ts) would take a third of the time of a short scan.
 */
export function readOwnBundle(bytes: Uint8Array): OwnBundle {
  const tar = gunzipSync(bytes)
  const json = (name: string): unknown => JSON.parse(fileIn(tar, name).toString())
  const { metadata } = json('/.manifest') as Pick<OwnBundle, 'metadata'>
  return { wasm: fileIn(tar, '/policy.wasm'), data: json('/data.json'), metadata }
}

/** A file with a short name in a tar as `tar-write.ts` makes it: an entry is a header and whole blocks. */
function fileIn(tar: Buffer, name: string): Buffer {
  const wanted = `${name}\0`
  for (let at = 0; at < tar.length;) {
    const size = Number.parseInt(tar.toString('latin1', at + SIZE.start, at + SIZE.end), 8)
    const start = at + BLOCK
    if (tar.toString('latin1', at, at + wanted.length) === wanted)
      return tar.subarray(start, start + size)
    at = start + Math.ceil(size / BLOCK) * BLOCK
  }
  throw new Error(`the bundle that comes with Parapet has no \`${name}\``)
}
