/**
 * A set of member names for one event at a time, to notice an object that has a name twice. Holds
 * hashes only: `add` answers "certainly new" or "perhaps seen before", and whoever gets the second
 * answer looks closely. Open addressing in one typed array, which is emptied by counting the event
 * up instead of writing zeros.
 */
const SLOTS_START = 4096
/** A table that one event made larger than this is given back afterwards, in slots. */
const SLOTS_KEPT = 65_536
/** Slots tried before the answer is "perhaps": hostile names may all want the same one. */
const PROBES_MAX = 32

/** Pairs of the event that owns the slot, and a hash. */
let table: Int32Array = new Int32Array(SLOTS_START * 2)
let mask = SLOTS_START - 1
let used = 0
let event = 0

/** Forgets all names. */
export function clearNames(): void {
  used = 0
  if (mask < SLOTS_KEPT && event < 0x7fffffff) {
    event++
    return
  }
  table = new Int32Array(SLOTS_START * 2)
  mask = SLOTS_START - 1
  event = 1
}

/**
 * Adds the name at `start` … `end` of the event's `object`-th object. False where the object may
 * have that name already. `view` is over the same bytes.
 */
export function addName(view: DataView, start: number, end: number, object: number): boolean {
  let hash = Math.imul(object, 0x27d4eb2f) ^ (end - start)
  let at = start
  for (; at + 4 <= end; at += 4) hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1)
  for (; at < end; at++) hash = Math.imul(hash ^ view.getUint8(at), 0x85ebca6b)
  hash ^= hash >>> 15
  hash = Math.imul(hash, 0xc2b2ae35)
  hash ^= hash >>> 15
  if (++used * 2 > mask) grow()
  return insert(table, hash)
}

function insert(slots: Int32Array, hash: number): boolean {
  let slot = hash & mask
  for (let probe = 0; probe < PROBES_MAX; probe++) {
    if (slots[slot * 2] !== event) {
      slots[slot * 2] = event
      slots[slot * 2 + 1] = hash
      return true
    }
    if (slots[slot * 2 + 1] === hash) return false
    slot = (slot + 1) & mask
  }
  return false
}

function grow(): void {
  const old = table
  mask = mask * 2 + 1
  table = new Int32Array((mask + 1) * 2)
  for (let slot = 0; slot < old.length; slot += 2) {
    if (old[slot] === event) insert(table, old[slot + 1]!)
  }
}
