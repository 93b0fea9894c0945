import { createHmac } from 'node:crypto'

/** Lower-case letters and digits of base 32: they may stand in every name of Kubernetes. */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
/** Answers of one generation that are kept. A log says the same names over and over. */
const ANSWERS_MAX = 20_000

/** A function of texts that only the owner of the key can compute: HMAC-SHA-256. */
export class Keyed {
  readonly #key: string
  #young = new Map<string, Buffer>()
  #old = new Map<string, Buffer>()

  constructor(key: string) {
    this.#key = key
  }

  /** The first bytes, 32 at most, for a text of this kind. The same text is another one in another kind. */
  bytes(kind: string, text: string): Buffer {
    const question = `${kind}\0${text}`
    const known = this.#young.get(question) ?? this.#old.get(question)
    if (known) return known
    const answer = createHmac('sha256', this.#key).update(question).digest()
    if (this.#young.size === ANSWERS_MAX) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(question, answer)
    return answer
  }

  /** Letters and digits, 5 bits each. */
  letters(kind: string, text: string, length: number): string {
    const bytes = this.bytes(kind, text)
    let letters = ''
    for (let i = 0; i < length; i++) letters += ALPHABET[bytes[i]! & 31]!
    return letters
  }

  /**
   * A permutation of the numbers of so many bits, an even number up to 32: a Feistel network. No two
   * numbers become the same.
   */
  permuted(kind: string, value: number, bits: number): number {
    const half = bits / 2
    const mask = 2 ** half - 1
    let left = Math.floor(value / 2 ** half)
    let right = value & mask
    for (let round = 0; round < ROUNDS; round++) {
      const mixed = this.bytes(`${kind} ${round}`, String(right)).readUInt32BE() & mask
      ;[left, right] = [right, left ^ mixed]
    }
    return left * 2 ** half + right
  }
}

/** Rounds of the Feistel network; four are enough to be indistinguishable, if the halves are large. */
const ROUNDS = 8
