import { posix } from 'node:path'
import { BUNDLE_NAME_BYTES_MAX } from '../text/limits.ts'

/** The sources that Parapet puts beside what OPA loads. */
export const SOURCES_FILE = '.parapet.json'

/** Characters of a name that a message shows. */
const NAME_SHOWN_MAX = 100

/** What OPA makes of a file in a bundle, by its name alone. */
export type FileKind =
  | 'module'
  | 'wasm'
  | 'plan'
  | 'data'
  | 'yaml'
  | 'manifest'
  | 'protoManifest'
  | 'signatures'
  | 'patch'
  | 'sources'
  | 'ignored'

/** In the order in which OPA asks. A manifest is told by the end of its name, the rest by base name. */
export function kindOf(name: string): FileKind {
  const base = posix.basename(name)
  if (base === '.signatures.json') return 'signatures'
  if (base === 'patch.json') return 'patch'
  if (name === SOURCES_FILE || name === `/${SOURCES_FILE}`) return 'sources'
  if (name.endsWith('.rego')) return 'module'
  if (base === 'policy.wasm') return 'wasm'
  if (base === 'plan.json' || base === 'plan.pb') return 'plan'
  if (base === 'data.json') return 'data'
  if (base === 'data.yaml' || base === 'data.yml') return 'yaml'
  if (name.endsWith('.manifest.pb')) return 'protoManifest'
  if (name.endsWith('.manifest')) return 'manifest'
  return 'ignored'
}

/** Where a data file's document stands in `data`: its folder, leading slashes and dots cut off. */
export function mountOf(name: string): string[] {
  const folder = posix.dirname(name).replace(/^[/.]+/, '')
  return folder === '' ? [] : folder.split('/')
}

/** The name under which a signature lists a file. */
export function signedName(name: string): string {
  return name.startsWith('/') ? name.slice(1) : name
}

/** One name for what a file system would make one file of: no leading `/` or `./`. */
export function plainName(name: string): string {
  return name.replace(/^(?:\.?\/)+/, '')
}

/** Files that a desktop or an editor leaves behind: `._x`, `.DS_Store`, `x~`, `.x.swp`, `#x#`. */
export function isJunk(name: string): boolean {
  const base = posix.basename(name)
  return (
    /^(?:\._|\.#|#.*#$|~\$)/.test(base) ||
    /(?:~|\.(?:swp|swo|orig|rej|bak|tmp))$/.test(base) ||
    ['.DS_Store', 'Thumbs.db', 'desktop.ini'].includes(base) ||
    /(?:^|\/)(?:__MACOSX|\.git|\.idea|\.vscode)\//.test(name)
  )
}

/** Why a name may not stand in a bundle; undefined where it may. */
export function nameFault(name: string): string | undefined {
  const plain = plainName(name)
  if (plain === '' || plain.endsWith('/')) return 'is empty'
  if (Buffer.byteLength(name) > BUNDLE_NAME_BYTES_MAX)
    return `is longer than ${BUNDLE_NAME_BYTES_MAX} bytes`
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(name)) return 'holds a control character'
  if (name.includes('\uFFFD')) return 'is not UTF-8'
  if (/\\|^[a-zA-Z]:/.test(plain)) return 'is a Windows path'
  const segments = plain.split('/')
  if (segments.includes('..')) return 'climbs out of the bundle'
  if (segments.includes('') || segments.includes('.')) return 'has an empty segment'
  return undefined
}

/** A name as it may stand in a message: cut, and without control characters. */
export function shownName(name: string): string {
  return oneLine(name.length > NAME_SHOWN_MAX ? `${name.slice(0, NAME_SHOWN_MAX)}…` : name)
}

/** A message that quotes what an archive holds: control characters become escapes. */
export function oneLine(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
