import { createHash, timingSafeEqual } from 'node:crypto'

/** Who may do something: holders of a token, or of a client certificate. */
export interface Access {
  /** Bearer tokens; any of them will do. */
  readonly tokens?: readonly string[]
  /** Names in client certificates (common name, or DNS or URI alternative name). */
  readonly clients?: readonly string[]
}

/** Names in the certificate that the TLS layer has verified; none without one. */
export type CertificateNames = readonly string[]

/** What to answer somebody who may not; undefined where he may. */
export function refuse(
  request: Request,
  access: Access | undefined,
  certificate: CertificateNames,
): Response | undefined {
  const { tokens = [], clients = [] } = access ?? {}
  if (tokens.length === 0 && clients.length === 0) return undefined
  if (clients.some((name) => certificate.includes(name))) return undefined
  const given = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(
    request.headers.get('authorization') ?? '',
  )?.[1]
  if (given !== undefined && matchesAny(given, tokens)) return undefined
  const status = given === undefined && certificate.length === 0 ? 401 : 403
  const headers = {
    'www-authenticate': 'Bearer realm="parapet"',
    'content-type': 'text/plain; charset=utf-8',
  }
  return new Response(status === 401 ? 'a bearer token is needed\n' : 'not for you\n', {
    status,
    headers,
  })
}

/** Every token is compared, in time that does not depend on where they differ. */
function matchesAny(given: string, tokens: readonly string[]): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  const wanted = digest(given)
  return tokens.map((token) => timingSafeEqual(digest(token), wanted)).includes(true)
}
