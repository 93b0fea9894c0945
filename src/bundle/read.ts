import { type Diagnostic, locate } from '../text/diagnostic.ts'
import { ParapetError } from '../text/error.ts'
import { ARCHIVE_LIMITS, type ArchiveFile, type ArchiveLimits, unpackArchive } from './archive.ts'
import type { Bundle, BundleModule, Manifest, PatchOperation, Signatures } from './bundle.ts'
import { mount } from './data.ts'
import {
  decodeUtf8,
  type Json,
  type JsonObject,
  JsonSyntaxError,
  parseJson,
  toPlain,
} from './json.ts'
import { DEFAULT_MANIFEST, readManifest } from './manifest.ts'
import {
  isJunk,
  kindOf,
  mountOf,
  nameFault,
  oneLine,
  plainName,
  shownName,
  signedName,
} from './names.ts'
import { packageOf } from './package.ts'
import { patchesOutside, readPatch } from './patch.ts'
import { insideRoots, outsideRoots } from './roots.ts'
import { readSignatures } from './signatures.ts'

/** A bundle, and what its reader noticed that is no error (files that OPA passes over). */
export interface BundleReading {
  readonly bundle: Bundle
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Reads a bundle archive by OPA's loading rules, and refuses what OPA refuses, archives that two
 * readers could read differently, and duplicate names besides. No signature is checked here.
 * @param bytes a `.tar.gz`
 * @param options.file the bundle's name in messages
 * @throws {ParapetError} `BUNDLE_…`, carrying every fault that was found
 */
export async function readBundle(
  bytes: Uint8Array,
  options: { file: string; limits?: ArchiveLimits },
): Promise<BundleReading> {
  const limits = options.limits ?? ARCHIVE_LIMITS
  return bundleFromFiles(await unpackArchive(bytes, options.file, limits), options.file)
}

/** `readBundle` for files that are already unpacked; names as they would stand in the archive. */
export async function bundleFromFiles(
  files: readonly ArchiveFile[],
  file: string,
): Promise<BundleReading> {
  const hasYaml = files.some(({ name }) => kindOf(name) === 'yaml')
  // The YAML parser takes longer to load than most bundles to read.
  const reading = new Reading(file, hasYaml ? await import('./yaml-data.ts') : undefined)
  for (const entry of files) reading.add(entry)
  const bundle = reading.finish()
  ParapetError.throwFirst(reading.diagnostics.map((diagnostic) => locate(diagnostic, [])))
  return { bundle, diagnostics: reading.diagnostics }
}

type YamlReader = typeof import('./yaml-data.ts')

class Reading {
  readonly diagnostics: Diagnostic[] = []
  readonly #file: string
  readonly #yaml: YamlReader | undefined
  readonly #names = new Set<string>()
  readonly #files = new Map<string, Uint8Array>()
  readonly #modules: BundleModule[] = []
  readonly #wasm = new Map<string, Uint8Array>()
  readonly #data: JsonObject = new Map()
  #manifest: Manifest | undefined
  #signatures: Signatures | undefined
  #patch: PatchOperation[] | undefined

  constructor(file: string, yaml: YamlReader | undefined) {
    this.#file = file
    this.#yaml = yaml
  }

