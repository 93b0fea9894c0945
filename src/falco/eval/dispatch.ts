/**
 * Finds the rules that an event can match, from the values of the simple fields alone. For each such
 * field and value, every rule's condition is decided with nothing else known; what comes out false
 * is out. The rest of the work is done for the rules that all fields leave possible.
 *
 * Sound by construction: a part of a condition that depends on anything else is undecided, and so is
 * everything about an event that the scanner does not follow.
 */
import { byteText } from '../event/json-bytes.ts'
import { found } from '../event/scan.ts'
import type { EventView } from '../event/view.ts'
import { CONSTANT_BYTES_MAX } from './compare.ts'
import type { CompiledCondition } from './condition.ts'
import type { FieldSlots } from './store.ts'
import { type Row, ValueRows } from './value-rows.ts'

/** Longer than any constant can be, so it stands for all values that are none. */
const NO_CONSTANT = 'x'.repeat(CONSTANT_BYTES_MAX + 1)

/** A field that is looked at for every event. */
interface Watched {
  readonly path: number
  readonly missing: Row
  readonly values: ValueRows
}

export class Dispatch {
  readonly #programs: readonly CompiledCondition[]
  readonly #watched: readonly Watched[]
  readonly #everyRule: Row
  readonly #possible: Row

  constructor(programs: readonly CompiledCondition[], slots: FieldSlots) {
    this.#programs = programs
    this.#everyRule = new Int32Array((programs.length + 31) >> 5)
    programs.forEach((_, rule) => setBit(this.#everyRule, rule))
    this.#possible = this.#everyRule.slice()
    this.#watched = this.#watch(slots)
  }

  /** The rules that the event in `view` can match, one bit each. Valid until the next call. */
  possible(view: EventView): Row {
    const { scanner } = view
    const possible = this.#possible
    possible.set(this.#everyRule)
    if (scanner.odd || !view.hasAuditId) return possible
    for (const { path, missing, values } of this.#watched) {
      const kind = scanner.kinds[path]
      let row = missing
      if (kind === found.plain || kind === found.word) {
        row = values.get(view.bytes, scanner.starts[path]!, scanner.ends[path]!)
      } else if (kind !== found.nothing) {
        continue
      }
      let left = 0
      for (let i = 0; i < possible.length; i++) left |= possible[i]! &= row[i]!
      if (left === 0) return possible
    }
    return possible
  }

  #watch({ slots }: FieldSlots): Watched[] {
    const users = slots.map((_, slot) => this.#users(slot))
    return slots
      .flatMap(({ path, constants }, slot) =>
        path === undefined || users[slot]!.length === 0 ? [] : [{ slot, path, constants }],
      )
      .sort((a, b) => users[b.slot]!.length - users[a.slot]!.length)
      .map(({ slot, path, constants }) => this.#watchOne(slot, path, users[slot]!, constants))
  }

  /** Rules in whose conditions the field alone decides something. */
  #users(slot: number): number[] {
    return this.#programs.flatMap(({ slots }, rule) => (slots.has(slot) ? [rule] : []))
  }

  #watchOne(
    slot: number,
    path: number,
    users: readonly number[],
    constants: ReadonlySet<string> | undefined,
  ): Watched {
    const rowOf = (value: string | undefined): Row => this.#row(slot, users, value)
    const other = constants ? rowOf(NO_CONSTANT) : this.#everyRule
    const values = new ValueRows(other, (bytes, start, end) => rowOf(byteText(bytes, start, end)))
    if (constants) values.close([...constants].map((constant) => Buffer.from(constant, 'latin1')))
    return { path, missing: rowOf(undefined), values }
  }

  #row(slot: number, users: readonly number[], value: string | undefined): Row {
    const row = this.#everyRule.slice()
    for (const rule of users) {
      if (this.#programs[rule]!.given(slot, value) === false) clearBit(row, rule)
    }
    return row
  }
}

function setBit(row: Row, bit: number): void {
  row[bit >> 5]! |= 1 << (bit & 31)
}

function clearBit(row: Row, bit: number): void {
  row[bit >> 5]! &= ~(1 << (bit & 31))
}
