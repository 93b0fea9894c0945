import type { KeyObject } from 'node:crypto'
import type { Artifact, Blob, Descriptor } from '../../bundle/oci/artifact.ts'
import {
  cosignArtifacts,
  isSignedBy,
  SIGNATURE_TYPE,
  signatureTag,
} from '../../bundle/oci/cosign.ts'
import { bundleLayer } from '../../bundle/oci/bundle-artifact.ts'
import type { LaidOut } from '../../bundle/oci/layout.ts'
import { type OciReference, printReference } from '../../bundle/oci/reference.ts'
import { ParapetError } from '../../text/error.ts'
import { type Pulled, type RegistryOptions, Repository } from './registry.ts'

export interface PushRequest {
  readonly artifact: Artifact
  readonly reference: OciReference
  /** Further tags. */
  readonly tags?: readonly string[]
  /** Signs the artifact so that cosign accepts it. */
  readonly signingKey?: KeyObject | undefined
}

/** The digest and every name of what was pushed. */
export interface PushResult {
  readonly digest: string
  /** References by tag, then by digest. */
  readonly references: readonly string[]
  readonly isSigned: boolean
}

/** Pushes an artifact, its tags and its signature: the tags last, so that nobody sees them unsigned. */
export async function pushArtifact(
  request: PushRequest,
  options: RegistryOptions,
): Promise<PushResult> {
  const { artifact, reference, tags = [], signingKey } = request
  if (reference.digest !== undefined && reference.digest !== artifact.digest)
    throw new ParapetError(
      'OCI_DIGEST',
      `the artifact is ${artifact.digest}, not ${reference.digest}`,
    )
  const repository = new Repository(reference, options)
  await repository.push(artifact)
  if (signingKey) await pushSignature(repository, artifact, reference, signingKey)
  // `latest` only where nothing else is said, as falcoctl and docker have it.
  const isNamed = reference.digest !== undefined || tags.length > 0
  const first = reference.tag ?? (isNamed ? undefined : 'latest')
  const named = [...new Set([...(first === undefined ? [] : [first]), ...tags])]
  for (const tag of named) await repository.tag(artifact, tag)
  const { registry, repository: path } = reference
  return {
    digest: artifact.digest,
    references: [
      ...named.map((tag) => printReference({ registry, repository: path, tag })),
      printReference({ registry, repository: path, digest: artifact.digest }),
    ],
    isSigned: signingKey !== undefined,
  }
}

async function pushSignature(
  repository: Repository,
  artifact: Artifact,
  reference: OciReference,
  key: KeyObject,
): Promise<void> {
  const { registry, repository: path } = reference
  const subject = {
    mediaType: artifact.mediaType,
    digest: artifact.digest,
    size: artifact.manifest.length,
  }
  const signature = cosignArtifacts(subject, { key, name: `${registry}/${path}` })
  await repository.push(signature.tagged, signatureTag(artifact.digest))
  await repository.push(signature.referrer)
}

export interface PullRequest {
  readonly reference: OciReference
  /** Public keys of which one must have signed the artifact. */
  readonly keys?: readonly KeyObject[]
}

/** An artifact that was pulled, with all that it consists of. */
export interface PulledArtifact {
  readonly artifact: Artifact
  readonly pulled: Pulled
  /** Signature artifacts, for whoever saves them along. */
  readonly signatures: readonly LaidOut[]
}

/**
 * Pulls an artifact by tag or digest; with keys, only if one of them signed it.
 * @throws {ParapetError} `OCI_NOT_FOUND`, `OCI_UNSIGNED`, `OCI_DIGEST`, `OCI_…`
 */
export async function pullArtifact(
  request: PullRequest,
  options: RegistryOptions,
): Promise<PulledArtifact> {
  const { reference, keys = [] } = request
  const repository = new Repository(reference, options)
  const named = await repository.manifest(reference.digest ?? reference.tag ?? 'latest')
  if (!named)
    throw new ParapetError('OCI_NOT_FOUND', `there is no \`${printReference(reference)}\``)
  const signatures = await findSignatures(repository, named.descriptor)
  if (keys.length > 0) {
    const layers = signatures.flatMap(({ artifact }) => artifact.blobs)
    if (
      !layers.some((layer) => keys.some((key) => isSignedBy(layer, named.descriptor.digest, key)))
    )
      throw new ParapetError(
        'OCI_UNSIGNED',
        `\`${printReference(reference)}\` is not signed with a trusted key`,
        {
          help: 'sign it with `parapet push --sign-key` or `cosign sign --key`',
        },
      )
  }
  const pulled = await fromIndex(repository, named)
  return { artifact: await complete(repository, pulled), pulled, signatures }
}

/** Of an index, the first manifest, as OPA takes it; a bundle is the same on every platform. */
async function fromIndex(repository: Repository, named: Pulled): Promise<Pulled> {
  const [first] = named.manifest.manifests
  if (named.manifest.layers.length > 0 || !first) return named
  return (await repository.manifest(first.digest)) ?? named
}

/** The bundle in an artifact. */
export function bundleIn(
  { artifact, pulled }: PulledArtifact,
  reference: OciReference,
): Uint8Array {
  const layer = bundleLayer(pulled.manifest, printReference(reference))
  return artifact.blobs.find(({ descriptor }) => descriptor.digest === layer.digest)!.bytes
}

/** Signatures under cosign's tag and those that refer to the artifact. */
async function findSignatures(repository: Repository, { digest }: Descriptor): Promise<LaidOut[]> {
  const tag = signatureTag(digest)
  const tagged = await repository.manifest(tag)
  const referring = (await repository.referrers(digest)).filter(
    ({ artifactType }) => artifactType === SIGNATURE_TYPE,
  )
  const found: LaidOut[] = tagged
    ? [{ artifact: await complete(repository, tagged), name: tag }]
    : []
  for (const referrer of referring) {
    const manifest = await repository.manifest(referrer.digest)
    if (manifest) found.push({ artifact: await complete(repository, manifest) })
  }
  return found
}

async function complete(
  repository: Repository,
  { manifest, descriptor, bytes }: Pulled,
): Promise<Artifact> {
  const blobs: Blob[] = []
  for (const part of [...(manifest.config ? [manifest.config] : []), ...manifest.layers])
    blobs.push({ descriptor: part, bytes: await repository.blob(part) })
  return { mediaType: descriptor.mediaType, digest: descriptor.digest, manifest: bytes, blobs }
}

/** Pushes what a layout holds: the named artifact under its new name, what belongs to it as it was. */
export async function pushLayout(
  laidOut: readonly LaidOut[],
  reference: OciReference,
  options: RegistryOptions,
): Promise<string[]> {
  const repository = new Repository(reference, options)
  const pushed: string[] = []
  for (const { artifact, name } of laidOut) {
    const isSignature = name === undefined || name.endsWith('.sig')
    await repository.push(artifact, isSignature ? name : (reference.tag ?? name))
    if (!isSignature) pushed.push(artifact.digest)
  }
  return pushed
}