  add({ name, bytes }: ArchiveFile): void {
    const fault = nameFault(name)
    if (fault) return this.#error('BUNDLE_ENTRY', `the file name \`${shownName(name)}\` ${fault}`)
    const plain = plainName(name)
    if (this.#names.has(plain))
      return this.#error('BUNDLE_ENTRY', `the file \`${plain}\` is there twice`)
    this.#names.add(plain)
    this.#files.set(signedName(name), bytes)
    return this.#load(name, bytes)
  }

  #load(name: string, bytes: Uint8Array): void {
    switch (kindOf(name)) {
      case 'module':
        return this.#addModule(name, decodeUtf8(bytes))
      case 'wasm':
        this.#wasm.set(name, bytes)
        return undefined
      case 'data':
        return this.#json(name, bytes, 'BUNDLE_DATA', (document) => this.#addData(name, document))
      case 'manifest':
        return this.#once(name, this.#manifest, 'BUNDLE_MANIFEST', bytes, (document) => {
          this.#manifest = this.#take(readManifest(document, this.#file))
        })
      case 'signatures':
        return this.#once(name, this.#signatures, 'BUNDLE_SIGNATURES', bytes, (document) => {
          this.#signatures = this.#take(readSignatures(document, this.#file))
        })
      case 'patch':
        return this.#once(name, this.#patch, 'BUNDLE_PATCH', bytes, (document) => {
          this.#patch = this.#take(readPatch(document, this.#file))
        })
      case 'yaml':
        return this.#addYaml(name, bytes)
      case 'protoManifest':
        return this.#error(
          'BUNDLE_MANIFEST',
          `\`${name}\` is a protobuf manifest`,
          'build the bundle with a JSON manifest',
        )
      case 'plan':
      case 'sources':
        return undefined
      default:
        this.#note(
          `\`${name}\` is ${isJunk(name) ? 'a leftover' : 'no part of a bundle'}; OPA passes over it`,
        )
    }
  }

  #addModule(path: string, text: string): void {
    const found = packageOf(text)
    if (found) this.#modules.push({ path, package: found, text })
    else this.#error('BUNDLE_MODULE', `\`${path}\` does not begin with a package`)
  }

  #addData(name: string, document: Json): void {
    const conflict = mount(this.#data, mountOf(name), document)
    if (conflict === '/') this.#error('BUNDLE_DATA', `\`${name}\` is not an object`)
    else if (conflict)
      this.#error('BUNDLE_DATA', `\`${name}\` gives \`data${conflict}\` a second value`)
  }

  #once(
    name: string,
    present: unknown,
    code: string,
    bytes: Uint8Array,
    use: (document: Json) => void,
  ): void {
    if (present !== undefined) this.#error(code, `\`${name}\` is the second file of its kind`)
    else this.#json(name, bytes, code, use)
  }

  #json(name: string, bytes: Uint8Array, code: string, use: (document: Json) => void): void {
    try {
      // Go's decoder lays one value of a repeated key over the other; only data is plain enough.
      use(parseJson(bytes, { unique: code !== 'BUNDLE_DATA' }))
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error
      this.#error(code, `\`${name}\` ${error.message}, at character ${error.offset + 1}`)
    }
  }

  #addYaml(name: string, bytes: Uint8Array): void {
    const yaml = this.#yaml
    if (!yaml) throw new Error('the YAML reader is loaded where a bundle holds YAML')
    try {
      this.#addData(name, yaml.readDocument(name, bytes))
    } catch (error) {
      if (!(error instanceof yaml.YamlDataError)) throw error
      this.#error('BUNDLE_DATA', `\`${name}\` cannot be read: ${error.message}`)
    }
  }

  #take<T>(reading: { value: T; diagnostics: readonly Diagnostic[] }): T {
    this.diagnostics.push(...reading.diagnostics)
    return reading.value
  }

  #error(code: string, message: string, help?: string): void {
    const diagnostic = {
      code,
      severity: 'error' as const,
      message: oneLine(message),
      file: this.#file,
    }
    this.diagnostics.push(help === undefined ? diagnostic : { ...diagnostic, help })
  }

  #note(message: string): void {
    this.diagnostics.push({
      code: 'BUNDLE_IGNORED',
      severity: 'info',
      message: oneLine(message),
      file: this.#file,
    })
  }

  finish(): Bundle {
    const manifest = this.#manifest ?? DEFAULT_MANIFEST
    const isDelta = this.#patch !== undefined && this.#patch.length > 0
    if (isDelta) this.#checkDelta()
    this.#checkRoots(manifest.roots)
    this.#checkWasm(manifest)
    return {
      kind: isDelta ? 'delta' : 'snapshot',
      manifest,
      hasManifest: this.#manifest !== undefined,
      modules: this.#modules,
      wasm: this.#wasm,
      data: toPlain(this.#data) as Record<string, unknown>,
      files: this.#files,
      ...(this.#signatures === undefined ? {} : { signatures: this.#signatures }),
      ...(this.#patch === undefined ? {} : { patch: this.#patch }),
    }
  }

  #checkDelta(): void {
    const parts = [this.#modules.length, this.#wasm.size, this.#data.size]
    if (parts.some((size) => size > 0))
      this.#error('BUNDLE_PATCH', 'a delta bundle holds a patch and a manifest, nothing else')
  }

  #checkRoots(roots: readonly string[]): void {
    const shown = roots.map((root) => `\`${root}\``).join(', ')
    for (const module of this.#modules)
      if (!insideRoots(roots, module.package))
        this.#error(
          'BUNDLE_ROOTS',
          `package \`${module.package.join('.')}\` in \`${module.path}\` lies outside the roots ${shown}`,
        )
    const outside = outsideRoots(roots, this.#data)
    if (outside !== undefined)
      this.#error('BUNDLE_ROOTS', `the data at \`${outside}\` lies outside the roots ${shown}`)
    for (const { path } of patchesOutside(this.#patch ?? [], roots))
      this.#error('BUNDLE_ROOTS', `the patch at \`${path}\` lies outside the roots ${shown}`)
  }

  #checkWasm(manifest: Manifest): void {
    for (const { entrypoint, module } of manifest.wasm) {
      if (!this.#wasm.has(module))
        this.#error(
          'BUNDLE_MANIFEST',
          `the manifest names the module \`${module}\`, which is not there`,
        )
      if (!insideRoots(manifest.roots, entrypoint.split('/')))
        this.#error('BUNDLE_ROOTS', `the entrypoint \`${entrypoint}\` lies outside the roots`)
    }
  }
}
