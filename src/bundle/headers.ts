import { ParapetError } from '../text/error.ts'
import { BUNDLE_HEADER_BYTES_MAX } from '../text/limits.ts'
import { shownName } from './names.ts'

const BLOCK = 512
const NAME = { start: 0, end: 100 }
const SIZE = { start: 124, end: 136 }
const TYPE = 156

/** What each tar type is called when it is refused; OPA passes over these without a word. */
const REFUSED: Readonly<Record<string, string>> = {
  '1': 'a hard link',
  '2': 'a symbolic link',
  '3': 'a character device',
  '4': 'a block device',
  '6': 'a named pipe',
  S: 'a sparse file',
}

/**
 * A walk over the headers before the tar library reads them. The library is lenient where OPA's
 * reader (Go's `archive/tar`) is not, so that one archive could hold two different bundles: it
 * takes an unknown type for a file, applies global pax records, joins several extended headers,
 * and drops a byte-order mark from a name. Each of those is refused here, like links and devices.
 * @throws {ParapetError} `BUNDLE_ENTRY`, `BUNDLE_ARCHIVE`, `BUNDLE_TOO_LARGE`
 */
export function guardHeaders(tar: Uint8Array, file: string, entriesMax: number): void {
  let extended: 'x' | 'L' | undefined
  let entries = 0
  for (let at = 0; at + BLOCK <= tar.length && !isZero(tar, at);) {
    const type = typeOf(tar, at)
    const size = sizeOf(tar, at, file)
    const body = tar.subarray(at + BLOCK, at + BLOCK + size)
    if (type === 'x' || type === 'L' || type === 'g') {
      if (size > BUNDLE_HEADER_BYTES_MAX)
        throw refuse(
          `has an extended header of ${size} bytes, the limit is ${BUNDLE_HEADER_BYTES_MAX}`,
          file,
        )
      if (type === 'g') guardGlobal(body, file)
      else if (extended) throw refuse('has two extended headers for one entry', file)
      else extended = guardExtended(type, body, file)
    } else {
      guardEntry(tar, at, type, extended !== undefined, file)
      extended = undefined
      entries += 1
      if (entries > entriesMax)
        throw new ParapetError(
          'BUNDLE_TOO_LARGE',
          `the archive has more than ${entriesMax} entries`,
          { file },
        )
    }
    at += BLOCK + Math.ceil((type === '5' ? 0 : size) / BLOCK) * BLOCK
  }
}

function guardEntry(
  tar: Uint8Array,
  at: number,
  type: string,
  renamed: boolean,
  file: string,
): void {
  const raw = tar.subarray(at + NAME.start, at + NAME.end)
  const name = printable(raw)
  if (type !== '0' && type !== '5')
    throw refuse(
      `holds \`${shownName(name)}\`, which is ${REFUSED[type] ?? 'of an unknown type'}`,
      file,
    )
  if (hasBom(raw)) throw refuse('has a name that begins with a byte-order mark', file)
  // Readers disagree whether such an entry is a file or a folder.
  if (type === '0' && !renamed && name.endsWith('/'))
    throw refuse(`holds \`${shownName(name)}\`, a file whose name ends in \`/\``, file)
}

/** Records that only name a file are plain; a size or sparse map of its own is for other readers. */
function guardExtended(type: 'x' | 'L', body: Uint8Array, file: string): 'x' | 'L' {
  if (type === 'L') {
    if (hasBom(body)) throw refuse('has a name that begins with a byte-order mark', file)
    return type
  }
  const seen = new Set<string>()
  for (const [key, value] of paxRecords(body, file)) {
    if (key === 'size' || key === 'linkpath' || key.startsWith('GNU.sparse'))
      throw refuse(`has an extended header with \`${key}\``, file)
    if (seen.has(key)) throw refuse(`has an extended header with \`${key}\` twice`, file)
    if (key === 'path' && (value === '' || value.includes('\0') || value.endsWith('/')))
      throw refuse('has an extended header with an odd `path`', file)
    seen.add(key)
  }
  return type
}

/** `git archive` writes a global comment; any other global record changes entries behind it. */
function guardGlobal(body: Uint8Array, file: string): void {
  for (const [key] of paxRecords(body, file))
    if (key !== 'comment') throw refuse(`has a global header with \`${key}\``, file)
}

/** The records `<length> <key>=<value>\n` of a pax header, in which every byte must be accounted for. */
function paxRecords(body: Uint8Array, file: string): [string, string][] {
  const records: [string, string][] = []
  const text = new TextDecoder('utf-8', { ignoreBOM: true })
  for (let at = 0; at < body.length;) {
    const blank = body.indexOf(0x20, at)
    const digits = blank < 0 ? '' : text.decode(body.subarray(at, blank))
    const length = /^[1-9][0-9]{0,8}$/.test(digits) ? Number(digits) : 0
    const end = at + length
    const equals = body.indexOf(0x3d, blank)
    if (
      length === 0 ||
      end > body.length ||
      body[end - 1] !== 0x0a ||
      equals <= blank ||
      equals >= end
    )
      throw refuse('has a malformed extended header', file)
    records.push([
      text.decode(body.subarray(blank + 1, equals)),
      text.decode(body.subarray(equals + 1, end - 1)),
    ])
    at = end
  }
  return records
}

function typeOf(tar: Uint8Array, at: number): string {
  const type = tar[at + TYPE]!
  return type === 0 ? '0' : String.fromCharCode(type)
}

/** The size field: octal digits, closed by blank or NUL. Base-256 sizes start at 8 GiB. */
function sizeOf(tar: Uint8Array, at: number, file: string): number {
  const digits = printable(tar.subarray(at + SIZE.start, at + SIZE.end)).trim()
  if (!/^[0-7]{1,11}$/.test(digits)) throw refuse('has an entry with a bad size', file)
  return Number.parseInt(digits, 8)
}

function printable(raw: Uint8Array): string {
  const end = raw.indexOf(0)
  return new TextDecoder().decode(end < 0 ? raw : raw.subarray(0, end))
}

function hasBom(raw: Uint8Array): boolean {
  return raw[0] === 0xef && raw[1] === 0xbb && raw[2] === 0xbf
}

function isZero(tar: Uint8Array, at: number): boolean {
  for (let i = at; i < at + BLOCK; i += 1) if (tar[i] !== 0) return false
  return true
}

function refuse(what: string, file: string): ParapetError {
  return new ParapetError('BUNDLE_ENTRY', `the archive ${what}`, {
    file,
    help: 'a bundle holds plain files only; leave the entry out and build it again',
  })
}
