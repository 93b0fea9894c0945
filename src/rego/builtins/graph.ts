import { RegoSet, identity, setOf } from '../value.ts'
import type { RegoObject, Value } from '../value.ts'
import { collectionOperand, isArray, objectOperand } from './builtin.ts'
import type { Builtins } from './builtin.ts'
import { Limit } from './limit.ts'

export const graphs: Builtins = {
  'graph.reachable_paths': (operands) => {
    const walk = new Walk(objectOperand(operands, 0))
    for (const start of collectionOperand(operands, 1)) walk.from(start)
    return setOf(walk.paths)
  },
}

/** Collects the paths of a graph that end at a leaf, before a loop closes, or before an unknown node. */
class Walk {
  readonly paths: Value[][] = []
  readonly #graph: RegoObject
  readonly #limit = new Limit('graph.reachable_paths')

  constructor(graph: RegoObject) {
    this.#graph = graph
  }

  from(start: Value): void {
    const neighbours = neighboursOf(this.#graph, start)
    if (!neighbours) return
    if (neighbours.length === 0) this.#add([start])
    for (const neighbour of neighbours) this.#visit(neighbour, [start], new Set([identity(start)]))
  }

  #visit(node: Value, path: readonly Value[], seen: ReadonlySet<string>): void {
    const neighbours = neighboursOf(this.#graph, node)
    if (!neighbours) return this.#add(path)
    const here = [...path, node]
    if (neighbours.length === 0) return this.#add(here)
    const known = new Set(seen).add(identity(node))
    for (const neighbour of neighbours) {
      if (known.has(identity(neighbour))) this.#add(here)
      else this.#visit(neighbour, here, known)
    }
  }

  #add(path: readonly Value[]): void {
    this.#limit.count(path.length)
    this.paths.push([...path])
  }
}

/** Undefined for a node that the graph does not know. Anything but an array or set leads nowhere. */
function neighboursOf(graph: RegoObject, node: Value): readonly Value[] | undefined {
  const edges = graph.get(node)
  if (edges === undefined) return undefined
  if (edges instanceof RegoSet) return edges.sorted()
  return isArray(edges) ? edges : []
}
