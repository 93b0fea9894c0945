/**
 * Byte strings: texts whose characters are the bytes of UTF-8. Falco compares C strings, byte by
 * byte; on these, JavaScript's own `===`, `<`, `includes` and `length` do the same.
 */

/** Text as the bytes of its UTF-8. */
export function utf8(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1')
}

/** A byte string as text; what is no UTF-8 becomes U+FFFD. */
export function fromUtf8(bytes: string): string {
  return isAscii(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8')
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false
  return true
}

/** What C sees of it: up to the first NUL. */
export function cString(bytes: string): string {
  const nul = bytes.indexOf('\0')
  return nul < 0 ? bytes : bytes.slice(0, nul)
}

/** Without NULs at the end; those inside stay. */
export function trimNul(bytes: string): string {
  let end = bytes.length
  while (end > 0 && bytes.charCodeAt(end - 1) === 0) end--
  return end === bytes.length ? bytes : bytes.slice(0, end)
}

/** ASCII letters in lower case; other bytes stay, as in the C locale. */
export function lower(bytes: string): string {
  return bytes.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/** ASCII letters in upper case. */
export function upper(bytes: string): string {
  return bytes.replace(/[a-z]+/g, (letters) => letters.toUpperCase())
}
