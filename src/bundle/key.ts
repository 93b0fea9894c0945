import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { ParapetError } from '../text/error.ts'
import { SIGNATURE_ALGORITHMS } from './algorithms.ts'
import type { JwsKey } from './jws.ts'

/** Shortest secret for HMAC in bytes; RFC 7518 asks for the digest's size. */
const SECRET_BYTES_MIN = 32
/** Shortest RSA modulus in bits, as RFC 7518 asks. */
const RSA_BITS_MIN = 2048

/** A key that is ready for use. */
export interface SignatureKey {
  readonly key: JwsKey
  readonly algorithm: string
  /** `kid` of a JWK. */
  readonly id?: string
}

export interface KeyOptions {
  readonly use: 'sign' | 'verify'
  /** Default: what the key's type suggests (RS256, ES256/384/512, EdDSA). HMAC must be asked for. */
  readonly algorithm?: string
  /** The key's name in messages: a path or `$VARIABLE`. Never the key. */
  readonly from: string
}

/**
 * Reads a key: PEM (PKCS#8, PKCS#1, SEC1, SPKI, certificate), a JWK, or an HMAC secret as it is.
 * To verify, a private key gives its public half.
 * @throws {ParapetError} `KEY_INVALID`, `KEY_ALGORITHM`
 */
export function readKey(material: string, options: KeyOptions): SignatureKey {
  const { algorithm, from } = options
  if (algorithm !== undefined && !SIGNATURE_ALGORITHMS.includes(algorithm))
    throw new ParapetError('KEY_ALGORITHM', `\`${algorithm}\` is no signature algorithm`, {
      help: `one of ${SIGNATURE_ALGORITHMS.join(', ')}`,
    })
  const jwk = parseJwk(material)
  const isPem = material.trimStart().startsWith('-----BEGIN ')
  if (jwk?.kty === 'oct' || (!jwk && !isPem)) return secret(material, jwk, options)
  const key = asymmetric(jwk ?? material, options)
  const fitting = algorithmsOf(key, from)
  const chosen = algorithm ?? jwk?.alg ?? fitting[0]!
  if (!fitting.includes(chosen))
    throw new ParapetError('KEY_ALGORITHM', `the key \`${from}\` cannot be used with ${chosen}`, {
      help: `it fits ${fitting.join(', ')}`,
    })
  return { key, algorithm: chosen, ...(jwk?.kid ? { id: jwk.kid } : {}) }
}

type Jwk = JsonWebKey & { kid?: string; alg?: string }

function parseJwk(material: string): Jwk | undefined {
  if (!material.trimStart().startsWith('{')) return undefined
  try {
    const value: unknown = JSON.parse(material)
    return typeof value === 'object' && value !== null && 'kty' in value
      ? (value as Jwk)
      : undefined
  } catch {
    return undefined
  }
}

/** OPA takes the bytes of the file as the secret, a newline at the end included. */
function secret(material: string, jwk: Jwk | undefined, options: KeyOptions): SignatureKey {
  const { from } = options
  const algorithm = options.algorithm ?? jwk?.alg
  if (!algorithm?.startsWith('HS'))
    throw new ParapetError('KEY_INVALID', `\`${from}\` holds neither a PEM key nor a JWK`, {
      help: 'give an HMAC algorithm (HS256, HS384, HS512) if it is a secret',
    })
  const key = jwk ? Buffer.from(jwk.k ?? '', 'base64url') : Buffer.from(material)
  if (key.length < SECRET_BYTES_MIN)
    throw new ParapetError(
      'KEY_INVALID',
      `the secret in \`${from}\` has only ${key.length} bytes`,
      {
        help: `use at least ${SECRET_BYTES_MIN} random bytes; \`parapet keys new --algorithm HS256\` makes them`,
      },
    )
  return { key, algorithm, ...(jwk?.kid ? { id: jwk.kid } : {}) }
}

function asymmetric(source: Jwk | string, { use, from }: KeyOptions): KeyObject {
  const input = typeof source === 'string' ? source : ({ key: source, format: 'jwk' } as const)
  try {
    return use === 'sign' ? createPrivateKey(input) : createPublicKey(input)
  } catch (error) {
    const wanted = use === 'sign' ? 'private' : 'public'
    throw new ParapetError('KEY_INVALID', `\`${from}\` holds no ${wanted} key that can be read`, {
      cause: error,
      help: 'RSA, EC (P-256, P-384, P-521) and Ed25519 keys are read from PEM or JWK, without a passphrase',
    })
  }
}

const CURVES: Readonly<Record<string, string>> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
}

/** The algorithms that a key can be used with, the usual one first. */
function algorithmsOf(key: KeyObject, from: string): string[] {
  const details = key.asymmetricKeyDetails ?? {}
  switch (key.asymmetricKeyType) {
    case 'rsa':
      if ((details.modulusLength ?? 0) < RSA_BITS_MIN)
        throw new ParapetError(
          'KEY_INVALID',
          `the RSA key \`${from}\` is shorter than ${RSA_BITS_MIN} bits`,
        )
      return ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']
    case 'ec':
      return CURVES[details.namedCurve ?? ''] ? [CURVES[details.namedCurve!]!] : unfit(from)
    case 'ed25519':
      return ['EdDSA']
    default:
      return unfit(from)
  }
}

function unfit(from: string): never {
  throw new ParapetError('KEY_INVALID', `the key \`${from}\` is of a type that signs no bundles`, {
    help: 'use RSA, EC (P-256, P-384, P-521) or Ed25519',
  })
}
