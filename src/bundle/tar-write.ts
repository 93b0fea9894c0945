import type { ArchiveFile } from './archive.ts'

const BLOCK = 512
const NAME_MAX = 100
const PREFIX_MAX = 155

/** Permissions of the files in OPA's archives. */
const OWNER_ONLY = 0o600

/** A file of a tar. */
export interface TarFile extends ArchiveFile {
  /** Permissions; default 0600. */
  readonly mode?: number
}

/**
 * A tar with the bytes that Go's `archive/tar` writes for OPA: owner 0, time 0, the
 * device fields filled, a long name split in USTAR's way and otherwise given by a pax header. The
 * tar libraries at hand leave the device fields empty or pad with blanks, so none of them is used.
 */
export function writeTar(files: readonly TarFile[]): Uint8Array {
  const parts = files.flatMap(({ name, bytes, mode }) => [
    ...headers(name, bytes.length, mode ?? OWNER_ONLY),
    ...body(bytes),
  ])
  return Buffer.concat([...parts, new Uint8Array(2 * BLOCK)])
}

function body(bytes: Uint8Array): Uint8Array[] {
  return [bytes, new Uint8Array(-bytes.length & (BLOCK - 1))]
}

function headers(name: string, size: number, mode: number): Uint8Array[] {
  const isAscii = /^[ -~]*$/.test(name)
  if (isAscii && name.length <= NAME_MAX) return [header({ name, size, mode })]
  const split = isAscii ? splitName(name) : undefined
  if (split) return [header({ ...split, size, mode })]
  const record = paxRecord('path', name)
  return [
    header({ name: paxName(name), size: record.length, type: 'x', mode: 0, isMinimal: true }),
    ...body(record),
    header({ name: ascii(name).slice(0, NAME_MAX), size, mode }),
  ]
}

interface HeaderFields {
  readonly name: string
  readonly size: number
  readonly prefix?: string
  readonly type?: 'x'
  readonly mode: number
  /** Go writes the device fields of files, not those of extended headers. */
  readonly isMinimal?: boolean
}

function header(fields: HeaderFields): Uint8Array {
  const block = Buffer.alloc(BLOCK)
  block.write(fields.name, 0, NAME_MAX, 'latin1')
  const octal = (value: number, at: number, width: number): void => {
    block.write(value.toString(8).padStart(width - 1, '0'), at, 'latin1')
  }
  octal(fields.mode, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(fields.size, 124, 12)
  octal(0, 136, 12)
  block.write(fields.type ?? '0', 156, 'latin1')
  block.write('ustar\x0000', 257, 'latin1')
  if (!fields.isMinimal) {
    octal(0, 329, 8)
    octal(0, 337, 8)
  }
  block.write(fields.prefix ?? '', 345, PREFIX_MAX, 'latin1')
  block.fill(' ', 148, 156)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return block
}

/** The last slash that leaves at most 155 bytes before it and 100 behind it. */
function splitName(name: string): { prefix: string; name: string } | undefined {
  const at = name.slice(0, PREFIX_MAX + 1).lastIndexOf('/')
  const suffix = name.slice(at + 1)
  if (at <= 0 || suffix.length === 0 || suffix.length > NAME_MAX) return undefined
  return { prefix: name.slice(0, at), name: suffix }
}

/** `/a/b.rego` → `/a/PaxHeaders.0/b.rego`, cut to the field. */
function paxName(name: string): string {
  const at = name.lastIndexOf('/') + 1
  return ascii(`${name.slice(0, at)}PaxHeaders.0/${name.slice(at)}`).slice(0, NAME_MAX)
}

/** `<length> path=<value>\n`, where the length counts itself. */
function paxRecord(key: string, value: string): Uint8Array {
  const rest = ` ${key}=${value}\n`
  const bytes = Buffer.byteLength(rest)
  let length = bytes + String(bytes).length
  if (bytes + String(length).length !== length) length = bytes + String(length).length
  return Buffer.from(`${length}${rest}`)
}

/** Go leaves out of a plain field what is not ASCII. */
function ascii(text: string): string {
  return text.replace(/[^ -~]/g, '')
}
