import type { Json } from './json.ts'

/** Whether a path (its segments in `data`) lies in the tree that one of the roots names. */
export function insideRoots(roots: readonly string[], path: readonly string[]): boolean {
  return roots.some((root) => contains(root.split('/'), path))
}

/** The first two roots of which one contains the other; OPA refuses such a manifest. */
export function overlap(roots: readonly string[]): [string, string] | undefined {
  for (const [i, a] of roots.entries())
    for (const b of roots.slice(i + 1))
      if (contains(a.split('/'), b.split('/')) || contains(b.split('/'), a.split('/')))
        return [a, b]
  return undefined
}

function contains(root: readonly string[], other: readonly string[]): boolean {
  if (root.length === 1 && root[0] === '') return true
  return root.length <= other.length && root.every((segment, i) => segment === other[i])
}

/**
 * The first path of the data that lies outside the roots, as OPA looks for it: an object above a
 * root is entered, anything else must be inside. Keys are visited in the order given.
 */
export function outsideRoots(roots: readonly string[], data: Json): string | undefined {
  const open: [string, Json][] = [['', data]]
  for (let next = open.pop(); next; next = open.pop()) {
    const [path, value] = next
    if (insideRoots(roots, path.split('/'))) continue
    const isAbove = roots.some((root) => insideRoots(path.split('/'), root.split('/')))
    if (!(value instanceof Map) || !isAbove) return `/${path}`
    for (const [key, child] of [...value].toReversed())
      open.push([trimSlashes(`${path}/${key}`), child])
  }
  return undefined
}

export function trimSlashes(path: string): string {
  return path.replace(/^\/+|\/+$/g, '')
}
