import { contentRevision } from '../bundle/assemble.ts'
import type { JsonObject } from '../bundle/json.ts'
import { openBundle } from '../bundle/open.ts'
import { bundleFromFiles } from '../bundle/read.ts'
import { signFiles, type SignOptions } from '../bundle/sign.ts'
import type { TrustPolicy } from '../bundle/trust.ts'
import { dataBundle, packBundle, withSignatures } from '../bundle/write.ts'
import { readDocument, YamlDataError } from '../bundle/yaml-data.ts'
import { neededBuiltins } from '../rego/needs.ts'
import { ParapetError } from '../text/error.ts'
import type { Ready } from './file-watch.ts'

/** Makes a revision of a bundle archive, if it is sound and signed by somebody trusted. */
export function servedBundle(
  file: string,
  trust: TrustPolicy | undefined,
): (bytes: Uint8Array) => Promise<Ready> {
  return async (archive) => {
    const { bundle } = await openBundle(archive, trust, { file })
    if (bundle.kind === 'delta')
      throw new ParapetError('BUNDLE_PATCH', 'nothing can start from a delta bundle', { file })
    // Loads the module, as every OPA that activates the bundle will.
    for (const wasm of bundle.wasm.values()) await neededBuiltins(wasm)
    return { archive, bundle }
  }
}

/**
 * Makes a discovery bundle of an OPA configuration (YAML or JSON): a bundle of data alone, whose
 * document at the root is the configuration.
 */
export function servedDiscovery(
  file: string,
  signing: SignOptions | undefined,
): (bytes: Uint8Array) => Promise<Ready> {
  return async (bytes) => {
    const data = configuration(bytes, file)
    const manifest = (revision: string): JsonObject => new Map([['revision', revision]])
    const revision = contentRevision(dataBundle(data, manifest('')))
    const files = dataBundle(data, manifest(revision))
    const signed = signing ? withSignatures(files, await signFiles(files, signing)) : files
    return { archive: packBundle(signed), bundle: (await bundleFromFiles(signed, file)).bundle }
  }
}

function configuration(bytes: Uint8Array, file: string): JsonObject {
  try {
    const value = readDocument(file, bytes)
    if (value instanceof Map) return value
  } catch (cause) {
    if (!(cause instanceof YamlDataError)) throw cause
    throw new ParapetError('SERVE_CONFIG', cause.message, { file, cause })
  }
  throw new ParapetError('SERVE_CONFIG', 'an OPA configuration is a mapping', { file })
}
