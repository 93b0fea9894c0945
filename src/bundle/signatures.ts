import type { Diagnostic } from '../text/diagnostic.ts'
import type { Signatures } from './bundle.ts'
import type { Json } from './json.ts'

/** Reads `.signatures.json`: its shape only, nothing is verified here. */
export function readSignatures(
  document: Json,
  file: string,
): { value: Signatures; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = []
  const fault = (message: string): void => {
    diagnostics.push({ code: 'BUNDLE_SIGNATURES', severity: 'error', message, file })
  }
  if (!(document instanceof Map)) {
    fault('the signatures file is not an object')
    return { value: { signatures: [] }, diagnostics }
  }
  const listed = document.get('signatures') ?? []
  const tokens = Array.isArray(listed) ? listed.filter((token) => typeof token === 'string') : []
  if (!Array.isArray(listed) || tokens.length !== listed.length)
    fault('`signatures` in the signatures file is not an array of strings')
  const plugin = document.get('plugin') ?? undefined
  if (plugin !== undefined && typeof plugin !== 'string')
    fault('`plugin` in the signatures file is not a string')
  return {
    value: { signatures: tokens, ...(typeof plugin === 'string' ? { plugin } : {}) },
    diagnostics,
  }
}
