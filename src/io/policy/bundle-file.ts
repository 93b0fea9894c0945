import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { openBundle } from '../../bundle/open.ts'
import type { BundleReading } from '../../bundle/read.ts'
import type { TrustPolicy } from '../../bundle/trust.ts'
import { ParapetError } from '../../text/error.ts'
import { BUNDLE_ARCHIVE_BYTES_MAX } from '../../text/limits.ts'

/**
 * The bytes of a bundle archive.
 * @throws ParapetError `BUNDLE_UNREADABLE`, `BUNDLE_TOO_LARGE`
 */
export async function readBundleFile(file: string, cwd: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path.resolve(cwd, file))
    if (size > BUNDLE_ARCHIVE_BYTES_MAX)
      throw new ParapetError(
        'BUNDLE_TOO_LARGE',
        `the archive has ${size} bytes, the limit is ${BUNDLE_ARCHIVE_BYTES_MAX}`,
        { file },
      )
    return await readFile(path.resolve(cwd, file))
  } catch (cause) {
    if (cause instanceof ParapetError) throw cause
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause)
    throw new ParapetError(
      'BUNDLE_UNREADABLE',
      `the bundle \`${file}\` cannot be read (${reason})`,
      {
        file,
        help: 'give a .tar.gz as `parapet build` writes it',
        cause,
      },
    )
  }
}

/**
 * A bundle, and its archive's bytes.
 * @param trust whose bundles are accepted; undefined for anybody's
 * @throws ParapetError as readBundleFile and readBundle, and `SIGNATURE_…`
 */
export async function openBundleFile(
  file: string,
  cwd: string,
  trust: TrustPolicy | undefined,
): Promise<BundleReading & { readonly bytes: Uint8Array }> {
  const bytes = await readBundleFile(file, cwd)
  return { ...(await openBundle(bytes, trust, { file })), bytes }
}
