import { YamlFields } from '../bundle/yaml-fields.ts'
import type { Diagnostic } from '../text/diagnostic.ts'
import type { Document } from '../text/document.ts'
import { parseYaml, yamlGet, type YamlMapping, type YamlNode } from '../text/yaml.ts'

/** What `parapet serve` is told by a file. Paths are relative to it. */
export interface ServeConfig {
  /** `host:port`. */
  readonly listen: string
  readonly bundles: ReadonlyMap<string, ServedBundle>
  /** Who may send status and decision logs. */
  readonly reporters?: AccessSpec
  /** Who may ask for `/clients` and `/metrics`. */
  readonly admins?: AccessSpec
  readonly decisions?: {
    readonly file: string
    readonly redact: boolean
    readonly bytesMax: number
    readonly keep: number
  }
  readonly tls?: { readonly cert: string; readonly key: string; readonly clientCa?: string }
  /** OPA configuration that is served as a discovery bundle. */
  readonly discovery?: {
    readonly name: string
    readonly file: string
    readonly signingKey?: string
    readonly keyId: string
  }
}

/** One bundle of a server. */
export interface ServedBundle {
  readonly file: string
  /** Make deltas; only for clients that ask for no signature. */
  readonly deltas: boolean
  /** Trust policy that a revision must satisfy before it is served. */
  readonly trust?: string
  readonly access?: AccessSpec
}

/** Tokens by where they are, and certificate names. */
export interface AccessSpec {
  readonly tokenEnv: readonly string[]
  readonly tokenFile: readonly string[]
  readonly clients: readonly string[]
}

export interface ServeConfigReading {
  /** Undefined where there are errors. */
  readonly config: ServeConfig | undefined
  readonly diagnostics: readonly Diagnostic[]
}

const ACCESS_KEYS = ['token_env', 'token_file', 'clients']
const MiB = 1024 * 1024
const DECISION_MIB = { usual: 256, max: 65_536 }
const DECISION_FILES = { usual: 4, max: 1000 }

/** Reads the configuration of the bundle server. */
export function readServeConfig(document: Document): ServeConfigReading {
  const { documents, diagnostics } = parseYaml(document)
  if (diagnostics.length > 0) return { config: undefined, diagnostics }
  const fields = new YamlFields(document.file, 'SERVE_CONFIG')
  const config = readConfig(documents[0], fields)
  return {
    config: fields.diagnostics.length > 0 ? undefined : config,
    diagnostics: fields.diagnostics,
  }
}

function readConfig(node: YamlNode | undefined, fields: YamlFields): ServeConfig | undefined {
  const keys = ['listen', 'bundles', 'reporters', 'admins', 'decisions', 'tls', 'discovery']
  const root = fields.mapping(node, 'the configuration', keys)
  if (!root) return undefined
  const listed = fields.mapping(yamlGet(root, 'bundles'), '`bundles`')
  const bundles = new Map<string, ServedBundle>()
  for (const { key, value } of listed?.pairs ?? []) {
    const name = key.kind === 'scalar' ? key.text : ''
    if (!isBundleName(name))
      fields.fault(
        key,
        `\`${name}\` cannot name a bundle`,
        'use letters, digits, `.`, `_`, `-` and `/`',
      )
    const bundle = readServed(value, name, fields)
    if (bundle) bundles.set(name, bundle)
  }
  const parts = {
    reporters: readAccess(yamlGet(root, 'reporters'), '`reporters`', fields),
    admins: readAccess(yamlGet(root, 'admins'), '`admins`', fields),
    decisions: readDecisions(yamlGet(root, 'decisions'), fields),
    tls: readTls(yamlGet(root, 'tls'), fields),
    discovery: readDiscovery(yamlGet(root, 'discovery'), fields),
  }
  return { listen: fields.text(root, 'listen') ?? '127.0.0.1:8181', bundles, ...defined(parts) }
}

/** A name that can stand in a path of a URL as it is. */
export function isBundleName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]*(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/.test(name)
}

function readServed(node: YamlNode, name: string, fields: YamlFields): ServedBundle | undefined {
  const found = fields.mapping(node, `\`bundles.${name}\``, [
    'file',
    'deltas',
    'trust',
    ...ACCESS_KEYS,
  ])
  if (!found) return undefined
  const file = required(found, 'file', fields)
  const trust = fields.text(found, 'trust')
  const access = accessOf(found, fields)
  return { file, deltas: fields.flag(found, 'deltas', false), ...defined({ trust, access }) }
}

function readAccess(
  node: YamlNode | undefined,
  what: string,
  fields: YamlFields,
): AccessSpec | undefined {
  const found = node && fields.mapping(node, what, ACCESS_KEYS)
  return found && accessOf(found, fields)
}

/** Undefined where nobody is named: open to everybody. */
function accessOf(node: YamlMapping, fields: YamlFields): AccessSpec | undefined {
  const [tokenEnv, tokenFile, clients] = ACCESS_KEYS.map((key) => fields.texts(node, key)) as [
    string[],
    string[],
    string[],
  ]
  const isOpen = tokenEnv.length + tokenFile.length + clients.length === 0
  return isOpen ? undefined : { tokenEnv, tokenFile, clients }
}

function readDecisions(node: YamlNode | undefined, fields: YamlFields): ServeConfig['decisions'] {
  const found = node && fields.mapping(node, '`decisions`', ['file', 'redact', 'max_mib', 'keep'])
  if (!found) return undefined
  const mib =
    fields.integer(found, 'max_mib', { min: 1, max: DECISION_MIB.max }) ?? DECISION_MIB.usual
  const keep =
    fields.integer(found, 'keep', { min: 1, max: DECISION_FILES.max }) ?? DECISION_FILES.usual
  return {
    file: required(found, 'file', fields),
    redact: fields.flag(found, 'redact', true),
    bytesMax: mib * MiB,
    keep,
  }
}

function readTls(node: YamlNode | undefined, fields: YamlFields): ServeConfig['tls'] {
  const found = node && fields.mapping(node, '`tls`', ['cert', 'key', 'client_ca'])
  if (!found) return undefined
  const clientCa = fields.text(found, 'client_ca')
  return {
    cert: required(found, 'cert', fields),
    key: required(found, 'key', fields),
    ...defined({ clientCa }),
  }
}

function readDiscovery(node: YamlNode | undefined, fields: YamlFields): ServeConfig['discovery'] {
  const found =
    node && fields.mapping(node, '`discovery`', ['name', 'file', 'signing_key', 'keyid'])
  if (!found) return undefined
  const signingKey = fields.text(found, 'signing_key')
  return {
    name: fields.text(found, 'name') ?? 'discovery',
    file: required(found, 'file', fields),
    keyId: fields.text(found, 'keyid') ?? 'default',
    ...defined({ signingKey }),
  }
}

function required(node: YamlMapping, key: string, fields: YamlFields): string {
  const text = fields.text(node, key)
  if (text === undefined && !yamlGet(node, key)) fields.fault(node, `\`${key}\` is missing`)
  return text ?? ''
}

/** Without the properties that are undefined. */
function defined<T extends object>(parts: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
