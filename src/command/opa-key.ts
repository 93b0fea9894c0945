import type { TrustedKey } from '../bundle/trust.ts'
import type { OpaKey } from '../server/opa-config.ts'
import { ParapetError } from '../text/error.ts'

/**
 * A trusted key as OPA's configuration holds it.
 * @throws ParapetError `KEY_ALGORITHM` for secrets, which are not printed
 */
export function opaKey({ id, algorithm, key, scope }: TrustedKey): OpaKey {
  if (key instanceof Uint8Array)
    throw new ParapetError('KEY_ALGORITHM', `\`${id}\` is a secret, which is not printed`, {
      help: 'write its `keys` entry yourself, or sign with ES256',
    })
  const pem = String(key.export({ type: 'spki', format: 'pem' }))
  return { id, algorithm, pem, ...(scope === undefined ? {} : { scope }) }
}
