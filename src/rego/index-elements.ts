import type { ElementTest } from './index-leaf.ts'
import type { PrefixNode } from './index-prefix.ts'

/** Elements of an array, told apart by what the texts that they begin with decide. */
export interface ElementClasses {
  /** By a node's number: the class of elements whose texts lead to that node. */
  readonly byNode: readonly number[]
  /** By class: positions of the tests that hold for such an element. */
  readonly holding: readonly (readonly number[])[]
}

/**
 * @param byText for each text the positions of the tests that ask for it
 * @param tree of these texts
 */
export function elementClasses(
  tests: readonly ElementTest[],
  byText: ReadonlyMap<string, readonly number[]>,
  tree: readonly [PrefixNode, ...PrefixNode[]],
): ElementClasses {
  const holds = (position: number, texts: ReadonlySet<string>): boolean =>
    tests[position]!.holds(texts)
  // What holds for an element that begins with nothing of note.
  const common = [...tests.keys()].filter((position) => holds(position, tree[0].texts))
  const numbers = new Map<string, number>()
  const holding: (readonly number[])[] = []
  const byNode = tree.map(({ texts }) => {
    const asking = new Set([...texts].flatMap((text) => byText.get(text) ?? []))
    const all = [
      ...common.filter((position) => !asking.has(position)),
      ...[...asking].filter((position) => holds(position, texts)),
    ].sort((a, b) => a - b)
    const key = all.join()
    const known = numbers.get(key)
    if (known !== undefined) return known
    numbers.set(key, holding.length)
    return holding.push(all) - 1
  })
  return { byNode, holding }
}
