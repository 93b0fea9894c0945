/** The linear memory of a policy's instance, which never shrinks. */

/** Size of a WASM memory page, in bytes. */
const PAGE_BYTES = 65_536
/** What 32-bit addresses can reach, in pages. */
const PAGES_MAX = 65_536
/** Memory that an instance starts with, in pages; it grows by itself. */
const INITIAL_PAGES = 32
const NUL = 0

export class PolicyMemory {
  readonly memory: WebAssembly.Memory
  readonly #bytesMax: number
  /** A Buffer reads and writes short texts several times faster than TextDecoder and TextEncoder. */
  #view: Buffer
  /** Where the heap began for the module that ran here before. */
  #staticBytes = 0

  /** @param bytesMax most that it may grow to, in bytes */
  constructor(bytesMax: number) {
    const pages = Math.min(Math.floor(bytesMax / PAGE_BYTES), PAGES_MAX)
    const maximum = Math.max(INITIAL_PAGES, pages)
    this.memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum })
    this.#bytesMax = maximum * PAGE_BYTES
    this.#view = Buffer.from(this.memory.buffer)
  }

  /** All bytes; a view that is good until the memory grows. */
  get bytes(): Buffer {
    // Growing detaches the buffer, and a view of nothing is left.
    if (this.#view.length === 0) this.#view = Buffer.from(this.memory.buffer)
    return this.#view
  }

  /** How much more it may grow, in bytes. */
  get growth(): number {
    return this.#bytesMax - this.bytes.length
  }

  /** Makes it as good as new for another instance, which expects zeros in front of its heap. */
  recycle(): void {
    this.bytes.fill(0, 0, this.#staticBytes)
  }

  /** Notes where the heap begins, so that the memory can be used again. */
  heapBegins(address: number): void {
    this.#staticBytes = address
  }

  /** The text that ends with a NUL. */
  text(address: number): string {
    const { bytes } = this
    return bytes.toString('utf8', address, bytes.indexOf(NUL, address))
  }
}
