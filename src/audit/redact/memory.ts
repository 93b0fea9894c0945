/** Longest text whose answer is kept, in characters. */
const LENGTH_MAX = 128
/**
 * An identifier of a request, a time, an IPv4 address: new in every event, and of a form that no
 * credential shape has.
 */
const FORMAL =
  /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z|\d{1,3}(?:\.\d{1,3}){3})$/
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
  return FORMAL.test(text) || young.has(text) || old.has(text)
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
