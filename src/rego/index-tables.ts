import type { ScannerMemory } from '../audit/scanner/memory.ts'
import type { PrefixNode } from './index-prefix.ts'

/** Bytes of a node's record before its edge. */
const NODE_BYTES = 16

/** Bytes that a tree takes in the scanner's memory. */
export function treeBytes(nodes: readonly PrefixNode[]): number {
  return nodes.reduce(
    (sum, { edge, children }) =>
      sum + aligned(NODE_BYTES + edge.length + NODE_BYTES) + aligned(4 * spanOf(children).count),
    0,
  )
}

/** Puts a tree into memory, for which there is room; the address of its root. */
export function placeTree(
  memory: ScannerMemory,
  node: PrefixNode,
  classOf: (node: PrefixNode) => number,
): number {
  const { words, bytes } = memory
  // The byte that tells a node from its siblings stands in the parent's row.
  const edge = node.edge.subarray(1)
  // Edges are compared in whole vectors.
  const address = memory.allocate(NODE_BYTES + edge.length + NODE_BYTES)!
  const at = address >> 2
  words[at] = classOf(node)
  words[at + 2] = edge.length
  bytes.set(edge, address + NODE_BYTES)
  const { first, count } = spanOf(node.children)
  if (count === 0) return address
  const row = memory.allocate(4 * count)!
  words[at + 1] = row
  words[at + 3] = first | (count << 16)
  for (const [byte, child] of node.children) {
    words[(row >> 2) + byte - first] = placeTree(memory, child, classOf)
  }
  return address
}

/** The first byte that has a child, and how many follow up to the last one that has. */
function spanOf(children: PrefixNode['children']): { first: number; count: number } {
  if (children.size === 0) return { first: 0, count: 0 }
  let first = 255
  let last = 0
  for (const byte of children.keys()) {
    first = Math.min(first, byte)
    last = Math.max(last, byte)
  }
  return { first, count: last - first + 1 }
}

function aligned(bytes: number): number {
  return (bytes + 15) & ~15
}
