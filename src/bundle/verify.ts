import type { Diagnostic } from '../text/diagnostic.ts'
import type { Bundle, Signatures } from './bundle.ts'
import { goMatch } from './go-match.ts'
import { hashFile, isHashAlgorithm } from './hash.ts'
import { decodeUtf8, type Json, JsonSyntaxError, parseJson } from './json.ts'
import { kindOf, oneLine } from './names.ts'
import type { ListedFile } from './sign.ts'
import type { TrustedKey, TrustPolicy } from './trust.ts'
import { YamlDataError } from './yaml-data.ts'

/** What became of a bundle's signature. `verified` has no diagnostics. */
export interface Verification {
  readonly state: 'verified' | 'refused'
  readonly keyId?: string
  readonly algorithm?: string
  readonly scope?: string
  /** Files whose hashes were found right. */
  readonly files: number
  /** Why the bundle is refused: codes `SIGNATURE_…`. */
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Checks a bundle against a trust policy as OPA 1.22 does: exactly one JWS, made with the key that
 * the policy names or else the signature names, for the scope of the policy or else of the key, over
 * exactly the files of the bundle. Stricter than OPA in three points: the header's `alg` must be
 * the key's, no file is listed twice, and critical headers are not passed over.
 */
export async function verifyBundle(
  bundle: Bundle,
  trust: TrustPolicy,
  options: { file: string },
): Promise<Verification> {
  const refusal = new Refusal(options.file)
  if (bundle.kind === 'delta') return verifyDelta(trust, refusal)
  const token = onlyToken(bundle.signatures, refusal)
  const key = token === undefined ? undefined : await keyFor(token, trust, refusal)
  if (token === undefined || key === undefined) return refusal.verification()
  const { verifyJws } = await import('./jws.ts')
  const payload = await verifyJws(token, key)
  if (!payload)
    return refusal.because(
      'SIGNATURE_INVALID',
      `the signature was not made with key \`${key.id}\` and ${key.algorithm}`,
    )
  const claims = readClaims(payload)
  if (!claims) return refusal.because('SIGNATURE_MALFORMED', 'the payload lists no files')
  const wanted = trust.scope || key.scope || ''
  if (claims.scope !== wanted)
    return refusal.because(
      'SIGNATURE_SCOPE',
      `the signature is for the scope \`${claims.scope}\`, wanted is \`${wanted}\``,
    )
  const files = checkFiles(bundle, claims.files, trust.exclude ?? [], refusal)
  return refusal.verification({ keyId: key.id, algorithm: key.algorithm, scope: wanted, files })
}

class Refusal {
  readonly diagnostics: Diagnostic[] = []
  readonly #file: string

  constructor(file: string) {
    this.#file = file
  }

