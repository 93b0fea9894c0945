import { gunzipSync } from 'node:zlib'
import { unpackTar as unpack } from 'modern-tar'
import { ParapetError } from '../text/error.ts'
import {
  BUNDLE_ARCHIVE_BYTES_MAX,
  BUNDLE_ENTRIES_MAX,
  BUNDLE_UNPACKED_BYTES_MAX,
} from '../text/limits.ts'
import { guardHeaders } from './headers.ts'

/**
 * From the bytes of a `.tar.gz` to its regular files, in archive order. Whatever could make two
 * readers see two different archives is refused: what OPA verifies must be what Parapet runs.
 */
export interface ArchiveFile {
  /** The name as it stands in the archive, leading `/` or `./` included. */
  readonly name: string
  readonly bytes: Uint8Array
}

/** Bounds of an archive, all in bytes except `entries`. */
export interface ArchiveLimits {
  readonly archiveBytes: number
  readonly unpackedBytes: number
  readonly entries: number
}

export const ARCHIVE_LIMITS: ArchiveLimits = {
  archiveBytes: BUNDLE_ARCHIVE_BYTES_MAX,
  unpackedBytes: BUNDLE_UNPACKED_BYTES_MAX,
  entries: BUNDLE_ENTRIES_MAX,
}

/**
 * Unpacks a gzip tar in memory.
 * @throws {ParapetError} `BUNDLE_TOO_LARGE`, `BUNDLE_GZIP`, `BUNDLE_ARCHIVE`, `BUNDLE_ENTRY`
 */
export async function unpackArchive(
  bytes: Uint8Array,
  file: string,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): Promise<ArchiveFile[]> {
  return unpackTar(gunzip(bytes, file, limits), file, limits)
}

/** `unpackArchive` for a tar that is not compressed. */
export async function unpackTar(
  tar: Uint8Array,
  file: string,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): Promise<ArchiveFile[]> {
  if (tar.length > limits.unpackedBytes)
    throw tooLarge(`has more than ${limits.unpackedBytes} bytes`, file)
  guardHeaders(tar, file, limits.entries)
  try {
    // `strict` checks checksums, truncation and the end mark; without it they are passed over.
    const entries = await unpack(tar, { strict: true })
    return entries
      .filter(({ header }) => header.type === 'file')
      .map(({ header, data }) => ({ name: header.name, bytes: data ?? new Uint8Array(0) }))
  } catch (error) {
    const reason =
      error instanceof Error ? error.message.replace(/\.$/, '').toLowerCase() : 'unknown'
    throw new ParapetError('BUNDLE_ARCHIVE', `the archive is damaged: ${reason}`, {
      file,
      cause: error,
      help: 'build or download the bundle again',
    })
  }
}

function gunzip(bytes: Uint8Array, file: string, limits: ArchiveLimits): Uint8Array {
  if (bytes.length > limits.archiveBytes)
    throw tooLarge(`has ${bytes.length} bytes, the limit is ${limits.archiveBytes}`, file)
  try {
    return gunzipSync(bytes, { maxOutputLength: limits.unpackedBytes })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ERR_BUFFER_TOO_LARGE')
      throw tooLarge(`unpacks to more than ${limits.unpackedBytes} bytes`, file)
    const why = code === 'Z_BUF_ERROR' ? 'is cut off' : 'is not a gzip archive, or is damaged'
    throw new ParapetError('BUNDLE_GZIP', `the bundle ${why}`, {
      file,
      cause: error,
      help: 'a bundle is a `.tar.gz` as `parapet build` and `opa build` write it',
    })
  }
}

function tooLarge(what: string, file: string): ParapetError {
  return new ParapetError('BUNDLE_TOO_LARGE', `the archive ${what}`, { file })
}
