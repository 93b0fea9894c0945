import { ParapetError } from '../../text/error.ts'
import type { Document } from '../../text/document.ts'
import { parseYaml, yamlGet, type YamlNode } from '../../text/yaml.ts'
import { scalar } from '../deploy/yaml-text.ts'
import { gzip } from '../gzip.ts'
import { writeTar } from '../tar-write.ts'
import { type Artifact, artifact, blob, TITLE } from './artifact.ts'

const CONFIG = 'application/vnd.cncf.falco.rulesfile.config.v1+json'
/** Not `+gzip`, as one would expect. */
const LAYER = 'application/vnd.cncf.falco.rulesfile.layer.v1+tar.gz'
const SOURCE = 'org.opencontainers.image.source'
const READABLE = 0o644

/** A plugin that rules need, or another that does as well. */
export interface FalcoDependency {
  readonly name: string
  readonly version: string
  readonly alternatives?: readonly { readonly name: string; readonly version: string }[]
}

/** The configuration of a rulesfile artifact, in falcoctl's order of fields. */
export interface RulesfileConfig {
  readonly name: string
  readonly version?: string
  readonly dependencies?: readonly FalcoDependency[]
  readonly requirements?: readonly { readonly name: string; readonly version: string }[]
}

export interface RulesfileOptions {
  readonly name: string
  readonly version?: string
  /** Address of the source code, shown by registries. */
  readonly source?: string
}

/**
 * A Falco rules file as falcoctl pushes and installs it: one archive with one file, and what it
 * needs read from its `required_plugin_versions` and `required_engine_version`.
 * @throws {ParapetError} `FALCO_ARTIFACT` where falcoctl would refuse it
 */
export function rulesfileArtifact(document: Document, options: RulesfileOptions): Artifact {
  const file = document.file.slice(document.file.lastIndexOf('/') + 1)
  const archive = gzip(
    writeTar([{ name: file, bytes: Buffer.from(document.text), mode: READABLE }]),
  )
  const config = rulesfileConfig(document, options)
  return artifact({
    config: blob(CONFIG, Buffer.from(JSON.stringify(config))),
    layers: [blob(LAYER, archive, { [TITLE]: `${file.split('.')[0]}.tar.gz` })],
    annotations: options.source === undefined ? undefined : { [SOURCE]: options.source },
  })
}

/** What the artifact of a rules file says of it. */
export function rulesfileConfig(
  document: Document,
  { name, version }: RulesfileOptions,
): RulesfileConfig {
  const entries = entriesOf(document)
  const plugins = entries
    .map((entry) => yamlGet(entry, 'required_plugin_versions'))
    .find((node) => node !== undefined)
  const engine = entries
    .map((entry) => yamlGet(entry, 'required_engine_version'))
    .find((node) => node !== undefined)
  const dependencies = plugins
    ? items(plugins, document).map((node) => dependency(node, document))
    : []
  return {
    name,
    ...(version === undefined ? {} : { version }),
    ...(dependencies.length > 0 ? { dependencies } : {}),
    ...(engine
      ? {
          requirements: [
            { name: 'engine_version_semver', version: engineVersion(engine, document) },
          ],
        }
      : {}),
  }
}

/** The tags that falcoctl's floating tags add to a version: itself, its major, its minor line. */
export function floatingTags(version: string): string[] {
  const found = /^(\d+)\.(\d+)\.\d+(?:-[0-9A-Za-z.-]+)?$/.exec(version)
  if (found) return [version, found[1]!, `${found[1]}.${found[2]}`]
  throw new ParapetError('FALCO_ARTIFACT', `\`${version}\` is no semantic version`, {
    help: 'for example `1.2.0`',
  })
}

/** What an index of falcoctl says of a rulesfile. */
export interface IndexEntry {
  readonly name: string
  readonly registry: string
  readonly repository: string
  readonly description?: string
  readonly source?: string
  readonly license?: string
  readonly keywords?: readonly string[]
  /** Where falcoctl finds the public key (a path or URL); without it, it verifies nothing. */
  readonly keyReference?: string
}

/** The entry of an artifact in falcoctl's `index.yaml`, as a list of one. */
export function indexEntry(entry: IndexEntry): string {
  const {
    name,
    registry,
    repository,
    description,
    source,
    license,
    keywords = [],
    keyReference,
  } = entry
  const lines = [
    `- name: ${scalar(name)}`,
    '  type: rulesfile',
    `  registry: ${scalar(registry)}`,
    `  repository: ${scalar(repository)}`,
    ...(description === undefined ? [] : [`  description: ${scalar(description)}`]),
    ...(source === undefined ? [] : [`  home: ${scalar(source)}`]),
    ...(keywords.length === 0 ? [] : [`  keywords: [${keywords.map(scalar).join(', ')}]`]),
    ...(license === undefined ? [] : [`  license: ${scalar(license)}`]),
    ...(source === undefined ? [] : [`  sources: [${scalar(source)}]`]),
    ...(keyReference === undefined
      ? []
      : ['  signature:', `    cosign: {key: ${scalar(keyReference)}, ignore-tlog: true}`]),
  ]
  return `${lines.join('\n')}\n`
}

function entriesOf(document: Document): readonly YamlNode[] {
  const { documents, diagnostics } = parseYaml(document)
  if (diagnostics[0]) throw fault(document, diagnostics[0].message)
  return documents.flatMap((root) => (root.kind === 'sequence' ? root.items : []))
}

function items(node: YamlNode, document: Document): readonly YamlNode[] {
  if (node.kind === 'sequence') return node.items
  throw fault(document, '`required_plugin_versions` is not a list')
}

function dependency(node: YamlNode, document: Document): FalcoDependency {
  const alternatives = yamlGet(node, 'alternatives')
  const listed = alternatives
    ? items(alternatives, document).map((entry) => named(entry, document))
    : []
  return { ...named(node, document), ...(listed.length > 0 ? { alternatives: listed } : {}) }
}

function named(node: YamlNode, document: Document): { name: string; version: string } {
  const [name, version] = ['name', 'version'].map((key) => yamlGet(node, key))
  if (name?.kind === 'scalar' && version?.kind === 'scalar')
    return { name: name.text, version: version.text }
  throw fault(document, 'a required plugin has no name or no version')
}

/** An integer N is the engine 0.N.0. */
function engineVersion(node: YamlNode, document: Document): string {
  const text = node.kind === 'scalar' ? node.text : ''
  if (node.kind === 'scalar' && node.style === 'plain' && /^\d+$/.test(text)) return `0.${text}.0`
  if (/^\d+\.\d+\.\d+(?:[-+].*)?$/.test(text)) return text
  throw fault(document, '`required_engine_version` is neither a number nor a semantic version')
}

function fault({ file }: Document, message: string): ParapetError {
  return new ParapetError('FALCO_ARTIFACT', message, { file })
}
