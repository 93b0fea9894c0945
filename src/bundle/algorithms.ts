/** The signature algorithms that OPA and Parapet share. */
export const SIGNATURE_ALGORITHMS: readonly string[] =
  'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 HS256 HS384 HS512 EdDSA'.split(' ')
