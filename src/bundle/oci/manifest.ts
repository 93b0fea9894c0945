import { objectOf, textOf } from '../../text/json.ts'
import { ParapetError } from '../../text/error.ts'
import type { Descriptor } from './artifact.ts'
import { DIGEST } from './reference.ts'

/** A manifest or index as it came from a registry. */
export interface PulledManifest {
  readonly mediaType: string
  readonly artifactType: string | undefined
  readonly config: Descriptor | undefined
  readonly layers: readonly Descriptor[]
  /** Manifests of an index. */
  readonly manifests: readonly (Descriptor & { readonly artifactType?: string })[]
  readonly annotations: Readonly<Record<string, string>>
}

/**
 * Reads a manifest; what points nowhere is refused.
 * @throws {ParapetError} `OCI_MANIFEST`
 */
export function parseManifest(bytes: Uint8Array, reference: string): PulledManifest {
  let document: Readonly<Record<string, unknown>>
  try {
    document = objectOf(JSON.parse(Buffer.from(bytes).toString()))
  } catch (cause) {
    throw invalid(reference, 'is not JSON', cause)
  }
  const list = (value: unknown): Descriptor[] =>
    Array.isArray(value) ? value.map((entry) => readDescriptor(entry, reference)) : []
  return {
    mediaType: textOf(document['mediaType']) ?? '',
    artifactType: textOf(document['artifactType']) ?? undefined,
    config:
      document['config'] === undefined ? undefined : readDescriptor(document['config'], reference),
    layers: list(document['layers']),
    manifests: list(document['manifests']),
    annotations: texts(document['annotations']),
  }
}

function readDescriptor(value: unknown, reference: string): Descriptor & { artifactType?: string } {
  const entry = objectOf(value)
  const [mediaType, digest] = [textOf(entry['mediaType']), textOf(entry['digest'])]
  const { size } = entry
  if (
    mediaType === null ||
    digest === null ||
    !DIGEST.test(digest) ||
    !Number.isSafeInteger(size) ||
    (size as number) < 0
  )
    throw invalid(reference, 'has a descriptor without media type, sha256 digest or size')
  const artifactType = textOf(entry['artifactType'])
  const annotations = texts(entry['annotations'])
  return {
    mediaType,
    digest,
    size: size as number,
    ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
    ...(artifactType === null ? {} : { artifactType }),
  }
}

function texts(value: unknown): Record<string, string> {
  const entries = Object.entries(objectOf(value)).filter((entry) => typeof entry[1] === 'string')
  return Object.fromEntries(entries) as Record<string, string>
}

function invalid(reference: string, what: string, cause?: unknown): ParapetError {
  return new ParapetError('OCI_MANIFEST', `the manifest of \`${reference}\` ${what}`, { cause })
}
