/** Longest text whose answer is kept, in characters. */
const LENGTH_MAX = 128
/** Most texts of one generation. */
const TEXTS_MAX = 8192

/**
 * Texts without any credential shape. An audit log says the same names, kinds and reasons over and
 * over; of two generations of texts the older is forgotten.
 */
let young = new Set<string>()
let old = new Set<string>()

export function isKnownClean(text: string): boolean {
  if (text.length > LENGTH_MAX) return false
  return young.has(text) || old.has(text)
}

export function rememberClean(text: string): void {
  if (text.length > LENGTH_MAX) return
  if (young.size === TEXTS_MAX) {
    old = young
    young = new Set()
  }
  young.add(copied(text))
}

/** The text by itself: a part of a longer one keeps all of that in memory. */
export function copied(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le')
}
