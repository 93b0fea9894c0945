import { decodeResiduals } from '../residual/decode.ts'
import { ParapetError } from '../text/error.ts'
import type { Bundle } from './bundle.ts'

/**
 * What each guardrail of a bundle looks for, by entrypoint, in a form that can be compared: the
 * residual that its manifest carries. Left out where that is not told, or not wholly: a guardrail
 * with an opaque part may mean anything.
 */
export function meaningsOf(bundle: Bundle): ReadonlyMap<string, string> {
  const [wasm] = bundle.wasm.values()
  const encoded = bundle.manifest.metadata?.['residuals']
  const meanings = new Map<string, string>()
  if (!wasm) return meanings
  try {
    for (const { entrypoint, residual } of decodeResiduals(encoded, wasm) ?? []) {
      const text = JSON.stringify(residual)
      if (!text.includes('"kind":"opaque"')) meanings.set(entrypoint, text)
    }
  } catch (error) {
    if (!(error instanceof ParapetError)) throw error
  }
  return meanings
}
