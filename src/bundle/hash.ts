import { createHash, type Hash } from 'node:crypto'
import { posix } from 'node:path'
import { encodeJson } from './encode.ts'
import { readDocument } from './yaml-data.ts'

/** OPA's names of the digests that a signature may use, and ours of the same. */
const ALGORITHMS: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-224': 'sha224',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
  'SHA-512-224': 'sha512-224',
  'SHA-512-256': 'sha512-256',
}

/** The digest that OPA and Parapet sign with. */
export const SIGNING_HASH = 'SHA-256'

/** Whether OPA hashes what a file means (data documents and `.manifest`) rather than its bytes. */
export function isStructured(name: string): boolean {
  return ['data.json', 'data.yaml', 'data.yml', '.manifest'].includes(posix.basename(name))
}

/** Whether a digest of that name can be computed. */
export function isHashAlgorithm(algorithm: string): boolean {
  return Object.hasOwn(ALGORITHMS, algorithm)
}

/**
 * The hash of a bundle file in hex, as OPA computes it.
 * @param name as a signature lists it; decides whether the file is structured
 * @param algorithm one of OPA's names, `SHA-256` where a signature is made
 * @throws {JsonSyntaxError | YamlDataError} a structured file that is neither JSON nor YAML
 */
export function hashFile(
  name: string,
  bytes: Uint8Array,
  algorithm: string = SIGNING_HASH,
): string {
  const hash = hasher(algorithm)
  if (!isStructured(name)) return hash.update(bytes).digest('hex')
  return hash.update(encodeJson(readDocument(name, bytes), { html: false })).digest('hex')
}

function hasher(algorithm: string): Hash {
  const name = isHashAlgorithm(algorithm) ? ALGORITHMS[algorithm] : undefined
  if (name === undefined) throw new RangeError(`no hash is named ${algorithm}`)
  return createHash(name)
}
