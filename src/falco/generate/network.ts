/** Networks as patterns for the texts of their addresses, as Go prints these. */
import { Inexpressible } from './inexpressible.ts'

/**
 * A POSIX pattern for the addresses in a network, as they stand in a JSON string.
 *
 * @throws Inexpressible where the network's end lies behind the first four digits of an IPv6 address
 */
export function networkPattern(cidr: string): string {
  const [first = '', bits] = cidr.split('/')
  const isIPv6 = first.includes(':')
  const length = bits === undefined ? (isIPv6 ? 128 : 32) : Number(bits)
  if (isIPv6) return length === 128 ? first : inFirstGroup(first, length)
  return inOctets(first.split('.').map(Number), length)
}

/** The rest of an address, up to the end of its string. */
const REST = '[^"]+'

function inOctets(octets: readonly number[], length: number): string {
  const whole = Math.floor(length / 8)
  const known = octets.slice(0, whole).map(String)
  if (whole === 4) return known.join('[.]')
  const within = length % 8
  if (within === 0) return whole === 0 ? '[0-9.]+' : `${known.join('[.]')}[.]${REST}`
  const size = 2 ** (8 - within)
  const low = octets[whole]! - (octets[whole]! % size)
  const parts = [...known, numbersPattern(low, low + size - 1)]
  return whole === 3 ? parts.join('[.]') : `${parts.join('[.]')}[.]${REST}`
}

/** The numbers of a range, without zeros in front: `1[6-9]|2[0-9]|3[01]`. */
function numbersPattern(low: number, high: number): string {
  const tens = new Map<string, number[]>()
  for (let number = low; number <= high; number++) {
    const before = number < 10 ? '' : String(Math.floor(number / 10))
    tens.set(before, [...(tens.get(before) ?? []), number % 10])
  }
  // Tens with the same ones are written together, as long as they differ in their last digit only.
  const rows = new Map<string, { before: string; last: number[]; ones: string }>()
  for (const [before, ones] of tens) {
    const text = digits(ones)
    const key = `${before.length} ${before.slice(0, -1)} ${text}`
    const row = rows.get(key) ?? { before: before.slice(0, -1), last: [], ones: text }
    if (before !== '') row.last.push(Number(before.at(-1)))
    rows.set(key, row)
  }
  const options = [...rows.values()].map(
    ({ before, last, ones }) => `${before}${last.length > 0 ? digits(last) : ''}${ones}`,
  )
  return options.length === 1 ? options[0]! : `(${options.join('|')})`
}

/** Neighbouring digits: `[0-9]`, `[01]`, `7`. */
function digits(all: readonly number[]): string {
  const [first, last] = [all[0]!, all.at(-1)!]
  if (first === last) return String(first)
  return last === first + 1 ? `[${first}${last}]` : `[${first}-${last}]`
}

const HEX = '0123456789abcdef'

function inFirstGroup(first: string, length: number): string {
  const group = first.split(':')[0]!
  // Zeros in front are not printed, so a group of fewer digits is another one.
  if (length > 16 || length === 0 || group.length !== 4 || group.startsWith('0'))
    throw new Inexpressible('a network of IPv6 addresses that ends behind their first group')
  const whole = Math.floor(length / 4)
  const size = 2 ** (4 - (length % 4))
  const within = length % 4 === 0 ? '' : hexDigits(Number.parseInt(group[whole]!, 16), size)
  const rest = 4 - whole - (within === '' ? 0 : 1)
  const any = rest === 0 ? '' : `[0-9a-f]${rest === 1 ? '' : `{${rest}}`}`
  return `${group.slice(0, whole)}${within}${any}:${REST}`
}

function hexDigits(digit: number, size: number): string {
  const low = digit - (digit % size)
  return `[${HEX.slice(low, low + size)}]`
}
