import { sanitise } from './sanitise.ts'
import { walk } from './walk.ts'

/** A member of an object whose name the object has already. */
export interface Duplicate {
  /** Names and array indices from the event down to the second of the two. */
  readonly path: readonly (string | number)[]
  /** Bytes from the start of the range (sanitised, where it had to be) to the second name. */
  readonly offset: number
}

interface Container {
  /** Undefined for an array. */
  readonly names: Set<string> | undefined
  /** The current member's name, or how many elements have begun. */
  step: string | number
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * The first duplicate name in a range that is a JSON object; undefined where every object's names
 * differ. Names are compared as readers see them, with their escapes resolved and, where the bytes
 * need sanitising, after that.
 */
export function firstDuplicate(
  bytes: Uint8Array,
  start: number,
  end: number,
): Duplicate | undefined {
  const text = sanitise(bytes.subarray(start, end))
  const open: Container[] = []
  let found: Duplicate | undefined
  const element = (): void => {
    const container = open.at(-1)
    if (container && typeof container.step === 'number') container.step++
  }
  walk(text, 0, text.length, {
    open(object) {
      element()
      open.push({ names: object ? new Set() : undefined, step: object ? '' : -1 })
    },
    close() {
      open.pop()
    },
    key(from, to) {
      const container = open.at(-1)!
      const name = JSON.parse(`"${decoder.decode(text.subarray(from, to))}"`) as string
      container.step = name
      if (found || !container.names) return
      if (container.names.has(name)) {
        found = { path: open.map((part) => part.step), offset: from - 1 }
      }
      container.names.add(name)
    },
    scalar: element,
  })
  return found
}
