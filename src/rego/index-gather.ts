import type { Any, Atom, Conjunction, Path, Residual } from '../residual/residual.ts'
import { atomTexts, watchedNames } from './index-leaf.ts'

/** Alternatives that ask how the text of one value begins: a long list of names, written out. */
export interface Gathered extends Any {
  readonly path: Path
  readonly residual: readonly (readonly [Atom])[]
}

/** A residual, with alternatives put together that one look at a value answers. */
export interface Alternatives {
  readonly gathered: readonly Gathered[]
  readonly others: readonly Conjunction[]
}

const known = new WeakMap<Residual, Alternatives>()

/** What is gathered is the same object for the same residual. */
export function gather(residual: Residual): Alternatives {
  let alternatives = known.get(residual)
  if (!alternatives) known.set(residual, (alternatives = gatherAnew(residual)))
  return alternatives
}

function gatherAnew(residual: Residual): Alternatives {
  const byPath = new Map<string, (readonly [Atom])[]>()
  const others: Conjunction[] = []
  for (const conjunction of residual) {
    const [atom, ...more] = conjunction
    if (atom?.kind !== 'atom' || more.length > 0 || !isText(atom)) {
      others.push(conjunction)
      continue
    }
    const key = JSON.stringify(atom.path.steps)
    const sharing = byPath.get(key)
    if (sharing) sharing.push([atom])
    else byPath.set(key, [[atom]])
  }
  const gathered: Gathered[] = []
  for (const sharing of byPath.values()) {
    if (sharing.length === 1) others.push(sharing[0]!)
    else gathered.push({ kind: 'any', path: sharing[0]![0].path, residual: sharing })
  }
  return { gathered, others }
}

/** Whether the beginning of a value of the event decides, and nothing in it. */
function isText(atom: Atom): boolean {
  const { from, steps } = atom.path
  const isWhole = from === 'event' && watchedNames(atom.path).length === steps.length
  return isWhole && atomTexts(atom) !== undefined
}
