import { ParapetError } from '../text/error.ts'

/** What an OPA server must be told to take its bundles from somewhere and to trust only some. */
export interface OpaConfigRequest {
  readonly serviceUrl: string
  /** Name of the environment variable with the bearer token; OPA replaces it when it starts. */
  readonly tokenEnv?: string
  readonly bundles: readonly { readonly name: string; readonly resource: string }[]
  /** Public keys; none leaves verification off. */
  readonly keys: readonly OpaKey[]
  /** Which of the keys, and for what; needed where there are keys. */
  readonly signing?: { readonly keyId?: string; readonly scope?: string }
  readonly longPollSeconds?: number
  /** Send status and decision logs to the same service. */
  readonly reports: boolean
  /** Talk OCI instead of HTTP; then `resource` is a reference. */
  readonly isOci?: boolean
}

export interface OpaKey {
  readonly id: string
  readonly algorithm: string
  /** PEM; OPA takes no JWK. */
  readonly pem: string
  readonly scope?: string
}

const SERVICE = 'parapet'

/**
 * The configuration file of an OPA server as YAML. A key alone verifies nothing in OPA: each bundle
 * gets a `signing` block, which is what makes it refuse unsigned bundles.
 * @throws {ParapetError} `KEY_ALGORITHM` for keys that OPA's configuration does not take
 */
export function opaConfig(request: OpaConfigRequest): string {
  const { keys, tokenEnv, reports, isOci, serviceUrl } = request
  for (const { id, algorithm } of keys) if (algorithm === 'EdDSA') throw noEdDsa(id)
  const lines = [
    'services:',
    `  ${SERVICE}:`,
    `    url: ${quote(serviceUrl)}`,
    ...(isOci ? ['    type: oci'] : []),
    ...(tokenEnv === undefined
      ? []
      : ['    credentials:', '      bearer:', `        token: "\${${tokenEnv}}"`]),
    'bundles:',
    ...request.bundles.flatMap((bundle) => bundleLines(bundle, request)),
    ...(keys.length === 0 ? [] : ['keys:', ...keys.flatMap(keyLines)]),
    ...(reports
      ? ['decision_logs:', `  service: ${SERVICE}`, 'status:', `  service: ${SERVICE}`]
      : []),
  ]
  return `${lines.join('\n')}\n`
}

function bundleLines(
  { name, resource }: { name: string; resource: string },
  request: OpaConfigRequest,
): string[] {
  const { longPollSeconds, keys, signing } = request
  const { keyId, scope } = signing ?? {}
  const block = [
    ...(keyId === undefined ? [] : [`keyid: ${quote(keyId)}`]),
    ...(scope === undefined ? [] : [`scope: ${quote(scope)}`]),
  ]
  return [
    `  ${quote(name)}:`,
    `    service: ${SERVICE}`,
    `    resource: ${quote(resource)}`,
    ...(longPollSeconds === undefined
      ? []
      : ['    polling:', `      long_polling_timeout_seconds: ${longPollSeconds}`]),
    ...(keys.length === 0
      ? []
      : block.length === 0
        ? ['    signing: {}']
        : ['    signing:', ...block.map((line) => `      ${line}`)]),
  ]
}

function keyLines({ id, algorithm, pem, scope }: OpaKey): string[] {
  return [
    `  ${quote(id)}:`,
    `    algorithm: ${algorithm}`,
    ...(scope === undefined ? [] : [`    scope: ${quote(scope)}`]),
    '    key: |',
    ...pem
      .trim()
      .split(/\r?\n/)
      .map((line) => `      ${line}`),
  ]
}

/** A YAML double-quoted scalar is a JSON string. */
function quote(text: string): string {
  return /^[A-Za-z][A-Za-z0-9._-]*$/.test(text) &&
    !/^(?:true|false|null|yes|no|on|off)$/i.test(text)
    ? text
    : JSON.stringify(text)
}

function noEdDsa(id: string): ParapetError {
  return new ParapetError('KEY_ALGORITHM', `OPA servers take no EdDSA key, and \`${id}\` is one`, {
    help: 'sign with ES256 or RS256; EdDSA works only with OPA’s --verification-key',
  })
}
