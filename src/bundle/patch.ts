import type { Diagnostic } from '../text/diagnostic.ts'
import type { PatchOperation } from './bundle.ts'
import type { Json } from './json.ts'
import { insideRoots, trimSlashes } from './roots.ts'

const OPERATIONS = ['upsert', 'remove', 'replace'] as const

/** Reads `patch.json` of a delta bundle. */
export function readPatch(
  document: Json,
  file: string,
): { value: PatchOperation[]; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = []
  const fault = (message: string): undefined => {
    diagnostics.push({ code: 'BUNDLE_PATCH', severity: 'error', message, file })
  }
  const listed = document instanceof Map ? (document.get('data') ?? []) : undefined
  if (!Array.isArray(listed)) {
    fault('the patch is not an object with an array `data`')
    return { value: [], diagnostics }
  }
  const value: PatchOperation[] = []
  for (const [index, entry] of listed.entries()) {
    const given = entry instanceof Map ? entry : new Map<string, Json>()
    const op = OPERATIONS.find((name) => name === given.get('op'))
    const path = given.get('path')
    if (op === undefined)
      fault(`operation ${index + 1} of the patch is not upsert, remove or replace`)
    else if (typeof path !== 'string') fault(`operation ${index + 1} of the patch has no path`)
    else
      value.push({ op, path, ...(given.has('value') ? { value: given.get('value') ?? null } : {}) })
  }
  return { value, diagnostics }
}

/** The operations whose path the roots do not permit. */
export function patchesOutside(
  patch: readonly PatchOperation[],
  roots: readonly string[],
): PatchOperation[] {
  return patch.filter(({ path }) => !insideRoots(roots, trimSlashes(path).split('/')))
}
