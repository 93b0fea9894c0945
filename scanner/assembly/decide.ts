import { classify, combine, decide } from './host'
import {
  CLASS_ABSENT,
  CLASS_UNKNOWN,
  FEATURE_EMPTY,
  FEATURE_KIND,
  FEATURE_NUMBER,
  FEATURE_PREFIX,
  FEATURE_ROOT,
  FEATURE_SLOT,
  FEATURE_SOME,
  FEATURE_TABLE,
  FEATURE_WIDTH,
  MASKS,
  MEMO,
  MEMO_BYTES,
  MEMO_BYTES_END,
  MEMO_ENTRIES,
  NODE_ANSWER,
  NODE_FEATURE,
  NODE_SIZE,
  NODE_TABLE,
  PREFIX_CLASS,
  PREFIX_COUNT,
  PREFIX_EDGE,
  PREFIX_FIRST,
  PREFIX_LENGTH,
  PREFIX_ROW,
} from './layout'
import { hashOf, stringEnd } from './text'

/** Longest value whose class is remembered, in bytes. */
const VALUE_MAX: u32 = 1024
const NO_CLASS: u32 = 0xffffffff

let memoBytes: u32 = MEMO_BYTES
let memoUsed: u32 = 0

/** The answer for the line whose watched values stand in the slots; `root` is the first decision. */
export function answerOf(root: u32, line: u32): u32 {
  let node = root
  while (true) {
    const feature = load<u32>(node, NODE_FEATURE)
    if (feature == 0) return load<u32>(node, NODE_ANSWER)
    const valueClass = classOf(feature, line)
    let next: u32 = 0
    if (valueClass < load<u32>(node, NODE_SIZE)) {
      next = load<u32>(load<u32>(node, NODE_TABLE) + (valueClass << 2))
    }
    node = next != 0 ? next : decide(node, valueClass)
  }
}

function classOf(feature: u32, line: u32): u32 {
  const slot = load<u32>(feature, FEATURE_SLOT)
  const start = load<u32>(slot)
  if (start < line) return CLASS_ABSENT
  const end = load<u32>(slot, 4)
  if (end <= start) return CLASS_UNKNOWN
  const kind = load<u32>(feature, FEATURE_KIND)
  let found = NO_CLASS
  if (kind == FEATURE_PREFIX) found = prefixClass(load<u32>(feature, FEATURE_ROOT), start)
  else if (kind == FEATURE_SOME) found = arrayClass(feature, start)
  return found != NO_CLASS ? found : remembered(feature, start, end)
}

/**
 * The class of a JSON value by the longest of the known texts that it begins with. None where an
 * escape decides, because it may be another spelling of what is compared.
 */
function prefixClass(root: u32, at: u32): u32 {
  let node = root
  while (true) {
    const row = load<u32>(node, PREFIX_ROW)
    if (row == 0) return load<u32>(node, PREFIX_CLASS)
    const offset = <u32>load<u8>(at) - <u32>load<u16>(node, PREFIX_FIRST)
    const known = offset < <u32>load<u16>(node, PREFIX_COUNT)
    const child = known ? load<u32>(row + (offset << 2)) : 0
    if (child == 0) {
      const escaped = load<u8>(at) == 0x5c || load<u8>(at - 1) == 0x5c
      return escaped ? NO_CLASS : load<u32>(node, PREFIX_CLASS)
    }
    const length = load<u32>(child, PREFIX_LENGTH)
    const same = sameBytes(at + 1, child + PREFIX_EDGE, length)
    if (same < length) {
      const escaped = load<u8>(at + 1 + same) == 0x5c || load<u8>(at + same) == 0x5c
      return escaped ? NO_CLASS : load<u32>(node, PREFIX_CLASS)
    }
    at += 1 + length
    node = child
  }
}

/** How many of the `length` bytes are the same. */
function sameBytes(at: u32, edge: u32, length: u32): u32 {
  let same: u32 = 0
  while (same < length) {
    const equal = i8x16.eq(v128.load(at + same), v128.load(edge + same))
    const different = ~i8x16.bitmask(equal) & 0xffff
    if (different != 0) return min(same + <u32>ctz(different), length)
    same += 16
  }
  return length
}

/** The class of an array of strings; none for anything else. */
function arrayClass(feature: u32, at: u32): u32 {
  if (load<u8>(at) != 0x5b) return NO_CLASS
  const root = load<u32>(feature, FEATURE_ROOT)
  const table = load<u32>(feature, FEATURE_TABLE)
  const width = load<u32>(feature, FEATURE_WIDTH)
  let result = load<u32>(feature, FEATURE_EMPTY)
  at++
  if (load<u8>(at) == 0x5d) return result
  while (true) {
    if (load<u8>(at) != 0x22) return NO_CLASS
    const element = prefixClass(root, at)
    if (element == NO_CLASS) return NO_CLASS
    const next = load<u32>(table + ((result * width + element) << 2))
    result = next != 0 ? next : combine(load<u32>(feature, FEATURE_NUMBER), result, element)
    at = stringEnd(at + 1) + 1
    const byte = load<u8>(at)
    if (byte == 0x5d) return result
    if (byte != 0x2c) return NO_CLASS
    at++
  }
}

/** The class of a value by its bytes: found in memory, else asked for. */
function remembered(feature: u32, start: u32, end: u32): u32 {
  const length = end - start
  if (length > VALUE_MAX) return CLASS_UNKNOWN
  const number = load<u32>(feature, FEATURE_NUMBER)
  const hash = hashOf(start, end, number)
  const label = (number << 16) | length
  let slot = hash
  let entry: u32 = 0
  while (true) {
    entry = MEMO + ((slot & (MEMO_ENTRIES - 1)) << 4)
    const found = load<u32>(entry, 4)
    if (found == 0) break
    if (found == label && load<u32>(entry) == hash && sameValue(start, load<u32>(entry, 8), length)) {
      return load<u32>(entry, 12)
    }
    slot++
  }
  const valueClass = classify(number, start, end)
  if (memoUsed >= MEMO_ENTRIES >> 1 || memoBytes + length + 16 > MEMO_BYTES_END) {
    forgetValues()
    return valueClass
  }
  memory.copy(memoBytes, start, length)
  store<u32>(entry, hash)
  store<u32>(entry, label, 4)
  store<u32>(entry, memoBytes, 8)
  store<u32>(entry, valueClass, 12)
  memoBytes += (length + 15) & ~15
  memoUsed++
  return valueClass
}

function sameValue(at: u32, other: u32, length: u32): bool {
  let rest = length
  while (rest > 16) {
    if (v128.any_true(v128.xor(v128.load(at), v128.load(other)))) return false
    at += 16
    other += 16
    rest -= 16
  }
  const difference = v128.xor(v128.load(at), v128.load(other))
  return !v128.any_true(v128.and(difference, v128.load(MASKS + (rest << 4))))
}

/** Empties the memory of values; also for when classes have changed their meaning. */
export function forgetValues(): void {
  memory.fill(MEMO, 0, MEMO_ENTRIES << 4)
  memoBytes = MEMO_BYTES
  memoUsed = 0
}
