import { gzipSync } from 'node:zlib'

/** A tar entry as a test wants it, well-formed or not. */
export interface TestEntry {
  name: string | Uint8Array
  body?: string | Uint8Array
  /** Type flag; `0` is a file. */
  type?: string
  link?: string
  /** Overrides the size field, to lie about the body. */
  size?: string
  checksum?: number
}

const utf8 = new TextEncoder()

/** A USTAR archive byte by byte, so that tests can write what no library would. */
export function tar(entries: readonly TestEntry[], end = 1024): Uint8Array {
  return Buffer.concat([...entries.map(entryBytes), new Uint8Array(end)])
}

export function tarGz(entries: readonly TestEntry[]): Uint8Array {
  return gzipSync(tar(entries))
}

/** A pax record: its length counts itself. */
export function pax(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`
  let length = Buffer.byteLength(rest) + 1
  while (String(length).length + Buffer.byteLength(rest) !== length) length += 1
  return `${length}${rest}`
}

function entryBytes(entry: TestEntry): Uint8Array {
  const body =
    typeof entry.body === 'string' ? utf8.encode(entry.body) : (entry.body ?? new Uint8Array())
  const header = new Uint8Array(512)
  const put = (text: string | Uint8Array, at: number): void => {
    header.set(typeof text === 'string' ? utf8.encode(text) : text, at)
  }
  put(entry.name, 0)
  put('0000600\0', 100)
  put('0000000\0', 108)
  put('0000000\0', 116)
  put(entry.size ?? `${body.length.toString(8).padStart(11, '0')}\0`, 124)
  put('00000000000\0', 136)
  put(entry.type ?? '0', 156)
  put(entry.link ?? '', 157)
  put('ustar\x0000', 257)
  put('        ', 148)
  const sum = entry.checksum ?? header.reduce((total, byte) => total + byte, 0)
  put(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return Buffer.concat([header, body, new Uint8Array(-body.length & 511)])
}
