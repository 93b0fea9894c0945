import { ParapetError } from '../../text/error.ts'
import { type Artifact, artifact, blob, type Descriptor, IMAGE_CONFIG, TITLE } from './artifact.ts'
import type { PulledManifest } from './manifest.ts'

/** What OPA looks for in an artifact: it takes the first layer of this type. */
export const BUNDLE_LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip'

/** A bundle as OPA pulls it with a service of `type: oci`. */
export function bundleArtifact(
  bundle: Uint8Array,
  options: { revision: string; annotations?: Readonly<Record<string, string>> },
): Artifact {
  const revision =
    options.revision === '' ? {} : { 'org.opencontainers.image.revision': options.revision }
  return artifact({
    config: blob(IMAGE_CONFIG, Buffer.from('{}')),
    layers: [blob(BUNDLE_LAYER, bundle, { [TITLE]: 'bundle.tar.gz' })],
    annotations: { ...revision, ...options.annotations },
  })
}

/**
 * The layer that OPA would load.
 * @throws {ParapetError} `OCI_MANIFEST`
 */
export function bundleLayer(manifest: PulledManifest, reference: string): Descriptor {
  const layer = manifest.layers.find(({ mediaType }) => mediaType === BUNDLE_LAYER)
  if (layer) return layer
  throw new ParapetError('OCI_MANIFEST', `\`${reference}\` holds no OPA bundle`, {
    help: `a bundle is a layer of type ${BUNDLE_LAYER}; artifacts of Conftest and Falco are made differently`,
  })
}
