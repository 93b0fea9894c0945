import {
  digestOf,
  type Artifact,
  type Blob,
  type Descriptor,
  IMAGE_INDEX,
  IMAGE_MANIFEST,
} from '../../bundle/oci/artifact.ts'
import { type PulledManifest, parseManifest } from '../../bundle/oci/manifest.ts'
import { type OciReference, printReference } from '../../bundle/oci/reference.ts'
import { ParapetError } from '../../text/error.ts'
import { OCI_BLOB_BYTES_MAX, OCI_MANIFEST_BYTES_MAX } from '../../text/limits.ts'
import { Connection, type RegistryOptions } from './connection.ts'

export type { RegistryOptions } from './connection.ts'

const MANIFEST_TYPES = [
  IMAGE_MANIFEST,
  IMAGE_INDEX,
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
].join(', ')

/** What was pulled: the manifest's own digest and media type with it. */
export interface Pulled {
  readonly descriptor: Descriptor
  readonly bytes: Uint8Array
  readonly manifest: PulledManifest
}

/**
 * One repository of a registry that speaks the distribution specification. Everything that comes
 * back is bounded and checked against its digest.
 */
export class Repository {
  readonly #connection: Connection
  readonly #reference: OciReference

  constructor(reference: OciReference, options: RegistryOptions) {
    this.#reference = reference
    this.#connection = new Connection(reference, options)
  }

  /** The manifest under a tag or digest; undefined where there is none. */
  async manifest(reference: string): Promise<Pulled | undefined> {
    const response = await this.#connection.request('GET', `/manifests/${reference}`, {
      headers: { accept: MANIFEST_TYPES },
    })
    if (response.status === 404) return undefined
    await this.#connection.expect(response, [200], `read ${this.#name(reference)}`)
    const bytes = await this.#connection.body(response, OCI_MANIFEST_BYTES_MAX)
    const digest = digestOf(bytes)
    if (reference.startsWith('sha256:') && digest !== reference) throw this.#changed(reference)
    const manifest = parseManifest(bytes, this.#name(reference))
    const mediaType = manifest.mediaType || (response.headers.get('content-type') ?? IMAGE_MANIFEST)
    return { descriptor: { mediaType, digest, size: bytes.length }, bytes, manifest }
  }

  /** The content of a descriptor. */
  async blob({ digest, size }: Descriptor): Promise<Uint8Array> {
    if (size > OCI_BLOB_BYTES_MAX)
      throw new ParapetError(
        'OCI_TOO_LARGE',
        `the layer has ${size} bytes, the limit is ${OCI_BLOB_BYTES_MAX}`,
      )
    const response = await this.#connection.request('GET', `/blobs/${digest}`)
    await this.#connection.expect(response, [200], `read ${digest}`)
    const bytes = await this.#connection.body(response, size)
    if (bytes.length !== size || digestOf(bytes) !== digest) throw this.#changed(digest)
    return bytes
  }

  /** Pushes blobs that are not there yet, then the manifest, under its digest or a tag. */
  async push(artifact: Artifact, tag?: string): Promise<void> {
    for (const blob of artifact.blobs) await this.#pushBlob(blob)
    await this.#putManifest(artifact, tag ?? artifact.digest)
  }

  /** Another tag for a manifest that is there. */
  async tag(artifact: Artifact, tag: string): Promise<void> {
    await this.#putManifest(artifact, tag)
  }

  /** Manifests that refer to a digest, by the API or else by the fallback tag of the specification. */
  async referrers(digest: string): Promise<PulledManifest['manifests']> {
    const response = await this.#connection.request('GET', `/referrers/${digest}`, {
      headers: { accept: IMAGE_INDEX },
    })
    if (response.status === 200) {
      const bytes = await this.#connection.body(response, OCI_MANIFEST_BYTES_MAX)
      return parseManifest(bytes, this.#name(digest)).manifests
    }
    await this.#connection.expect(response, [400, 404, 405], `list what refers to ${digest}`)
    return (await this.manifest(digest.replace(':', '-')))?.manifest.manifests ?? []
  }

  async #pushBlob({ descriptor, bytes }: Blob): Promise<void> {
    const there = await this.#connection.request('HEAD', `/blobs/${descriptor.digest}`)
    if (there.status === 200) return
    const begun = await this.#connection.request('POST', '/blobs/uploads/', { write: true })
    await this.#connection.expect(begun, [202], 'begin an upload')
    const location = begun.headers.get('location')
    if (!location)
      throw new ParapetError('OCI_FAILED', 'the registry begins an upload and says not where')
    const url = this.#connection.uploadUrl(location)
    url.searchParams.set('digest', descriptor.digest)
    const headers = {
      'content-type': 'application/octet-stream',
      'content-length': String(bytes.length),
    }
    const done = await this.#connection.request('PUT', url, { headers, body: bytes, write: true })
    await this.#connection.expect(done, [201, 204], `upload ${descriptor.digest}`)
  }

  async #putManifest({ manifest, mediaType, digest }: Artifact, name: string): Promise<void> {
    const response = await this.#connection.request('PUT', `/manifests/${name}`, {
      headers: { 'content-type': mediaType },
      body: manifest,
      write: true,
    })
    await this.#connection.expect(response, [201, 200], `push ${this.#name(name)}`)
    const told = response.headers.get('docker-content-digest')
    if (told && told !== digest) throw this.#changed(digest)
  }

  #name(reference: string): string {
    const { registry, repository } = this.#reference
    return printReference({
      registry,
      repository,
      ...(reference.startsWith('sha256:') ? { digest: reference } : { tag: reference }),
    })
  }

  #changed(digest: string): ParapetError {
    return new ParapetError('OCI_DIGEST', `the registry sends something else than ${digest}`, {
      help: 'do not use it; the artifact was changed on the way, or the registry is broken',
    })
  }
}
