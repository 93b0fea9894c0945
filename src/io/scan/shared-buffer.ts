/** Memory of a fixed size that all threads see. It is used again: to get and clear it takes long. */
export class SharedBuffer {
  readonly #memory: Uint8Array
  #length = 0

  constructor(capacity: number) {
    this.#memory = new Uint8Array(new SharedArrayBuffer(capacity))
  }

  /** What was put in. */
  get bytes(): Uint8Array {
    return this.#memory.subarray(0, this.#length)
  }

  /** False where there is no room. */
  append(bytes: Uint8Array): boolean {
    if (this.#length + bytes.length > this.#memory.length) return false
    this.#memory.set(bytes, this.#length)
    this.#length += bytes.length
    return true
  }

  clear(): void {
    this.#length = 0
  }
}

/** Buffers that are not in use. */
export class SharedBuffers {
  readonly #capacity: number
  readonly #free: SharedBuffer[] = []

  /** @param capacity of each, in bytes */
  constructor(capacity: number) {
    this.#capacity = capacity
  }

  take(): SharedBuffer {
    return this.#free.pop() ?? new SharedBuffer(this.#capacity)
  }

  giveBack(buffer: SharedBuffer): void {
    buffer.clear()
    this.#free.push(buffer)
  }
}
