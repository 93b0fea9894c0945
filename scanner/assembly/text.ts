import { MASKS } from './layout'

/** Bit i is set where byte i of the vector ends a run of a string's plain bytes. */
// @ts-ignore: decorator
@inline
export function marks(v: v128): u32 {
  const quote = i8x16.eq(v, i8x16.splat(0x22))
  const backslash = i8x16.eq(v, i8x16.splat(0x5c))
  const control = i8x16.lt_u(v, i8x16.splat(0x20))
  return i8x16.bitmask(v128.or(v128.or(quote, backslash), control))
}

/** The same for the 32 bytes at `at`. */
// @ts-ignore: decorator
@inline
export function marks32(a: v128, b: v128): u32 {
  return marks(a) | (marks(b) << 16)
}

/** True where the `length` bytes at `at` are those at `literal`, which is padded to whole vectors. */
// @ts-ignore: decorator
@inline
export function equals(at: u32, literal: u32, length: u32): bool {
  while (length > 16) {
    if (v128.any_true(v128.xor(v128.load(at), v128.load(literal)))) return false
    at += 16
    literal += 16
    length -= 16
  }
  const difference = v128.xor(v128.load(at), v128.load(literal))
  return !v128.any_true(v128.and(difference, v128.load(MASKS + (length << 4))))
}

/** Bits that some byte of a string had which is not ASCII; a whole line is looked at where it is not 0. */
export let high: v128 = i8x16.splat(0)

export function clearHigh(): void {
  high = i8x16.splat(0)
}

/** The address of the quote that ends the string whose text begins at `at`; 0 where it is not plain. */
export function stringEnd(at: u32): u32 {
  let seen = high
  while (true) {
    const v = v128.load(at)
    const m = marks(v)
    seen = v128.or(seen, v)
    if (m == 0) {
      at += 16
      continue
    }
    at += ctz(m)
    const byte = load<u8>(at)
    if (byte == 0x22) break
    if (byte != 0x5c) return 0
    at = escapeEnd(at)
    if (at == 0) return 0
  }
  high = seen
  return at
}

/** The address behind the escape sequence at `at`; 0 where it is not valid, or half of a pair. */
export function escapeEnd(at: u32): u32 {
  switch (load<u8>(at, 1)) {
    case 0x22:
    case 0x5c:
    case 0x2f:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return at + 2
    case 0x75:
      break
    default:
      return 0
  }
  const unit = hexadecimal(at + 2)
  if (unit > 0xffff) return 0
  if ((unit & 0xf800) != 0xd800) return at + 6
  if ((unit & 0xfc00) != 0xd800 || load<u16>(at, 6) != 0x755c) return 0
  const low = hexadecimal(at + 8)
  return low <= 0xffff && (low & 0xfc00) == 0xdc00 ? at + 12 : 0
}

/** The value of four hexadecimal digits; more than 0xffff where they are not. */
function hexadecimal(at: u32): u32 {
  let value: u32 = 0
  for (let i: u32 = 0; i < 4; i++) {
    const byte = <u32>load<u8>(at + i)
    const digit = byte - 0x30
    const letter = (byte | 0x20) - 0x61
    if (digit < 10) value = (value << 4) | digit
    else if (letter < 6) value = (value << 4) | (letter + 10)
    else return 0x10000
  }
  return value
}

/** Longest number that is plain, in bytes. */
const NUMBER_MAX: u32 = 64

/** The address behind the number at `at`; 0 where it is none, or not a plain one (exponents, long ones). */
export function numberEnd(at: u32): u32 {
  const start = at
  if (load<u8>(at) == 0x2d) at++
  if (load<u8>(at) == 0x30) at++
  else {
    const digits = digitsEnd(at)
    if (digits == at) return 0
    at = digits
  }
  const next = <u32>load<u8>(at)
  if (next == 0x2e) {
    const digits = digitsEnd(at + 1)
    if (digits == at + 1) return 0
    at = digits
  }
  const last = <u32>load<u8>(at)
  if ((last | 0x20) == 0x65 || last - 0x30 < 10) return 0
  return at - start <= NUMBER_MAX ? at : 0
}

// @ts-ignore: decorator
@inline
function digitsEnd(at: u32): u32 {
  while (<u32>load<u8>(at) - 0x30 < 10) at++
  return at
}

/** True where the bytes are well-formed UTF-8; draws the same line as Go's `utf8.Valid`. */
export function isUtf8(at: u32, end: u32): bool {
  while (at < end) {
    if (at + 16 <= end && i8x16.bitmask(v128.load(at)) == 0) {
      at += 16
      continue
    }
    const lead = <u32>load<u8>(at)
    if (lead < 0x80) {
      at++
      continue
    }
    const length = sequenceLength(at, lead, end)
    if (length == 0) return false
    at += length
  }
  return true
}

function sequenceLength(at: u32, lead: u32, end: u32): u32 {
  if (lead < 0xc2 || lead > 0xf4) return 0
  const length: u32 = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  if (at + length > end) return 0
  for (let i: u32 = 1; i < length; i++) {
    if ((load<u8>(at + i) & 0xc0) != 0x80) return 0
  }
  const second = <u32>load<u8>(at, 1)
  if (lead == 0xe0 && second < 0xa0) return 0
  if (lead == 0xed && second > 0x9f) return 0
  if (lead == 0xf0 && second < 0x90) return 0
  if (lead == 0xf4 && second > 0x8f) return 0
  return length
}

/** A hash of the bytes; the bytes up to eight behind them may be read. */
export function hashOf(at: u32, end: u32, seed: u32): u32 {
  let hash: u64 = (<u64>seed + 1) * 0x9e3779b97f4a7c15
  while (at + 8 <= end) {
    hash = (hash ^ load<u64>(at)) * 0xff51afd7ed558ccd
    hash ^= hash >> 32
    at += 8
  }
  if (at < end) {
    const unused = <u64>(8 - (end - at)) << 3
    hash = (hash ^ (load<u64>(at) << unused)) * 0xff51afd7ed558ccd
    hash ^= hash >> 32
  }
  hash *= 0xc4ceb9fe1a85ec53
  return <u32>(hash >> 32)
}
