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

interface Building {
  readonly children: Map<number, Building>
  text: string | undefined
}

const encoder = new TextEncoder()

/** The tree of some texts, the root first. */
export function prefixTree(texts: Iterable<string>): readonly [PrefixNode, ...PrefixNode[]] {
  const root: Building = { children: new Map(), text: undefined }
  for (const text of texts) {
    let node = root
    for (const byte of encoder.encode(text)) {
      let child = node.children.get(byte)
      if (!child) node.children.set(byte, (child = { children: new Map(), text: undefined }))
      node = child
    }
    node.text = text
  }
  const nodes: PrefixNode[] = []
  compress(root, [], new Set(), nodes)
  return nodes as [PrefixNode, ...PrefixNode[]]
}

/** Makes a node of every place where a text ends or texts part. */
function compress(
  from: Building,
  edge: readonly number[],
  before: ReadonlySet<string>,
  nodes: PrefixNode[],
): PrefixNode {
  const bytes = [...edge]
  let at = from
  while (at.text === undefined && at.children.size === 1 && bytes.length > 0) {
    const [[byte, child]] = at.children as unknown as [[number, Building]]
    bytes.push(byte)
    at = child
  }
  const texts = at.text === undefined ? before : new Set([...before, at.text])
  const children = new Map<number, PrefixNode>()
  const node = { edge: Uint8Array.from(bytes), children, texts, number: nodes.length }
  nodes.push(node)
  for (const [byte, child] of at.children) {
    children.set(byte, compress(child, [byte], texts, nodes))
  }
  return node
}
