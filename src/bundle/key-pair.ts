import { generateKeyPairSync, type KeyPairKeyObjectResult, randomBytes } from 'node:crypto'
import { ParapetError } from '../text/error.ts'
import { SIGNATURE_ALGORITHMS } from './algorithms.ts'

/** A new key: PKCS#8 and SPKI in PEM, or a secret that both sides keep. */
export interface KeyPair {
  readonly privateKey: string
  /** Absent for HMAC, whose one secret signs and verifies. */
  readonly publicKey?: string
}

const RSA_BITS = 3072
const SECRET_BYTES = 64
const CURVES: Readonly<Record<string, string>> = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' }

/**
 * Makes a key for an algorithm, from the system's random numbers.
 * @throws {ParapetError} `KEY_ALGORITHM`
 */
export function newKeyPair(algorithm: string): KeyPair {
  if (!SIGNATURE_ALGORITHMS.includes(algorithm))
    throw new ParapetError('KEY_ALGORITHM', `\`${algorithm}\` is no signature algorithm`, {
      help: `one of ${SIGNATURE_ALGORITHMS.join(', ')}`,
    })
  // No newline at the end: OPA takes every byte of the file for the secret.
  if (algorithm.startsWith('HS'))
    return { privateKey: randomBytes(SECRET_BYTES).toString('base64url') }
  const curve = CURVES[algorithm]
  if (curve) return inPem(generateKeyPairSync('ec', { namedCurve: curve }))
  if (algorithm === 'EdDSA') return inPem(generateKeyPairSync('ed25519'))
  return inPem(generateKeyPairSync('rsa', { modulusLength: RSA_BITS }))
}

function inPem(pair: KeyPairKeyObjectResult): KeyPair {
  return {
    privateKey: String(pair.privateKey.export({ type: 'pkcs8', format: 'pem' })),
    publicKey: String(pair.publicKey.export({ type: 'spki', format: 'pem' })),
  }
}
