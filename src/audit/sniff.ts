import { SNIFF_BYTES } from '../text/limits.ts'

/** What the beginning of an input says about the whole. */
export interface Sniffed {
  /** Bytes to skip: a byte-order mark of UTF-8 loses nothing. */
  readonly skip: number
  /** Set where the input cannot be an audit log: why, and what to do about it. */
  readonly refusal?: { readonly reason: string; readonly help: string }
}

const CONVERT = 'convert it to UTF-8 first, for example with `iconv -f UTF-16 -t UTF-8`'

/** Formats that are recognised to say what they are. */
const FORMATS: readonly (readonly [magic: readonly number[], reason: string, help: string])[] = [
  [[0xff, 0xfe], 'it is UTF-16 text, not UTF-8', CONVERT],
  [[0xfe, 0xff], 'it is UTF-16 text, not UTF-8', CONVERT],
  [
    [0x28, 0xb5, 0x2f, 0xfd],
    'it is compressed with zstd',
    'unpack it first, and pipe it: `zstd -dc FILE | parapet scan -`',
  ],
  [
    [0xfd, 0x37, 0x7a, 0x58, 0x5a],
    'it is compressed with xz',
    'unpack it first, and pipe it: `xz -dc FILE | parapet scan -`',
  ],
  [
    [0x42, 0x5a, 0x68],
    'it is compressed with bzip2',
    'unpack it first, and pipe it: `bzip2 -dc FILE | parapet scan -`',
  ],
  [
    [0x04, 0x22, 0x4d, 0x18],
    'it is compressed with lz4',
    'unpack it first, and pipe it: `lz4 -dc FILE | parapet scan -`',
  ],
  [
    [0x1f, 0x8b],
    'it is compressed with gzip twice',
    'unpack it first, and pipe it: `gzip -dc FILE | parapet scan -`',
  ],
  [[0x50, 0x4b, 0x03, 0x04], 'it is a zip archive', 'unpack it and name the files in it'],
]

/** More than one control character in so many bytes is no text. JSON has none at all. */
const CONTROL_SHARE = 16

/**
 * Judges an input by its first bytes: SNIFF_BYTES, or all where there are fewer; a handful is enough
 * where it begins like JSON. Undefined where more bytes are needed and `whole` says there are some.
 */
export function sniff(head: Uint8Array, whole: boolean): Sniffed | undefined {
  const skip = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0
  const bracket = head[skip] === 0x7b || head[skip] === 0x5b
  // UTF-16 without a mark has a NUL here.
  if (bracket && head.length > skip + 1 && head[skip + 1] !== 0) return { skip }
  if (head.length < SNIFF_BYTES && !whole) return undefined
  const format = FORMATS.find(([magic]) => magic.every((byte, i) => head[i] === byte))
  if (format) return { skip: 0, refusal: { reason: format[1], help: format[2] } }
  const { nul, control } = controls(head)
  if (control * CONTROL_SHARE > head.length && control > 3) {
    const wide = nul * 3 > head.length
    return {
      skip: 0,
      refusal: wide
        ? { reason: 'it is UTF-16 or UTF-32 text, or full of NUL bytes', help: CONVERT }
        : {
            reason: 'it is binary data, not text',
            help: 'name an audit log: JSON lines, an EventList or an array of events',
          },
    }
  }
  return { skip }
}

function controls(head: Uint8Array): { nul: number; control: number } {
  let nul = 0
  let control = 0
  for (const byte of head) {
    if (byte === 0) nul++
    if (byte < 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) control++
  }
  return { nul, control }
}
