/** Addresses and networks as Go's net package reads, compares and prints them. */

/** 128 bits; an IPv4 address stands behind ::ffff:. */
export type Address = bigint

export interface Network {
  /** The first address. */
  readonly first: Address
  readonly prefix: number
  /** 32 where the text was an IPv4 network, else 128. */
  readonly bits: 32 | 128
}

const MAPPED = 0xffffn << 32n
const LOW_32 = 0xffffffffn
const ALL_128 = (1n << 128n) - 1n

/** Whether Go takes the address for an IPv4 one, whatever it was written as. */
export function isIPv4(address: Address): boolean {
  return address >> 32n === 0xffffn
}

/** Reads an address without a zone; undefined for anything else. */
export function parseAddress(text: string): Address | undefined {
  return text.includes(':') ? parseIPv6(text) : mapped(parseIPv4(text))
}

function mapped(address: bigint | undefined): Address | undefined {
  return address === undefined ? undefined : MAPPED | address
}

/** Four numbers up to 255 without leading zeros. */
function parseIPv4(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  let address = 0n
  for (const part of parts) {
    if (!/^(?:0|[1-9][0-9]{0,2})$/.test(part) || Number(part) > 255) return undefined
    address = (address << 8n) | BigInt(part)
  }
  return address
}

function parseIPv6(text: string): Address | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = halves.map((half, index) => groupsOf(half, index === halves.length - 1))
  if (!head || (halves.length === 2 && !tail)) return undefined
  const missing = 8 - head.length - (tail?.length ?? 0)
  // The two colons stand for one group of zeros at least.
  if (tail ? missing < 1 : missing !== 0) return undefined
  const groups = tail ? [...head, ...Array.from({ length: missing }, () => 0), ...tail] : head
  return groups.reduce((address, group) => (address << 16n) | BigInt(group), 0n)
}

/** Groups of one side; the last two may be written as an IPv4 address. */
function groupsOf(text: string, mayEndInIPv4: boolean): number[] | undefined {
  if (text === '') return []
  const parts = text.split(':')
  const groups: number[] = []
  for (const [index, part] of parts.entries()) {
    if (part.includes('.') && mayEndInIPv4 && index === parts.length - 1) {
      const address = parseIPv4(part)
      if (address === undefined) return undefined
      groups.push(Number(address >> 16n), Number(address & 0xffffn))
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16))
    else return undefined
  }
  return groups
}

/** Reads `address/prefix`; undefined for anything else. */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/')
  if (slash < 0) return undefined
  const written = text.slice(0, slash)
  const address = parseAddress(written)
  const digits = text.slice(slash + 1)
  if (address === undefined || !/^[0-9]+$/.test(digits)) return undefined
  const bits = written.includes(':') ? 128 : 32
  const prefix = Number(digits)
  if (prefix > bits) return undefined
  return { first: address & mask(prefix, bits), prefix, bits }
}

/** Ones in the first `prefix` of `bits` bits, and above them. */
function mask(prefix: number, bits: number): bigint {
  return (ALL_128 << BigInt(bits - prefix)) & ALL_128
}

function lastOf({ first, prefix, bits }: Network): Address {
  return first | ((1n << BigInt(bits - prefix)) - 1n)
}

/** Whether a network holds an address. An IPv4 address, however written, is in no IPv6 network. */
export function contains(network: Network, address: Address): boolean {
  const isFour = isIPv4(network.first)
  if (isFour !== isIPv4(address)) return false
  const relevant = mask(network.prefix, network.bits) & (isFour ? LOW_32 : ALL_128)
  return (network.first & relevant) === (address & relevant)
}

/** Whether `outer` holds all of `inner`. */
export function containsNetwork(outer: Network, inner: Network): boolean {
  if (!isIPv4(outer.first) && !isIPv4(inner.first)) {
    const shared = inner.first & mask(outer.prefix, outer.bits)
    return outer.prefix <= inner.prefix && outer.first === shared
  }
  return contains(outer, inner.first) && contains(outer, lastOf(inner))
}

/** The shortest text: IPv4 with points, in IPv6 the longest run of zero groups as `::`. */
export function addressText(address: Address): string {
  if (isIPv4(address)) {
    return [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 0xffn).join('.')
  }
  const groups = Array.from({ length: 8 }, (_, i) => (address >> BigInt(112 - 16 * i)) & 0xffffn)
  const [start, length] = longestZeros(groups)
  const hex = (part: readonly bigint[]): string => part.map((group) => group.toString(16)).join(':')
  if (length < 2) return hex(groups)
  return `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`
}

function longestZeros(groups: readonly bigint[]): [start: number, length: number] {
  let best: [number, number] = [0, 0]
  for (let start = 0; start < groups.length; start++) {
    let end = start
    while (groups[end] === 0n) end++
    if (end - start > best[1]) best = [start, end - start]
  }
  return best
}
