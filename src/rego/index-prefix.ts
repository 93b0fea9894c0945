/**
 * A set of texts, arranged so that one walk over a value's bytes finds all that it begins with. A
 * value is the text of a JSON value, quotes included: beginning with `"pod` is `startswith`, and
 * beginning with `"pods"` is equality.
 */
export interface PrefixNode {
  /** Bytes from the parent to here, the first of which tells the parent's children apart. */
  readonly edge: Uint8Array
  readonly children: ReadonlyMap<number, PrefixNode>
  /** The texts that everything begins with that reaches this node. */
  readonly texts: ReadonlySet<string>
  /** In order of creation; the root has 0. */
  readonly number: number
}

interface Entry {
  readonly text: string
  readonly bytes: Uint8Array
}

const encoder = new TextEncoder()
const NONE: ReadonlyMap<number, PrefixNode> = new Map()

/** The tree of some texts, the root first. */
export function prefixTree(texts: Iterable<string>): readonly [PrefixNode, ...PrefixNode[]] {
  const entries = [...new Set(texts)]
    .map((text): Entry => ({ text, bytes: encoder.encode(text) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
  const nodes: PrefixNode[] = []
  grow({ entries, from: 0, to: entries.length, depth: 0 }, new Uint8Array(0), new Set(), nodes)
  return nodes as [PrefixNode, ...PrefixNode[]]
}

/** Entries that have their first `depth` bytes in common, in order. */
interface Range {
  readonly entries: readonly Entry[]
  readonly from: number
  readonly to: number
  readonly depth: number
}

/** Makes a node of every place where a text ends or texts part. */
function grow(
  range: Range,
  edge: Uint8Array,
  before: ReadonlySet<string>,
  nodes: PrefixNode[],
): PrefixNode {
  const { entries, to, depth } = range
  const ending = range.from < to && entries[range.from]!.bytes.length === depth
  const texts = ending ? new Set([...before, entries[range.from]!.text]) : before
  let from = ending ? range.from + 1 : range.from
  const children = from < to ? new Map<number, PrefixNode>() : NONE
  const node = { edge, children, texts, number: nodes.length }
  nodes.push(node)
  while (from < to) {
    const first = entries[from]!.bytes
    let next = from + 1
    while (next < to && entries[next]!.bytes[depth] === first[depth]) next++
    const deeper = commonLength(first, entries[next - 1]!.bytes, depth)
    const child = grow(
      { entries, from, to: next, depth: deeper },
      first.subarray(depth, deeper),
      texts,
      nodes,
    )
    ;(children as Map<number, PrefixNode>).set(first[depth]!, child)
    from = next
  }
  return node
}

/** How many bytes two texts have in common, of which the first `known` are. */
function commonLength(a: Uint8Array, b: Uint8Array, known: number): number {
  let length = known
  while (length < a.length && a[length] === b[length]) length++
  return length
}
