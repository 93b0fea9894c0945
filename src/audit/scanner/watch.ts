/** The paths whose values are kept while a line is read, as a tree by names. */
export interface WatchNode {
  /** Number of the path that ends here; -1 for none. */
  slot: number
  readonly children: Map<string, WatchNode>
}

/** @param paths member names from the event down; the slot of a path is its index here */
export function watchTree(paths: readonly (readonly string[])[]): WatchNode {
  const root: WatchNode = { slot: -1, children: new Map() }
  paths.forEach((path, slot) => {
    let node = root
    for (const name of path) {
      let child = node.children.get(name)
      if (!child) node.children.set(name, (child = { slot: -1, children: new Map() }))
      node = child
    }
    node.slot = slot
  })
  return root
}

/** The slots of everything below a node. */
export function slotsBelow(node: WatchNode): number[] {
  return [...node.children.values()].flatMap((child) => [
    ...(child.slot < 0 ? [] : [child.slot]),
    ...slotsBelow(child),
  ])
}
