import type { KeyObject } from 'node:crypto'
import { CompactSign } from 'jose/jws/compact/sign'
import { compactVerify } from 'jose/jws/compact/verify'
import { decodeProtectedHeader } from 'jose/decode/protected_header'

/** jose behind three functions; whatever it throws about a token becomes `undefined`. */
export type JwsKey = KeyObject | Uint8Array

/** Signs with the header that OPA writes. */
export async function signJws(
  payload: string,
  options: { key: JwsKey; algorithm: string; keyId: string },
): Promise<string> {
  return new CompactSign(Buffer.from(payload))
    .setProtectedHeader({ alg: options.algorithm, kid: options.keyId, typ: 'JWT' })
    .sign(options.key)
}

/** The payload, only if the signature is made with that key and exactly that algorithm. */
export async function verifyJws(
  token: string,
  options: { key: JwsKey; algorithm: string },
): Promise<Uint8Array | undefined> {
  try {
    const { payload } = await compactVerify(token, options.key, {
      algorithms: [options.algorithm],
    })
    return payload
  } catch {
    return undefined
  }
}

/** `kid` of the header, empty where there is none; undefined where the token is no JWS. */
export function keyIdOf(token: string): string | undefined {
  try {
    const { kid } = decodeProtectedHeader(token)
    return kid ?? ''
  } catch {
    return undefined
  }
}
