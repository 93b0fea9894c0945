import type { Diagnostic } from '../text/diagnostic.ts'
import type { Document } from '../text/document.ts'
import { parseYaml, yamlGet, type YamlNode } from '../text/yaml.ts'
import type { TrustPolicy } from './trust.ts'
import { YamlFields } from './yaml-fields.ts'

/** Where the text of a trusted key is. */
export type KeySource =
  | { readonly text: string }
  | { readonly file: string }
  | { readonly env: string }

/** A trust policy before its keys are loaded. */
export interface TrustSpec extends Omit<TrustPolicy, 'keys'> {
  readonly keys: readonly {
    readonly id: string
    readonly source: KeySource
    readonly algorithm?: string
    readonly scope?: string
  }[]
}

export interface TrustReading {
  /** Undefined where there are errors. */
  readonly spec: TrustSpec | undefined
  readonly diagnostics: readonly Diagnostic[]
}

const ROOT_KEYS = ['keys', 'signing']
const KEY_KEYS = ['key', 'key_file', 'key_env', 'algorithm', 'scope']
const SIGNING_KEYS = ['keyid', 'scope', 'exclude_files', 'allow_unsigned_delta_bundles']

/**
 * Reads a trust policy: `keys` and `signing` as in OPA's configuration, where a key may also be in
 * a file (`key_file`) or an environment variable (`key_env`).
 */
export function readTrustFile(document: Document): TrustReading {
  const { documents, diagnostics } = parseYaml(document)
  if (diagnostics.length > 0) return { spec: undefined, diagnostics }
  const fields = new YamlFields(document.file, 'TRUST_INVALID')
  const spec = readSpec(documents[0], fields)
  return { spec: fields.diagnostics.length > 0 ? undefined : spec, diagnostics: fields.diagnostics }
}

function readSpec(node: YamlNode | undefined, fields: YamlFields): TrustSpec | undefined {
  const root = fields.mapping(node, 'the trust policy', ROOT_KEYS)
  const listed = root && fields.mapping(yamlGet(root, 'keys'), '`keys`')
  if (!root || !listed) return undefined
  if (listed.pairs.length === 0)
    fields.fault(listed, '`keys` is empty', 'nothing could ever be verified')
  const keys = listed.pairs.flatMap(({ key, value }) => {
    const read = readKeySpec(key.kind === 'scalar' ? key.text : '', value, fields)
    return read ? [read] : []
  })
  return { keys, ...readSigning(yamlGet(root, 'signing'), fields) }
}

function readKeySpec(
  id: string,
  node: YamlNode,
  fields: YamlFields,
): TrustSpec['keys'][number] | undefined {
  const found = fields.mapping(node, `\`keys.${id}\``, KEY_KEYS)
  if (!found) return undefined
  const [text, file, env] = ['key', 'key_file', 'key_env'].map((name) => fields.text(found, name))
  const sources: KeySource[] = [
    ...(text === undefined ? [] : [{ text }]),
    ...(file === undefined ? [] : [{ file }]),
    ...(env === undefined ? [] : [{ env }]),
  ]
  if (sources.length !== 1)
    return fields.fault(found, `\`keys.${id}\` needs one of \`key\`, \`key_file\` and \`key_env\``)
  const algorithm = fields.text(found, 'algorithm')
  const scope = fields.text(found, 'scope')
  return {
    id,
    source: sources[0]!,
    ...(algorithm === undefined ? {} : { algorithm }),
    ...(scope === undefined ? {} : { scope }),
  }
}

function readSigning(node: YamlNode | undefined, fields: YamlFields): Omit<TrustSpec, 'keys'> {
  const found = node && fields.mapping(node, '`signing`', SIGNING_KEYS)
  if (!found) return {}
  const keyId = fields.text(found, 'keyid')
  const scope = fields.text(found, 'scope')
  return {
    exclude: fields.texts(found, 'exclude_files'),
    allowUnsignedDeltas: fields.flag(found, 'allow_unsigned_delta_bundles', false),
    ...(keyId === undefined ? {} : { keyId }),
    ...(scope === undefined ? {} : { scope }),
  }
}
