import type { ArchiveFile } from './archive.ts'
import type { Signatures } from './bundle.ts'
import { encodeJson } from './encode.ts'
import { gzip } from './gzip.ts'
import type { Json, JsonObject } from './json.ts'
import { type FileKind, kindOf } from './names.ts'
import { writeTar } from './tar-write.ts'

/** The files of a bundle of data alone, in OPA's order; `manifest` keeps the order of its keys. */
export function dataBundle(data: JsonObject, manifest: JsonObject): ArchiveFile[] {
  return [{ name: '/data.json', bytes: jsonFile(data) }, manifestFile(manifest)]
}

/** `.manifest` as OPA writes it: fields in the order given, which should be that of OPA's struct. */
export function manifestFile(manifest: JsonObject): ArchiveFile {
  const text = encodeJson(manifest, { html: true, keepOrder: true })
  return { name: '/.manifest', bytes: Buffer.from(`${text}\n`) }
}

/**
 * Puts a file where OPA's writer would: signatures stand behind data, modules and WASM, and before
 * plans, the manifest and whatever OPA passes over. A file of that kind is replaced.
 */
export function withSignatures(
  files: readonly ArchiveFile[],
  signatures: Signatures,
): ArchiveFile[] {
  const kept = files.filter(({ name }) => kindOf(name) !== 'signatures')
  const before = kept.findLastIndex(({ name }) => SIGNED_FIRST.has(kindOf(name)))
  return kept.toSpliced(before + 1, 0, signaturesFile(signatures))
}

const SIGNED_FIRST: ReadonlySet<FileKind> = new Set<FileKind>(['data', 'yaml', 'module', 'wasm'])

/** The archive of those files; the same files give the same bytes everywhere. */
export function packBundle(files: readonly ArchiveFile[]): Uint8Array {
  return gzip(writeTar(files))
}

/** A JSON file as OPA writes it: HTML characters escaped, a newline at the end. */
export function jsonFile(value: Json): Uint8Array {
  return Buffer.from(`${encodeJson(value, { html: true })}\n`)
}

/** `.signatures.json` as `opa build` writes it, with one blank of indentation a level. */
function signaturesFile(signatures: Signatures): ArchiveFile {
  const tokens = signatures.signatures.map((token) => `  ${JSON.stringify(token)}`).join(',\n')
  const plugin = signatures.plugin ? `,\n "plugin": ${JSON.stringify(signatures.plugin)}` : ''
  const text = `{\n "signatures": [\n${tokens}\n ]${plugin}\n}`
  return { name: '/.signatures.json', bytes: Buffer.from(text) }
}
