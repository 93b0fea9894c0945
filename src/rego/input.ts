import { TermError, parseJson, parseTerm, printTerm, wellFormed } from './term.ts'
import type { Value } from './value.ts'

const encoder = new TextEncoder()

/**
 * Proves a text to be exactly one JSON value (or Rego term with sets) and gives it as bytes that
 * mean the same to `opa_eval`, which does not report what it cannot read: a lone surrogate is
 * U+FFFD, as in OPA, and of duplicate keys the last one stays. Null where there is no such value.
 */
export function proveInput(text: string): Uint8Array | null {
  return prove(text, parseTerm)
}

/** As `proveInput`, for JSON alone: a data document holds no sets. */
export function proveData(text: string): Uint8Array | null {
  return prove(text, parseJson)
}

function prove(text: string, parse: (text: string) => Value): Uint8Array | null {
  try {
    return encoder.encode(printTerm(parse(wellFormed(text))))
  } catch (error) {
    if (error instanceof TermError || error instanceof RangeError) return null
    throw error
  }
}
