import { type Path, pathText } from '../residual/residual.ts'
import { isObject, type JsonObject } from '../text/json.ts'

/** What paths read of an event: the same shape, without the rest. Of what is read in an array all is kept. */
export function relevantPart(event: JsonObject, reads: readonly Path[]): JsonObject {
  const paths = reads.filter(({ from }) => from === 'event')
  if (paths.some(({ steps }) => steps.length === 0)) return event
  const part: Record<string, unknown> = {}
  const sorted = paths.toSorted((a, b) => pathText(a).length - pathText(b).length)
  for (const { steps } of sorted) copy(event, part, steps)
  return part
}

function copy(from: JsonObject, to: Record<string, unknown>, steps: Path['steps']): void {
  const [first, ...rest] = steps
  const value = from[first!]
  if (value === undefined || typeof first !== 'string') return
  if (rest.length === 0 || !isObject(value)) {
    to[first] = value
    return
  }
  const inner = (to[first] ??= {}) as Record<string, unknown>
  // A path that ends higher up has brought all of it.
  if (inner !== value) copy(value, inner, rest)
}
