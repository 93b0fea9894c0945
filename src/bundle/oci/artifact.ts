import { createHash } from 'node:crypto'

/** A pointer to content in a registry. */
export interface Descriptor {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
  readonly annotations?: Readonly<Record<string, string>>
}

/** Content that a manifest points to. */
export interface Blob {
  readonly descriptor: Descriptor
  readonly bytes: Uint8Array
}

/** An artifact as it is pushed: blobs first, then the manifest. */
export interface Artifact {
  readonly mediaType: string
  readonly manifest: Uint8Array
  readonly digest: string
  readonly blobs: readonly Blob[]
}

export const IMAGE_MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
export const IMAGE_INDEX = 'application/vnd.oci.image.index.v1+json'
export const IMAGE_CONFIG = 'application/vnd.oci.image.config.v1+json'
export const TITLE = 'org.opencontainers.image.title'

/** `sha256:…` of some bytes. */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

export function blob(
  mediaType: string,
  bytes: Uint8Array,
  annotations?: Readonly<Record<string, string>>,
): Blob {
  const descriptor = { mediaType, digest: digestOf(bytes), size: bytes.length }
  return { descriptor: annotations ? { ...descriptor, annotations } : descriptor, bytes }
}

export interface ArtifactParts {
  readonly config: Blob
  readonly layers: readonly Blob[]
  readonly annotations?: Readonly<Record<string, string>> | undefined
  readonly artifactType?: string
  /** What the artifact is about, such as the artifact that it signs. */
  readonly subject?: Descriptor
}

/** An OCI image manifest over some blobs. No time of making is written: the same parts, the same digest. */
export function artifact(parts: ArtifactParts): Artifact {
  const { config, layers, annotations, artifactType, subject } = parts
  const hasAnnotations = annotations && Object.keys(annotations).length > 0
  const document = {
    schemaVersion: 2,
    mediaType: IMAGE_MANIFEST,
    ...(artifactType === undefined ? {} : { artifactType }),
    // ECR refuses annotations on the configuration's descriptor.
    config: {
      mediaType: config.descriptor.mediaType,
      digest: config.descriptor.digest,
      size: config.descriptor.size,
    },
    layers: layers.map(({ descriptor }) => descriptor),
    ...(subject ? { subject } : {}),
    ...(hasAnnotations ? { annotations } : {}),
  }
  const manifest = Buffer.from(JSON.stringify(document))
  return {
    mediaType: IMAGE_MANIFEST,
    manifest,
    digest: digestOf(manifest),
    blobs: [config, ...layers],
  }
}
