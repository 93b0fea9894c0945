import { inGroups } from '../../text/groups.ts'
import { MESSAGE_CHOICES_MAX } from '../../text/limits.ts'
import type { MessagePart, Saying } from '../message.ts'
import { reduce } from '../reduce.ts'
import type { Residual } from '../residual.ts'
import type { Branch } from './branch.ts'
import { close } from './close.ts'
import { elementsOf, numberElements } from './elements.ts'
import { either } from './logic.ts'
import { opaqueLiteral } from './opaque.ts'

/** What is said in one way in which something holds. */
export interface Said {
  readonly branch: Branch
  readonly parts: readonly MessagePart[]
}

/** Each text once, with when it is said. */
export function sayingsOf(found: readonly Said[]): readonly Saying[] {
  const byParts = inGroups(found, ({ parts }) => JSON.stringify(parts))
  return [...byParts.values()].slice(0, MESSAGE_CHOICES_MAX).flatMap((same) => {
    const when = either(...same.map(({ branch }) => conditionOf(branch)))
    return when.length === 0 ? [] : [{ when, parts: same[0]!.parts }]
  })
}

/** When a way holds in which something is said; what it asks of elements from outside is opaque. */
function conditionOf(branch: Branch): Residual {
  const literals = close(branch).map((literal) =>
    elementsOf(literal).length > 0 ? opaqueLiteral([], 'an element') : literal,
  )
  return numberElements(reduce([literals]))
}
