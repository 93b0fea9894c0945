/** How often a text is looked for inside base64 inside base64. */
const LAYERS_MAX = 3

/** Of standard or URL-safe alphabet, with or without padding, on one line or wrapped. */
const ENCODED = /^[A-Za-z0-9+/_-]+(?:\s+[A-Za-z0-9+/_-]+)*={0,2}\s*$/

/**
 * What a text is the base64 of, and that in turn, as far as it is text. Standard and URL-safe
 * alphabets, padded or not, wrapped or not.
 */
export function decodings(text: string): string[] {
  const found: string[] = []
  for (let layer = text; found.length < LAYERS_MAX;) {
    const decoded = decodedText(layer)
    if (decoded === undefined || decoded === '') break
    found.push(decoded)
    layer = decoded
  }
  return found
}

/** What a text is the base64 of, where that is text too. */
export function decodedText(text: string): string | undefined {
  if (!ENCODED.test(text)) return undefined
  const bytes = Buffer.from(text, 'base64')
  const decoded = bytes.toString()
  return decoded.includes('\ufffd') ? undefined : decoded
}

/** A text's base64 as it may stand inside another: without padding, in both alphabets. */
export function encodings(text: string): string[] {
  const standard = Buffer.from(text).toString('base64').replace(/=+$/, '')
  const urlSafe = standard.replaceAll('+', '-').replaceAll('/', '_')
  return urlSafe === standard ? [standard] : [standard, urlSafe]
}

/** Shortest base64 that is looked into, in characters: 15 bytes or more. */
const RUN = /[A-Za-z0-9+/_-]{20,}(?:\r?\n[ \t]*[A-Za-z0-9+/_-]{4,})*={0,2}/g
/** Digests and identifiers, which are the most frequent runs and no base64. */
const HEXADECIMAL = /^[0-9a-f-]+$/

/** Calls `visit` with each part of a text that is base64 of a text, and with that text. */
export function eachEncoded(
  text: string,
  visit: (start: number, end: number, decoded: string) => void,
): void {
  if (text.length < 20) return
  for (const { 0: run, index } of text.matchAll(RUN)) {
    if (HEXADECIMAL.test(run) || !beginsAsText(run)) continue
    const decoded = decodedText(run)
    if (decoded !== undefined) visit(index, index + run.length, decoded)
  }
}

/** Judges by the first bytes, so that long runs of other data cost nothing. */
function beginsAsText(run: string): boolean {
  const head = Buffer.from(run.slice(0, 16), 'base64')
  return head.every((byte) => (byte >= 0x20 && byte < 0x7f) || (byte >= 0x09 && byte <= 0x0d))
}
