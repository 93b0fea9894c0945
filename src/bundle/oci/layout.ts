import { ParapetError } from '../../text/error.ts'
import type { ArchiveFile } from '../archive.ts'
import { writeTar } from '../tar-write.ts'
import { type Artifact, type Blob, type Descriptor, digestOf, IMAGE_INDEX } from './artifact.ts'
import { parseManifest } from './manifest.ts'

const REF_NAME = 'org.opencontainers.image.ref.name'

/** An artifact in a layout, with the name that it was saved under. */
export interface LaidOut {
  readonly artifact: Artifact
  /** A tag; absent for artifacts that belong to another, such as signatures. */
  readonly name?: string
}

/**
 * An OCI image layout as a tar: how an artifact is carried to where no network is, readable for
 * oras, skopeo and the like.
 */
export function writeLayout(artifacts: readonly LaidOut[]): Uint8Array {
  const files = new Map<string, Uint8Array>()
  files.set('oci-layout', Buffer.from('{"imageLayoutVersion":"1.0.0"}'))
  const manifests = artifacts.map(({ artifact, name }) => {
    for (const { descriptor, bytes } of [...artifact.blobs, manifestBlob(artifact)])
      files.set(pathOf(descriptor.digest), bytes)
    const { descriptor } = manifestBlob(artifact)
    return name === undefined ? descriptor : { ...descriptor, annotations: { [REF_NAME]: name } }
  })
  files.set(
    'index.json',
    Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: IMAGE_INDEX, manifests })),
  )
  return writeTar([...files].map(([name, bytes]) => ({ name, bytes, mode: 0o644 })))
}

/**
 * The artifacts of a layout; every byte is checked against its digest.
 * @throws {ParapetError} `OCI_LAYOUT`, `OCI_MANIFEST`
 */
export function readLayout(files: readonly ArchiveFile[], file: string): LaidOut[] {
  const byName = new Map(files.map(({ name, bytes }) => [name.replace(/^\.?\//, ''), bytes]))
  const index = byName.get('index.json')
  if (!index || !byName.has('oci-layout')) throw invalid(file, 'is no OCI layout')
  const content = (descriptor: Descriptor): Blob => {
    const bytes = byName.get(pathOf(descriptor.digest))
    if (!bytes) throw invalid(file, `lacks ${descriptor.digest}`)
    if (bytes.length !== descriptor.size || digestOf(bytes) !== descriptor.digest)
      throw invalid(file, `holds something else than ${descriptor.digest}`)
    return { descriptor, bytes }
  }
  return parseManifest(index, file).manifests.map((descriptor) => {
    const { bytes } = content(descriptor)
    const { config, layers } = parseManifest(bytes, file)
    const blobs = [...(config ? [config] : []), ...layers].map(content)
    const { mediaType, digest, annotations } = descriptor
    const name = annotations?.[REF_NAME]
    return {
      artifact: { mediaType, digest, manifest: bytes, blobs },
      ...(name === undefined ? {} : { name }),
    }
  })
}

function manifestBlob({ mediaType, digest, manifest }: Artifact): Blob {
  return { descriptor: { mediaType, digest, size: manifest.length }, bytes: manifest }
}

function pathOf(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`
}

function invalid(file: string, what: string): ParapetError {
  return new ParapetError('OCI_LAYOUT', `\`${file}\` ${what}`, {
    file,
    help: '`parapet pull --save` writes one',
  })
}
