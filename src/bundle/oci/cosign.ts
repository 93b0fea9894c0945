import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { objectOf, textOf } from '../../text/json.ts'
import {
  type Artifact,
  artifact,
  blob,
  type Blob,
  type Descriptor,
  IMAGE_CONFIG,
} from './artifact.ts'

/**
 * Signatures that cosign makes and accepts with a key pair. What is signed is not the artifact but
 * a small document that names its digest.
 */
const SIMPLE_SIGNING = 'application/vnd.dev.cosign.simplesigning.v1+json'
export const SIGNATURE_TYPE = 'application/vnd.dev.cosign.artifact.sig.v1+json'
const SIGNATURE = 'dev.cosignproject.cosign/signature'
const TYPE = 'cosign container image signature'

/** The tag at which cosign looks for the signatures of an artifact: `sha256-….sig`. */
export function signatureTag(digest: string): string {
  return `${digest.replace(':', '-')}.sig`
}

/** A signature of an artifact: `tagged` for the tag that cosign reads, `referrer` pointing at it. */
export function cosignArtifacts(
  subject: Descriptor,
  options: { key: KeyObject; name: string },
): { tagged: Artifact; referrer: Artifact } {
  const layer = signatureLayer(subject.digest, options)
  const config = blob(IMAGE_CONFIG, configOf(layer))
  const plain = { mediaType: subject.mediaType, digest: subject.digest, size: subject.size }
  return {
    tagged: artifact({ config, layers: [layer] }),
    referrer: artifact({
      config: blob(SIGNATURE_TYPE, Buffer.from('{}')),
      layers: [layer],
      artifactType: SIGNATURE_TYPE,
      subject: plain,
    }),
  }
}

function signatureLayer(digest: string, { key, name }: { key: KeyObject; name: string }): Blob {
  const critical = {
    identity: { 'docker-reference': name },
    image: { 'docker-manifest-digest': digest },
    type: TYPE,
  }
  const payload = Buffer.from(JSON.stringify({ critical, optional: null }))
  // ECDSA and RSA over SHA-256; Ed25519 takes no digest.
  const algorithm = key.asymmetricKeyType === 'ed25519' ? null : 'sha256'
  return blob(SIMPLE_SIGNING, payload, {
    [SIGNATURE]: sign(algorithm, payload, key).toString('base64'),
  })
}

/** cosign reads the list of layers from an image configuration as well. */
function configOf({ descriptor }: Blob): Uint8Array {
  const layers = { type: 'layers', diff_ids: [descriptor.digest] }
  return Buffer.from(
    JSON.stringify({
      architecture: '',
      created: '0001-01-01T00:00:00Z',
      history: [{ created: '0001-01-01T00:00:00Z' }],
      os: '',
      rootfs: layers,
      config: {},
    }),
  )
}

/** Whether a layer of a signature artifact signs that digest with that key. */
export function isSignedBy(
  layer: { descriptor: Descriptor; bytes: Uint8Array },
  digest: string,
  key: KeyObject,
): boolean {
  const signature = layer.descriptor.annotations?.[SIGNATURE]
  if (layer.descriptor.mediaType !== SIMPLE_SIGNING || !signature) return false
  const algorithm = key.asymmetricKeyType === 'ed25519' ? null : 'sha256'
  const publicKey = key.type === 'private' ? createPublicKey(key) : key
  if (!verify(algorithm, layer.bytes, publicKey, Buffer.from(signature, 'base64'))) return false
  return claimsDigest(layer.bytes, digest)
}

function claimsDigest(payload: Uint8Array, digest: string): boolean {
  try {
    const critical = objectOf(objectOf(JSON.parse(Buffer.from(payload).toString()))['critical'])
    const claimed = textOf(objectOf(critical['image'])['docker-manifest-digest'])
    return claimed === digest && critical['type'] === TYPE
  } catch {
    return false
  }
}
