/**
 * Remembers, for the values of one field, which rules each of them leaves possible. A value is
 * looked up by its bytes where they are, so that no text is made of it.
 */

/** One bit per rule, in words of 32. */
export type Row = Int32Array

/** Values that are learned before new ones are no longer looked at. */
const VALUES_MAX = 4096
/** Places in the table; a power of two. */
const TABLE_SIZE = 16_384
/** Longer values are not learned, in bytes. */
const VALUE_BYTES_MAX = 256
/** Misses beyond hits in a full table after which its field is given up. */
const PATIENCE = 4096

export class ValueRows {
  readonly #compute: (bytes: Uint8Array, start: number, end: number) => Row
  readonly #unlearned: Row
  readonly #table: Int32Array = new Int32Array(TABLE_SIZE).fill(-1)
  readonly #keys: Uint8Array[] = []
  readonly #rows: Row[] = []
  /** Takes no further values. */
  #full = false
  /** No longer looked at: nothing would be found. */
  #useless = false
  /** Hits in the full table, less misses. */
  #balance = 0

  /**
   * @param unlearned stands for values that are not looked at, so it must leave every rule possible
   *   that any of them does.
   * @param compute gives the row of a value that is seen for the first time.
   */
  constructor(unlearned: Row, compute: (bytes: Uint8Array, start: number, end: number) => Row) {
    this.#unlearned = unlearned
    this.#compute = compute
  }

  /** The row of the value at `bytes[start, end)`. */
  get(bytes: Uint8Array, start: number, end: number): Row {
    const length = end - start
    if (this.#useless || length > VALUE_BYTES_MAX) return this.#unlearned
    let hash = length
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193)
    let place = (hash ^ (hash >>> 15)) & (TABLE_SIZE - 1)
    for (;;) {
      const entry = this.#table[place]!
      if (entry < 0) break
      if (isSame(this.#keys[entry]!, bytes, start, length)) {
        if (this.#full) this.#balance++
        return this.#rows[entry]!
      }
      place = (place + 1) & (TABLE_SIZE - 1)
    }
    return this.#full ? this.#miss() : this.#learn(place, bytes, start, end)
  }

  /** Learns these values and no others, which are all alike. */
  close(values: Iterable<Uint8Array>): void {
    for (const value of values) this.get(value, 0, value.length)
    this.#full = true
    this.#useless = this.#keys.length === 0
    // What all others give is known, so a miss is an answer too.
    this.#balance = Infinity
  }

  /** Gives up a field whose values hardly ever come again. */
  #miss(): Row {
    if (--this.#balance < -PATIENCE) this.#useless = true
    return this.#unlearned
  }

  #learn(place: number, bytes: Uint8Array, start: number, end: number): Row {
    const row = this.#compute(bytes, start, end)
    this.#table[place] = this.#keys.push(bytes.slice(start, end)) - 1
    this.#rows.push(row)
    this.#full = this.#keys.length >= VALUES_MAX
    return row
  }
}

function isSame(key: Uint8Array, bytes: Uint8Array, start: number, length: number): boolean {
  if (key.length !== length) return false
  for (let i = 0; i < length; i++) if (key[i] !== bytes[start + i]) return false
  return true
}
