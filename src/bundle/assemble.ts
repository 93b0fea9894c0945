import { createHash } from 'node:crypto'
import type { ArchiveFile } from './archive.ts'
import { compareUtf8 } from './encode.ts'
import { hashFile } from './hash.ts'
import { type JsonObject, parseJson } from './json.ts'
import { kindOf, signedName } from './names.ts'
import { jsonFile, manifestFile } from './write.ts'

/** What is done to an archive of OPA's compiler before it is published. */
export interface Assembly {
  /** Laid over the data, objects merged and everything else replaced, the last one on top. */
  readonly overlays: readonly JsonObject[]
  /** Files that OPA passes over; they stand before the manifest. */
  readonly extra: readonly ArchiveFile[]
  /** Undefined: a hash of everything else, so that the same content has the same revision. */
  readonly revision?: string
}

/** Digits of a revision that is made from the content. */
const REVISION_DIGITS = 16

/** The files of a bundle for one environment, from those that OPA's compiler wrote. */
export function assemble(
  compiled: readonly ArchiveFile[],
  assembly: Assembly,
): { files: ArchiveFile[]; revision: string } {
  const isManifest = ({ name }: ArchiveFile): boolean => kindOf(name) === 'manifest'
  const parts = compiled
    .filter((file) => !isManifest(file))
    .map((file) => (file.name === '/data.json' ? withOverlays(file, assembly.overlays) : file))
  const manifest = manifestOf(compiled.find(isManifest))
  const before = [...parts, ...assembly.extra]
  const revision = assembly.revision ?? contentRevision([...before, withRevision(manifest, '')])
  return { files: [...before, withRevision(manifest, revision)], revision }
}

/** The manifest in the order in which OPA wrote it. */
function manifestOf(file: ArchiveFile | undefined): JsonObject {
  const value = file ? parseJson(file.bytes) : undefined
  return value instanceof Map ? value : new Map([['revision', '']])
}

function withRevision(manifest: JsonObject, revision: string): ArchiveFile {
  return manifestFile(new Map([...manifest, ['revision', revision]]))
}

/** The hash of all names and hashes, in an order that does not depend on the archive. */
export function contentRevision(files: readonly ArchiveFile[]): string {
  const lines = files.map(({ name, bytes }) => `${signedName(name)} ${hashFile(name, bytes)}\n`)
  const hash = createHash('sha256').update(lines.sort(compareUtf8).join(''))
  return hash.digest('hex').slice(0, REVISION_DIGITS)
}

function withOverlays(file: ArchiveFile, overlays: readonly JsonObject[]): ArchiveFile {
  if (overlays.length === 0) return file
  const base = parseJson(file.bytes)
  if (!(base instanceof Map)) throw new TypeError('the compiler writes an object as data')
  return { name: file.name, bytes: jsonFile(overlays.reduce(lay, base)) }
}

/** `over` on top of `base`: objects are merged, everything else is replaced. */
function lay(base: JsonObject, over: JsonObject): JsonObject {
  const merged: JsonObject = new Map(base)
  for (const [key, value] of over) {
    const below = base.get(key)
    merged.set(key, below instanceof Map && value instanceof Map ? lay(below, value) : value)
  }
  return merged
}
