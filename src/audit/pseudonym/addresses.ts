import { isIP } from 'node:net'
import type { Keyed } from './keyed.ts'

/** A block of IPv4 addresses whose members stay in it. */
interface Block {
  readonly first: number
  readonly hostBits: number
}

const block = (address: string, prefix: number): Block => ({
  first: numberOf(address),
  hostBits: 32 - prefix,
})

/** Blocks in which an address says nothing about whose it is: they stay as they are. */
const KEPT = [block('0.0.0.0', 8), block('127.0.0.0', 8), block('224.0.0.0', 4)]
/** Private and link-local blocks, and those of carriers and clouds (RFC 1918, 6598, 3927). */
const PRIVATE = [
  block('10.0.0.0', 8),
  block('172.16.0.0', 12),
  block('192.168.0.0', 16),
  block('100.64.0.0', 10),
  block('169.254.0.0', 16),
]
/**
 * Where public addresses go: reserved since 1989 and nobody's, so that no pseudonym is the address of
 * somebody else. No guardrail takes it for a private network.
 */
const RESERVED = block('240.0.0.0', 4)

/** True for an IPv4 or IPv6 address, with or without a zone. */
export function isAddress(text: string): boolean {
  return text.length <= 64 && isIP(text) !== 0
}

/**
 * Another address of the same class: private stays private and in its block, public stays public,
 * loopback stays itself, and IPv6 stays IPv6, mapped IPv4 included.
 * @param text an address, as `isAddress` knows it
 */
export function pseudonymOfAddress(text: string, keyed: Keyed): string {
  if (isIP(text) === 4) return ofIPv4(text, keyed)
  const [address, zone] = text.split('%')
  const pseudonym = ofIPv6(address!, keyed)
  return zone === undefined ? pseudonym : `${pseudonym}%${zone}`
}

function ofIPv4(text: string, keyed: Keyed): string {
  const address = numberOf(text)
  if (KEPT.some((kept) => isIn(address, kept)) || address === 0xffffffff) return text
  const own = PRIVATE.find((candidate) => isIn(address, candidate))
  if (own === undefined) {
    const hash = keyed.bytes('address', text).readUInt32BE()
    return textOf(RESERVED.first + (hash % 2 ** RESERVED.hostBits))
  }
  const host = address - own.first
  return textOf(own.first + keyed.permuted(`address ${own.first}`, host, own.hostBits))
}

function isIn(address: number, { first, hostBits }: Block): boolean {
  return address >= first && address < first + 2 ** hostBits
}

function numberOf(text: string): number {
  return text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

function textOf(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')
}

function ofIPv6(text: string, keyed: Keyed): string {
  const groups = groupsOf(text)
  const canonical = groups.map((group) => group.toString(16)).join(':')
  const hash = keyed.bytes('address', canonical)
  const mixed = groups.map((_, index) => hash.readUInt16BE(index * 2))
  const zeros = groups.findIndex((group) => group !== 0)
  // Loopback, unspecified, and multicast.
  if (zeros === -1 || (zeros === 7 && groups[7] === 1) || groups[0]! >= 0xff00) return text
  if (zeros === 5 && groups[5] === 0xffff) return `::ffff:${embedded(groups, keyed)}`
  if (groups[0] === 0x64 && groups[1] === 0xff9b) return `64:ff9b::${embedded(groups, keyed)}`
  if (groups[0]! >= 0xfe80 && groups[0]! < 0xfec0) {
    return shortened([0xfe80, 0, 0, 0, ...mixed.slice(4)])
  }
  if (groups[0]! >= 0xfc00 && groups[0]! < 0xfe00) {
    return shortened([(groups[0]! & 0xff00) | (mixed[0]! & 0xff), ...mixed.slice(1)])
  }
  // Documentation (RFC 3849): nobody's either.
  return shortened([0x2001, 0xdb8, ...mixed.slice(2)])
}

function embedded(groups: readonly number[], keyed: Keyed): string {
  return ofIPv4(textOf(groups[6]! * 0x10000 + groups[7]!), keyed)
}

/** The eight groups of an IPv6 address. */
function groupsOf(text: string): number[] {
  const dotted = /\d+\.\d+\.\d+\.\d+$/.exec(text)?.[0]
  const hex =
    dotted === undefined
      ? text
      : `${text.slice(0, -dotted.length)}${(numberOf(dotted) >>> 16).toString(16)}:${(numberOf(dotted) & 0xffff).toString(16)}`
  const [head = '', tail] = hex.split('::')
  const parse = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16))
  if (tail === undefined) return parse(head)
  const [before, after] = [parse(head), parse(tail)]
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after]
}

/** As RFC 5952 writes it: the first longest run of zeros left out. */
function shortened(groups: readonly number[]): string {
  const text = groups.map((group) => group.toString(16)).join(':')
  const runs = [...text.matchAll(/(?:^|(?<=:))0(?::0)+(?=:|$)/g)]
  const longest = runs.toSorted((a, b) => b[0].length - a[0].length)[0]
  if (longest === undefined) return text
  const before = text.slice(0, longest.index).replace(/:$/, '')
  return `${before}::${text.slice(longest.index + longest[0].length).replace(/^:/, '')}`
}
