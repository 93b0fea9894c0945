import { objectOf } from '../text/json.ts'
import type { ArchiveFile } from './archive.ts'
import type { Bundle } from './bundle.ts'
import { encodeJson } from './encode.ts'
import { decodeUtf8 } from './json.ts'
import { SOURCES_FILE } from './names.ts'

/**
 * The Rego that a bundle was compiled from, in a file that OPA passes over. OPA takes the rules of
 * the entrypoints out of the modules beside policy.wasm, so without this nobody could compile the
 * bundle again and see that the WASM is what the source says.
 */
export interface BundleSources {
  /** The version of OPA that compiled the bundle. */
  readonly opa: string
  /** The version of Parapet that read METADATA and residuals. */
  readonly parapet: string
  /** Path in the bundle → text. */
  readonly modules: ReadonlyMap<string, string>
}

/** The sources as a file of the archive; the same sources give the same bytes. */
export function sourcesFile(sources: BundleSources): ArchiveFile {
  const document = new Map<string, string | Map<string, string>>([
    ['opa', sources.opa],
    ['parapet', sources.parapet],
    ['sources', new Map(sources.modules)],
  ])
  return {
    name: `/${SOURCES_FILE}`,
    bytes: Buffer.from(`${encodeJson(document, { html: false })}\n`),
  }
}

/** The sources that a bundle carries; undefined where it has none, or none that can be read. */
export function readSources(bundle: Bundle): BundleSources | undefined {
  const bytes = bundle.files.get(SOURCES_FILE)
  if (!bytes) return undefined
  try {
    const { opa, parapet, sources } = objectOf(JSON.parse(decodeUtf8(bytes)))
    const texts = Object.entries(objectOf(sources)).filter(([, text]) => typeof text === 'string')
    return {
      opa: String(opa),
      parapet: String(parapet),
      modules: new Map(texts as [string, string][]),
    }
  } catch {
    return undefined
  }
}
