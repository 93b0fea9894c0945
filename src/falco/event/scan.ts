/**
 * Finds the values at many paths of one event in a single pass over its bytes, without building
 * anything. This is what an event costs when no rule can match it.
 *
 * INVARIANT: the bytes are proved to be one well-formed JSON object.
 */
import { skipBlanks, skipString, skipValue } from './json-bytes.ts'

/** What was found at a path. */
export const found = {
  nothing: 0,
  /** A string without escapes; start and end are those of its inside. */
  plain: 1,
  /** A string with escapes; start and end are those of its inside. */
  escaped: 2,
  /** A number, `true`, `false` or `null`. */
  word: 3,
  /** An object or an array. */
  nested: 4,
} as const

/** A key on the way to some paths. */
interface Node {
  readonly key: Uint8Array
  readonly children: Node[]
  /** Chains of children by the key's length and first byte. */
  buckets: (readonly Node[] | undefined)[]
  /** The path that ends here; -1 for none. */
  slot: number
  /** Number of this node, for `#visited`. */
  readonly id: number
}

const BUCKETS = 64

export class PathScanner {
  /** By slot: what was found, and where. */
  readonly kinds: Uint8Array
  readonly starts: Int32Array
  readonly ends: Int32Array
  /**
   * True when the event has what this scanner does not follow: escaped keys, or an array where a
   * path goes on. Then `kinds` says nothing, and the paths must be looked up one by one.
   */
  odd = false
  readonly #root: Node
  readonly #visited: Int32Array
  #pass = 0
  #bytes: Uint8Array = new Uint8Array()

  /** @param paths keys of objects; the index of a path is its slot. No two may be equal. */
  constructor(paths: readonly (readonly string[])[]) {
    this.kinds = new Uint8Array(paths.length)
    this.starts = new Int32Array(paths.length)
    this.ends = new Int32Array(paths.length)
    const builder = new TrieBuilder()
    paths.forEach((path, slot) => builder.add(path, slot))
    this.#root = builder.root
    this.#visited = new Int32Array(builder.count)
  }

  /** Scans one event. */
  scan(bytes: Uint8Array): void {
    this.kinds.fill(0)
    this.odd = false
    this.#bytes = bytes
    this.#pass = (this.#pass + 1) | 0
    this.#object(skipBlanks(bytes, 0) + 1, this.#root)
  }

  /** Reads an object whose brace is consumed; returns the offset behind it. */
  #object(from: number, node: Node): number {
    const bytes = this.#bytes
    let at = from
    for (;;) {
      while (bytes[at]! <= 0x20) at++
      let byte = bytes[at]!
      if (byte === 0x7d) return at + 1
      if (byte === 0x2c) {
        at++
        continue
      }
      const start = at + 1
      do {
        byte = bytes[++at]!
        if (byte === 0x5c) {
          this.odd = true
          at++
        }
      } while (byte !== 0x22)
      const child = this.#child(node, start, at)
      at++
      while (bytes[at]! <= 0x20) at++
      at++
      while (bytes[at]! <= 0x20) at++
      at = child === undefined ? skipValue(bytes, at) : this.#value(at, child)
    }
  }

  /** The child of that key, unless the key came before: the first of equal keys counts. */
  #child(node: Node, start: number, end: number): Node | undefined {
    const bytes = this.#bytes
    const chain = node.buckets[(end - start + (bytes[start]! << 2)) & (BUCKETS - 1)]
    if (chain === undefined) return undefined
    for (const child of chain) {
      const key = child.key
      if (key.length !== end - start) continue
      let same = 0
      while (same < key.length && key[same] === bytes[start + same]) same++
      if (same < key.length || this.#visited[child.id] === this.#pass) continue
      this.#visited[child.id] = this.#pass
      return child
    }
    return undefined
  }

  #value(at: number, node: Node): number {
    const bytes = this.#bytes
    const first = bytes[at]!
    const slot = node.slot
    if (first === 0x22) return this.#string(at, slot)
    let end: number
    let kind: number = found.nested
    if (first === 0x7b && node.children.length > 0) {
      end = this.#object(at + 1, node)
    } else {
      if (first === 0x5b && node.children.length > 0) this.odd = true
      if (first !== 0x7b && first !== 0x5b) kind = found.word
      end = skipValue(bytes, at)
    }
    if (slot >= 0) this.#found(slot, kind, at, end)
    return end
  }

  #string(at: number, slot: number): number {
    const bytes = this.#bytes
    if (slot < 0) return skipString(bytes, at)
    let kind: number = found.plain
    let end = at + 1
    for (let byte = bytes[end]!; byte !== 0x22; byte = bytes[++end]!) {
      if (byte !== 0x5c) continue
      kind = found.escaped
      end++
    }
    this.#found(slot, kind, at + 1, end)
    return end + 1
  }

  #found(slot: number, kind: number, start: number, end: number): void {
    this.kinds[slot] = kind
    this.starts[slot] = start
    this.ends[slot] = end
  }
}

class TrieBuilder {
  count = 0
  readonly root: Node = this.#node('')

  add(path: readonly string[], slot: number): void {
    let node = this.root
    for (const key of path) {
      const bytes = Buffer.from(key, 'latin1')
      let child = node.children.find((each) => bytes.equals(each.key))
      if (!child) {
        child = this.#node(key)
        node.children.push(child)
        const bucket = (bytes.length + ((bytes[0] ?? 0x22) << 2)) & (BUCKETS - 1)
        node.buckets[bucket] = [...(node.buckets[bucket] ?? []), child]
      }
      node = child
    }
    if (node.slot >= 0) throw new Error(`two slots for the path ${path.join('.')}`)
    node.slot = slot
  }

  #node(key: string): Node {
    return {
      key: Uint8Array.from(Buffer.from(key, 'latin1')),
      children: [],
      buckets: Array.from({ length: BUCKETS }, () => undefined),
      slot: -1,
      id: this.count++,
    }
  }
}
