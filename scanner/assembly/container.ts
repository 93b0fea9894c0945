import { NAMES, NAMES_SLOTS, OPEN, OPEN_MAX } from './layout'
import { hashOf, numberEnd, stringEnd } from './text'

// Half-way through an object or array: what may come next.
const NAME_OR_END: u32 = 0
const NAME: u32 = 1
const VALUE: u32 = 2
const VALUE_OR_END: u32 = 3
const COMMA_OR_END: u32 = 4

/** Slots tried before a name counts as perhaps seen. */
const PROBES_MAX: u32 = 32

let generation: u32 = 0
let used: u32 = 0

/**
 * The address behind the object or array that begins at `at`; 0 where it is not valid or not plain:
 * a name twice in an object, a name spelled with `\u` or `\/`, nested too deep.
 */
export function containerEnd(at: u32): u32 {
  forget()
  let depth: u32 = 0
  let count: u32 = 0
  let object: u32 = 0
  let next = VALUE
  while (true) {
    const byte = <u32>load<u8>(at)
    if (byte == 0x22) {
      if (next == COMMA_OR_END) return 0
      const end = stringEnd(at + 1)
      if (end == 0) return 0
      if (next >= VALUE) {
        next = COMMA_OR_END
        at = end + 1
        continue
      }
      if (!addName(at + 1, end, object)) return 0
      at = spaceEnd(end + 1)
      if (load<u8>(at) != 0x3a) return 0
      at++
      next = VALUE
    } else if (byte == 0x2c) {
      if (next != COMMA_OR_END) return 0
      next = object == 0 ? VALUE : NAME
      at++
    } else if (byte == 0x7d || byte == 0x5d) {
      if (next != COMMA_OR_END && next != (object == 0 ? VALUE_OR_END : NAME_OR_END)) return 0
      if ((byte == 0x5d) != (object == 0)) return 0
      at++
      if (--depth == 0) return at
      object = load<u32>(OPEN + (depth << 2))
      next = COMMA_OR_END
    } else if (isSpace(byte)) {
      at++
    } else {
      if (next != VALUE && next != VALUE_OR_END) return 0
      if (byte == 0x7b || byte == 0x5b) {
        if (depth == OPEN_MAX) return 0
        object = byte == 0x7b ? ++count : 0
        store<u32>(OPEN + (++depth << 2), object)
        next = byte == 0x7b ? NAME_OR_END : VALUE_OR_END
        at++
      } else {
        at = byte > 0x39 ? literalEnd(at) : numberEnd(at)
        if (at == 0) return 0
        next = COMMA_OR_END
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function isSpace(byte: u32): bool {
  // A line feed ends the line, and with it whatever is open.
  return byte == 0x20 || byte == 0x09 || byte == 0x0d
}

// @ts-ignore: decorator
@inline
function spaceEnd(at: u32): u32 {
  while (isSpace(load<u8>(at))) at++
  return at
}

function literalEnd(at: u32): u32 {
  const word = load<u32>(at)
  if (word == 0x65757274) return at + 4 // true
  if (word == 0x6c6c756e) return at + 4 // null
  return word == 0x736c6166 && load<u8>(at, 4) == 0x65 ? at + 5 : 0 // false
}

function forget(): void {
  used = 0
  if (++generation == 0) {
    memory.fill(NAMES, 0, NAMES_SLOTS << 3)
    generation = 1
  }
}

/** Adds a name of the container's `object`-th object; false where it may be there already, or is respelled. */
function addName(start: u32, end: u32, object: u32): bool {
  if (++used > NAMES_SLOTS >> 1 || isRespelled(start, end)) return false
  const hash = hashOf(start, end, object)
  let slot = hash
  for (let probe: u32 = 0; probe < PROBES_MAX; probe++) {
    const entry = NAMES + ((slot & (NAMES_SLOTS - 1)) << 3)
    if (load<u32>(entry) != generation) {
      store<u32>(entry, generation)
      store<u32>(entry, hash, 4)
      return true
    }
    if (load<u32>(entry, 4) == hash) return false
    slot++
  }
  return false
}

/** True where a name has an escape that has another spelling, so that its bytes do not identify it. */
function isRespelled(at: u32, end: u32): bool {
  let found = false
  while (at < end) {
    if (load<u8>(at) == 0x5c) {
      const kind = load<u8>(at, 1)
      if (kind == 0x75 || kind == 0x2f) found = true
      at++
    }
    at++
  }
  return found
}
