/**
 * The fields of a ruleset by number. A field is registered once, however many rules use it, and
 * read at most once per event.
 */
import { cString } from '../event/byte-string.ts'
import { EventView, type HostFacts, ownPaths } from '../event/view.ts'
import { type Extracted, extractorOf } from '../fields/extract.ts'
import { pointerKeys } from '../fields/json-fields.ts'
import type { ResolvedField } from '../fields/resolve.ts'

/** A registered field. */
export interface Slot {
  readonly field: ResolvedField
  /** For text at a plain path: the path's number. Such fields are found by the scanner. */
  readonly path?: number
}

/** Hands out the numbers. */
export class FieldSlots {
  readonly slots: Slot[] = []
  readonly paths: (readonly string[])[] = []
  readonly #byField = new Map<string, number>()
  readonly #byPath = new Map<string, number>()

  constructor() {
    for (const path of ownPaths) this.#path(path)
  }

  /** The number of a field. */
  add(field: ResolvedField): number {
    const name = JSON.stringify([field.info.name, field.key, field.index])
    let slot = this.#byField.get(name)
    if (slot === undefined) {
      const path = simplePath(field)
      slot = this.slots.push({ field, ...(path ? { path: this.#path(path) } : {}) }) - 1
      this.#byField.set(name, slot)
    }
    return slot
  }

  #path(path: readonly string[]): number {
    const name = JSON.stringify(path)
    let number = this.#byPath.get(name)
    if (number === undefined) {
      number = this.paths.push(path) - 1
      this.#byPath.set(name, number)
    }
    return number
  }
}

/** Keys of objects to a text; undefined for what the scanner does not find. */
function simplePath({ info, key }: ResolvedField): readonly string[] | undefined {
  if ('path' in info.from) return info.list ? undefined : info.from.path
  if (info.from.computed !== 'pointer') return undefined
  const keys = pointerKeys(key!)
  // A number may be an index, and an escaped key is found in the slow way.
  return keys?.every((each) => !/^[+-]?[0-9]+$/.test(each) && !each.includes('\\'))
    ? keys
    : undefined
}

/** The values of one event's fields. */
export class FieldStore {
  readonly view: EventView
  readonly #readers: readonly ((view: EventView) => Extracted)[]
  readonly #values: Extracted[]
  readonly #stamps: Int32Array
  #stamp = 0

  constructor({ slots, paths }: FieldSlots, host: HostFacts) {
    this.view = new EventView(paths, host)
    this.#readers = slots.map(readerOf)
    this.#values = slots.map(() => undefined)
    this.#stamps = new Int32Array(slots.length)
  }

  reset(bytes: Uint8Array): void {
    this.#stamp = (this.#stamp + 1) | 0
    this.view.reset(bytes)
  }

  /** A field's value; undefined where it is missing. */
  get(slot: number): Extracted {
    if (this.#stamps[slot] !== this.#stamp) {
      this.#stamps[slot] = this.#stamp
      this.#values[slot] = this.#readers[slot]!(this.view)
    }
    return this.#values[slot]
  }
}

function readerOf({ field, path }: Slot): (view: EventView) => Extracted {
  if (path === undefined) return extractorOf(field)
  const read = (view: EventView): string | undefined => {
    const text = view.pathText(path)
    return text === undefined ? undefined : cString(text)
  }
  if (field.class !== 'k8saudit') return read
  return (view) => (view.hasAuditId ? read(view) : undefined)
}
