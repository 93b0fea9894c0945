import type { ArchiveFile } from './archive.ts'
import type { Signatures } from './bundle.ts'
import { hashFile, SIGNING_HASH } from './hash.ts'
import type { SignatureKey } from './key.ts'
import { isJunk, kindOf, signedName } from './names.ts'
import { ParapetError } from '../text/error.ts'
import { JsonSyntaxError } from './json.ts'
import { YamlDataError } from './yaml-data.ts'

export interface SignOptions {
  readonly key: SignatureKey
  /** Tells the verifier which key to use: `kid` of the header and `keyid` of the payload. */
  readonly keyId: string
  readonly scope?: string
  /** Further claims, for example `iat` and `iss`. */
  readonly claims?: Readonly<Record<string, unknown>>
}

/**
 * Signs the files of a bundle as OPA does: one JWS over the hash of each. A signatures file among
 * them is left out.
 * @throws {ParapetError} `BUNDLE_DATA` where a data document cannot be read,
 *   `BUNDLE_ENTRY` for a leftover that OPA would call unlisted where it unpacks the archive
 */
export async function signFiles(
  files: readonly ArchiveFile[],
  options: SignOptions,
): Promise<Signatures> {
  const { signJws } = await import('./jws.ts')
  const payload = {
    ...options.claims,
    files: files.filter(({ name }) => kindOf(name) !== 'signatures').map(listed),
    keyid: options.keyId,
    ...(options.scope ? { scope: options.scope } : {}),
  }
  const { key, algorithm } = options.key
  const token = await signJws(JSON.stringify(payload), { key, algorithm, keyId: options.keyId })
  return { signatures: [token] }
}

/** One file of a signature's payload. */
export interface ListedFile {
  readonly name: string
  readonly hash: string
  readonly algorithm: string
}

function listed({ name, bytes }: ArchiveFile): ListedFile {
  if (isJunk(name))
    throw new ParapetError('BUNDLE_ENTRY', `the bundle holds the leftover \`${name}\``, {
      help: 'remove it before signing',
    })
  try {
    return {
      name: signedName(name),
      hash: hashFile(signedName(name), bytes),
      algorithm: SIGNING_HASH,
    }
  } catch (error) {
    if (!(error instanceof JsonSyntaxError || error instanceof YamlDataError)) throw error
    throw new ParapetError('BUNDLE_DATA', `\`${name}\` ${error.message}`, { cause: error })
  }
}
