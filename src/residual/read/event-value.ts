import type { MessageValue } from '../message.ts'
import type { Conjunction, Literal, Path } from '../residual.ts'
import { elementsOf, renameElements } from './elements.ts'
import type { Run } from './run.ts'

/** What a path leads to in the event; undefined for something of data, and for the name of a member. */
export function eventValue(run: Run, path: Path, around: Conjunction): MessageValue | undefined {
  const way = wayTo(run, path)
  return way && { kind: 'value', way, element: aboutElement(path, around) }
}

function wayTo(run: Run, { from, steps }: Path): MessageValue['way'] | undefined {
  if (from === 'event') return steps
  if (from === 'data' || 'key' in from) return undefined
  const outer = wayTo(run, run.rangedOver(from.element))
  return outer && [...outer, null, ...steps]
}

/** What is known of the element that a path begins at. */
function aboutElement({ from }: Path, around: Conjunction): Conjunction {
  if (typeof from === 'string' || !('element' in from)) return []
  const names = new Map([[from.element, 1]])
  const isOfElement = (literal: Literal): boolean => {
    const [id, ...others] = elementsOf(literal)
    return literal.kind === 'atom' && id === from.element && others.length === 0
  }
  return around.filter(isOfElement).map((literal) => renameElements(literal, names))
}
