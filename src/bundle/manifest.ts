import type { Diagnostic } from '../text/diagnostic.ts'
import type { Manifest, WasmResolver } from './bundle.ts'
import { type Json, JsonNumber, type JsonObject, toPlain } from './json.ts'
import { oneLine } from './names.ts'
import { overlap, trimSlashes } from './roots.ts'

/** The manifest of a bundle without a `.manifest`: no revision, and roots that own everything. */
export const DEFAULT_MANIFEST: Manifest = { revision: '', roots: [''], wasm: [] }

const FIELDS = ['revision', 'roots', 'wasm', 'rego_version', 'file_rego_versions', 'metadata']

/** A manifest and what is wrong with it; `value` is usable only without errors. */
export interface ManifestReading {
  readonly value: Manifest
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads `.manifest` by the rules of OPA's decoder: types are checked, unknown keys passed over. */
export function readManifest(document: Json, file: string): ManifestReading {
  const reader = new FieldReader(file)
  if (!(document instanceof Map)) {
    reader.fault('the manifest is not an object')
    return { value: DEFAULT_MANIFEST, diagnostics: reader.diagnostics }
  }
  const twice = spelledTwice(document, FIELDS)
  if (twice) reader.fault(`\`${twice}\` stands in the manifest twice`)
  const roots = reader.strings(document, 'roots')?.map(trimSlashes) ?? ['']
  const pair = overlap(roots)
  if (pair) reader.fault(`the roots \`${pair[0]}\` and \`${pair[1]}\` overlap`)
  const regoVersion = reader.version(field(document, 'rego_version'), 'rego_version')
  const fileRegoVersions = reader.versions(document)
  const metadata = reader.object(document, 'metadata')
  const value = {
    revision: reader.string(document, 'revision') ?? '',
    roots,
    wasm: reader.resolvers(document),
    ...(regoVersion === undefined ? {} : { regoVersion }),
    ...(fileRegoVersions === undefined ? {} : { fileRegoVersions }),
    ...(metadata === undefined ? {} : { metadata: toPlain(metadata) as Record<string, unknown> }),
  }
  return { value, diagnostics: reader.diagnostics }
}

/** Go's decoder matches names without regard to case. */
function field(object: JsonObject, name: string): Json | undefined {
  for (const [key, value] of object) if (fold(key) === name) return value ?? undefined
  return undefined
}

/** Go also folds the long s and the Kelvin sign to their ASCII letters. */
function fold(key: string): string {
  return key.toUpperCase().toLowerCase()
}

/**
 * A known field that is there in two spellings. Go's decoder would lay one over the other in ways
 * that differ by type, so that is refused.
 */
function spelledTwice(object: JsonObject, names: readonly string[]): string | undefined {
  const spellings = [...object.keys()].map(fold)
  return names.find((name) => spellings.filter((spelling) => spelling === name).length > 1)
}

class FieldReader {
  readonly diagnostics: Diagnostic[] = []
  readonly #file: string

  constructor(file: string) {
    this.#file = file
  }

  fault(message: string): undefined {
    this.diagnostics.push({
      code: 'BUNDLE_MANIFEST',
      severity: 'error',
      message: oneLine(message),
      file: this.#file,
    })
  }

  string(object: JsonObject, name: string): string | undefined {
    const value = field(object, name)
    if (value === undefined || typeof value === 'string') return value
    return this.fault(`\`${name}\` in the manifest is not a string`)
  }

  strings(object: JsonObject, name: string): string[] | undefined {
    const value = this.array(object, name)
    if (value === undefined) return undefined
    const strings = value.map((entry) => (entry === null ? '' : entry))
    if (strings.every((entry) => typeof entry === 'string')) return strings
    return this.fault(`\`${name}\` in the manifest holds something other than strings`)
  }

  array(object: JsonObject, name: string): Json[] | undefined {
    const value = field(object, name)
    if (value === undefined || Array.isArray(value)) return value
    return this.fault(`\`${name}\` in the manifest is not an array`)
  }

  object(object: JsonObject, name: string): JsonObject | undefined {
    const value = field(object, name)
    if (value === undefined || value instanceof Map) return value
    return this.fault(`\`${name}\` in the manifest is not an object`)
  }

  version(value: Json | undefined, name: string): number | undefined {
    if (value === undefined) return undefined
    if (value instanceof JsonNumber && ['0', '1', '2'].includes(value.literal))
      return Number(value.literal)
    return this.fault(`\`${name}\` in the manifest is not a Rego version (0, 1 or 2)`)
  }

  versions(object: JsonObject): Record<string, number> | undefined {
    const entries = this.object(object, 'file_rego_versions')
    if (entries === undefined) return undefined
    const versions: [string, number][] = []
    for (const [glob, value] of entries) {
      const version = this.version(value, `file_rego_versions.${glob}`)
      if (version !== undefined) versions.push([glob, version])
    }
    return Object.fromEntries(versions)
  }

  resolvers(object: JsonObject): WasmResolver[] {
    const resolvers: WasmResolver[] = []
    const seen = new Set<string>()
    for (const entry of this.array(object, 'wasm') ?? []) {
      if (!(entry instanceof Map)) {
        this.fault('`wasm` in the manifest holds something other than objects')
        continue
      }
      const entrypoint = this.string(entry, 'entrypoint') ?? ''
      if (seen.has(entrypoint))
        this.fault(`the entrypoint \`${entrypoint}\` stands in the manifest twice`)
      seen.add(entrypoint)
      resolvers.push({
        entrypoint,
        module: this.string(entry, 'module') ?? '',
        annotations: this.array(entry, 'annotations') ?? [],
      })
    }
    return resolvers
  }
}