  add(code: string, message: string): undefined {
    this.diagnostics.push({ code, severity: 'error', message: oneLine(message), file: this.#file })
  }

  because(code: string, message: string): Verification {
    this.add(code, message)
    return this.verification()
  }

  verification(found: Partial<Verification> = {}): Verification {
    const { diagnostics } = this
    return {
      files: 0,
      ...found,
      state: diagnostics.length > 0 ? 'refused' : 'verified',
      diagnostics,
    }
  }
}

function verifyDelta(trust: TrustPolicy, refusal: Refusal): Verification {
  if (trust.allowUnsignedDeltas) return refusal.verification()
  return refusal.because('SIGNATURE_DELTA', 'a delta bundle carries no signature')
}

function onlyToken(signatures: Signatures | undefined, refusal: Refusal): string | undefined {
  if (!signatures) return refusal.add('SIGNATURE_MISSING', 'the bundle is not signed')
  const plugin = signatures.plugin || '_default'
  if (plugin !== '_default')
    return refusal.add('SIGNATURE_MALFORMED', `the signature is for the plugin \`${plugin}\``)
  if (signatures.signatures.length === 1) return signatures.signatures[0]
  const count = signatures.signatures.length
  return refusal.add(
    'SIGNATURE_MALFORMED',
    `the bundle has ${count} signatures, OPA takes exactly one`,
  )
}

/** The policy's key id, else the header's `kid`, else the payload's `keyid`. */
async function keyFor(
  token: string,
  trust: TrustPolicy,
  refusal: Refusal,
): Promise<TrustedKey | undefined> {
  const { keyIdOf } = await import('./jws.ts')
  const named = keyIdOf(token)
  if (named === undefined) return refusal.add('SIGNATURE_MALFORMED', 'the signature is no JWS')
  const only = trust.keys.length === 1 ? trust.keys[0]!.id : ''
  const id = trust.keyId || named || unverifiedKeyId(token) || only
  if (id === '') return refusal.add('SIGNATURE_KEY_UNKNOWN', 'the signature names no key')
  const key = trust.keys.find((candidate) => candidate.id === id)
  return key ?? refusal.add('SIGNATURE_KEY_UNKNOWN', `the key \`${id}\` is not trusted`)
}

/** Read before the signature is checked, only to choose among trusted keys. */
function unverifiedKeyId(token: string): string {
  const payload = parseOrUndefined(Buffer.from(token.split('.')[1] ?? '', 'base64url'))
  const id = payload instanceof Map ? payload.get('keyid') : undefined
  return typeof id === 'string' ? id : ''
}

interface Claims {
  readonly scope: string
  readonly files: readonly ListedFile[]
}

function readClaims(bytes: Uint8Array): Claims | undefined {
  const payload = parseOrUndefined(bytes)
  if (!(payload instanceof Map)) return undefined
  const scope = payload.get('scope') ?? ''
  const listed = payload.get('files') ?? []
  if (typeof scope !== 'string' || !Array.isArray(listed)) return undefined
  const files = listed.map(readListed)
  return files.every((file) => file !== undefined) ? { scope, files } : undefined
}

function readListed(entry: Json): ListedFile | undefined {
  if (!(entry instanceof Map)) return undefined
  const [name, hash, algorithm] = ['name', 'hash', 'algorithm'].map((key) => entry.get(key) ?? '')
  if (typeof name !== 'string' || typeof hash !== 'string' || typeof algorithm !== 'string')
    return undefined
  return { name, hash, algorithm }
}

function parseOrUndefined(bytes: Uint8Array): Json | undefined {
  try {
    return parseJson(decodeUtf8(bytes))
  } catch (error) {
    if (error instanceof JsonSyntaxError) return undefined
    throw error
  }
}

/** Returns how many files have the hash that the signature says. */
function checkFiles(
  bundle: Bundle,
  listed: readonly ListedFile[],
  exclude: readonly string[],
  refusal: Refusal,
): number {
  const expected = new Map<string, ListedFile>()
  for (const file of listed) {
    if (expected.has(file.name))
      refusal.add('SIGNATURE_MALFORMED', `the signature lists \`${file.name}\` twice`)
    expected.set(file.name, file)
  }
  let right = 0
  for (const [name, bytes] of bundle.files) {
    if (kindOf(name) === 'signatures') continue
    const file = expected.get(name)
    expected.delete(name)
    if (exclude.some((glob) => goMatch(glob, name))) continue
    const fault = file ? hashFault(file, bytes) : 'is not listed in the signature'
    if (fault)
      refusal.add(
        file ? 'SIGNATURE_FILE_CHANGED' : 'SIGNATURE_FILE_UNLISTED',
        `\`${name}\` ${fault}`,
      )
    else right += 1
  }
  for (const name of expected.keys())
    refusal.add('SIGNATURE_FILE_ABSENT', `\`${name}\` is signed, but not in the bundle`)
  return right
}

function hashFault(file: ListedFile, bytes: Uint8Array): string | undefined {
  if (!isHashAlgorithm(file.algorithm))
    return `is hashed with \`${file.algorithm}\`, which is unknown`
  try {
    const hash = hashFile(file.name, bytes, file.algorithm)
    return hash === file.hash.toLowerCase() ? undefined : 'was changed after it was signed'
  } catch (error) {
    if (error instanceof JsonSyntaxError || error instanceof YamlDataError) return error.message
    throw error
  }
}
