import { FOREIGN_MEMBERS } from '../kind.ts'
import type { ProvedEvent } from '../proved.ts'
import type { ScannerMemory } from './memory.ts'
import { pathKey, placeProjection, type Projection } from './projection.ts'
import { Shapes } from './shapes.ts'
import { watchTree } from './watch.ts'

/**
 * Writes some of a line's values as an object of their own. A line is read again for this, by an
 * automaton that watches all paths that any projection has: cheaper than to watch them on all lines.
 */
export class Projector {
  /** What it learns, apart from what the scanner does. */
  readonly shapes: Shapes
  readonly #memory: ScannerMemory
  readonly #firstSlot: number
  readonly #slots: ReadonlyMap<string, number>
  /** Where a slot stands that is filled on lines with a name that announces something confidential. */
  readonly #alarm: number
  /** Addresses; 0 for what cannot be projected. */
  #placed = new Map<Projection, number>()
  /** The line whose values stand in the slots; 0 for none. */
  #line = 0

  /** @param paths those that projections may hold; what is more than fits is left out */
  constructor(memory: ScannerMemory, paths: readonly (readonly string[])[]) {
    const alarm = memory.constant('SLOTS_MAX') - 1
    const watched = paths.slice(0, alarm)
    this.#memory = memory
    this.#firstSlot = memory.constant('SLOTS_AGAIN')
    this.#slots = new Map(watched.map((path, slot) => [pathKey(path), slot]))
    this.#alarm = (this.#firstSlot >> 2) + 2 * alarm
    this.shapes = new Shapes(memory, FOREIGN_MEMBERS, watchTree(watched), {
      start: memory.constant('START_AGAIN'),
      slots: this.#firstSlot,
      alarm,
    })
  }

  /** Forgets everything; the memory is the caller's to reset. */
  forget(): void {
    this.shapes.forget()
    this.#placed = new Map()
  }

  /** Says that other lines stand in memory now. */
  begin(): void {
    this.#line = 0
  }

  /** Undefined where it cannot be said what the line's values are. Valid until the next projection. */
  project(line: number, projection: Projection): ProvedEvent | undefined {
    let steps = this.#placed.get(projection)
    if (steps === undefined) {
      steps = placeProjection(this.#memory, projection, this.#slots, this.#firstSlot) ?? 0
      this.#placed.set(projection, steps)
    }
    if (steps === 0) return undefined
    if (line !== this.#line && !this.#read(line)) return undefined
    const length = this.#memory.project(line, steps)
    if (length === 0) return undefined
    const { bytes, output } = this.#memory
    // Values of a proved event, put together by JSON's grammar, are one object.
    return bytes.subarray(output, output + length) as ProvedEvent
  }

  /** False where no text of the line can be confidential, except in the query of an address. */
  mayHoldSecrets(line: number, end: number): boolean {
    if (line !== this.#line && !this.#read(line)) return true
    return this.#memory.words[this.#alarm]! >= line || this.#memory.mayHoldJson(line, end)
  }

  #read(line: number): boolean {
    // What a line does not have must not be found where the line before had it.
    const { words } = this.#memory
    words.fill(0, this.#firstSlot >> 2, (this.#firstSlot >> 2) + 2 * this.#slots.size)
    words[this.#alarm] = 0
    const isSure = this.#memory.again(line)
    this.#line = isSure ? line : 0
    return isSure
  }
}
