import type { ArchiveFile } from './archive.ts'
import type { Bundle } from './bundle.ts'
import { type DataChange, diffData } from './data-diff.ts'
import { diffBundles } from './diff.ts'
import { exactData } from './exact-data.ts'
import type { Json } from './json.ts'
import { insideRoots } from './roots.ts'
import { kindOf } from './names.ts'
import { jsonFile } from './write.ts'

/**
 * The files of a delta bundle that turns the data of one revision into that of the next. Undefined
 * where there is none: more than data differs, nothing does (an empty patch would wipe all data), a
 * key cannot be written as a path that OPA reads, or the bundle has WASM. OPA 1.22 takes no delta for
 * those: it wants the manifest to name the same modules, and the modules to be in the delta, which
 * may hold none.
 */
export function deltaBundle(before: Bundle, after: Bundle): ArchiveFile[] | undefined {
  if (before.kind === 'delta' || after.kind === 'delta') return undefined
  if (after.manifest.wasm.length > 0) return undefined
  const diff = diffBundles(before, after)
  if (!diff.isOnlyData || diff.isSame) return undefined
  const operations = diffData(exactData(before), exactData(after)).map(operation)
  const { roots } = after.manifest
  const paths = operations.map((entry) => entry?.get('path'))
  if (
    !paths.every((path) => typeof path === 'string' && insideRoots(roots, path.slice(1).split('/')))
  )
    return undefined
  const patch: Json = new Map([['data', operations as Json[]]])
  const manifest = [...after.files].filter(([name]) => kindOf(name) === 'manifest')
  return [
    { name: '/patch.json', bytes: jsonFile(patch) },
    ...manifest.map(([, bytes]) => ({ name: '/.manifest', bytes })),
  ]
}

function operation({ path, before, after }: DataChange): Map<string, Json> | undefined {
  // OPA trims slashes, so an empty key would vanish from the path.
  if (path.includes('')) return undefined
  const op = after === undefined ? 'remove' : before === undefined ? 'upsert' : 'replace'
  const pointer = `/${path.map(escape).join('/')}`
  return new Map<string, Json>([
    ['op', op],
    ['path', pointer],
    ['value', after ?? null],
  ])
}

/** OPA undoes URL escapes first, then those of JSON pointers. */
function escape(key: string): string {
  return encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))
}
