/** A range of bytes and the text that takes its place. */
export interface Splice {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** The text of valid UTF-8 with other texts in the place of some of its bytes, in order. */
export function spliced(bytes: Uint8Array, splices: readonly Splice[]): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let text = ''
  let at = 0
  for (const splice of splices) {
    text += buffer.toString('utf8', at, splice.start) + splice.text
    at = splice.end
  }
  return text + buffer.toString('utf8', at)
}

/** A JSON text that was printed over many lines, without its line breaks and indentation. */
export function compact(json: Uint8Array): Uint8Array {
  if (!json.includes(0x0a) && !json.includes(0x0d)) return json
  const result = new Uint8Array(json.length)
  let length = 0
  let inString = false
  for (let at = 0; at < json.length; at++) {
    const byte = json[at]!
    if (byte === 0x22) inString = !inString
    else if (!inString && isSpace(byte)) continue
    result[length++] = byte
    // The byte behind a backslash ends no string.
    if (byte === 0x5c) result[length++] = json[++at]!
  }
  return result.subarray(0, length)
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d
}
