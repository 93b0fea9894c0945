import { PROJECTION_TEXT_BYTES, type ScannerMemory } from './memory.ts'
import type { WatchNode } from './watch.ts'
import { watchTree } from './watch.ts'

/** Some of an event's values, to be written as an object of the same structure as the event. */
export interface Projection {
  /** Paths as member names from the event down; a path covers everything below it. */
  readonly paths: readonly (readonly string[])[]
  /** Paths of which counts only whether something is there: their values are written as null. */
  readonly presence?: readonly (readonly string[])[]
}

interface Step {
  readonly kind: 'open' | 'value' | 'presence' | 'close'
  readonly text: string
  readonly slot: number
}

const encoder = new TextEncoder()

/**
 * The steps that write a projection, placed in memory. Objects on the way to values are written
 * whether or not the event has them: whoever looks only at the paths cannot tell the difference.
 *
 * @param slots numbers of the paths that are watched
 * @returns undefined where a path is not watched, or where there is no room
 */
export function placeProjection(
  memory: ScannerMemory,
  projection: Projection,
  slots: ReadonlyMap<string, number>,
  firstSlot: number,
): number | undefined {
  const steps = stepsOf(projection, slots)
  if (!steps) return undefined
  const texts = steps.map(({ text }) => encoder.encode(text))
  if (texts.reduce((sum, text) => sum + text.length + 2, 0) > PROJECTION_TEXT_BYTES)
    return undefined
  const address = memory.allocate(16 * (steps.length + 1))
  if (address === undefined) return undefined
  for (const [i, { kind, slot }] of steps.entries()) {
    const text = memory.allocate(texts[i]!.length)
    if (text === undefined) return undefined
    memory.bytes.set(texts[i]!, text)
    const record = (address >> 2) + 4 * i
    memory.words[record] = memory.constant(`STEP_${kind.toUpperCase()}`)
    memory.words[record + 1] = text
    memory.words[record + 2] = texts[i]!.length
    memory.words[record + 3] = firstSlot + 8 * slot
  }
  return address
}

/** A path as the key of a map. */
export function pathKey(path: readonly string[]): string {
  return JSON.stringify(path)
}

function stepsOf(
  { paths, presence = [] }: Projection,
  slots: ReadonlyMap<string, number>,
): Step[] | undefined {
  const steps: Step[] = [{ kind: 'open', text: '{', slot: 0 }]
  const visit = (node: WatchNode, path: readonly string[]): boolean => {
    for (const [name, child] of node.children) {
      const inner = [...path, name]
      const text = `${JSON.stringify(name)}:`
      if (child.slot >= 0) {
        const slot = slots.get(pathKey(inner))
        if (slot === undefined) return false
        const isValue = child.slot >= presence.length || child.children.size > 0
        if (isValue) steps.push({ kind: 'value', text, slot })
        else steps.push({ kind: 'presence', text: `${text}null`, slot })
      } else {
        steps.push({ kind: 'open', text: `${text}{`, slot: 0 })
        if (!visit(child, inner)) return false
        steps.push({ kind: 'close', text: '', slot: 0 })
      }
    }
    return true
  }
  // Of a path that is in both the value is written.
  if (!visit(watchTree([...presence, ...paths]), [])) return undefined
  steps.push({ kind: 'close', text: '', slot: 0 })
  return steps
}
