const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()

export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text)
}

/** Bytes as a string, every byte that is no UTF-8 as U+FFFD of its own, as Go counts them. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes)
  } catch {
    return decodeBroken(bytes)
  }
}

function decodeBroken(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length;) {
    const length = runeLength(bytes, at)
    text += length === 0 ? '\ufffd' : strict.decode(bytes.subarray(at, at + length))
    at += Math.max(length, 1)
  }
  return text
}

/** Length of the well-formed code point at a place; 0 where there is none. */
function runeLength(bytes: Uint8Array, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
    try {
      const text = strict.decode(bytes.subarray(at, at + length))
      if (text !== '') return length
    } catch {
      // Not complete, or broken.
    }
  }
  return 0
}
