const BYTES_START = 64 * 1024
/** A buffer that one long line made larger than this is given back when it is empty, in bytes. */
const BYTES_KEPT = 1024 * 1024

/** The bytes between one chunk and the next: the beginning of a line or document without its end. */
export class Held {
  #bytes: Buffer = Buffer.alloc(0)
  #length = 0

  get length(): number {
    return this.#length
  }

  /** The buffer; only its first `length` bytes mean anything. Valid until the next call. */
  get bytes(): Buffer {
    return this.#bytes
  }

  append(bytes: Uint8Array, start: number, end: number): void {
    const length = this.#length + end - start
    if (length > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(BYTES_START, this.#bytes.length * 2, length))
      larger.set(this.#bytes.subarray(0, this.#length))
      this.#bytes = larger
    }
    this.#bytes.set(bytes.subarray(start, end), this.#length)
    this.#length = length
  }

  /** Drops the first `count` bytes. */
  drop(count: number): void {
    if (count === 0) return
    this.#bytes.copyWithin(0, count, this.#length)
    this.#length -= count
    if (this.#length === 0 && this.#bytes.length > BYTES_KEPT) this.#bytes = Buffer.alloc(0)
  }
}
