import type { ScannerMemory } from './memory.ts'

/** Decides for the scanner which lines are candidates, by the values of some paths. */
export interface LineJudge {
  /** The paths that it looks at, as member names from the event down. A path's position is its slot. */
  readonly paths: readonly (readonly string[])[]
  /** What its features take in memory, in bytes. */
  readonly bytes: number
  /** Puts its features and decisions into memory; the address of the first decision. */
  place(memory: ScannerMemory): number
  /** True where they should be placed anew, because there was no room or something was learned. */
  readonly full: boolean
  /** Hears how many lines were scanned. */
  observe(lines: number): void
  /** The class of the value that stands at `start` … `end` in memory. */
  classify(feature: number, start: number, end: number): number
  /** The class of an array after one more element. */
  combine(feature: number, before: number, element: number): number
  /** The address of the decision after another one. */
  decide(decision: number, valueClass: number): number
}

/** The watched values of the line at hand. Valid during the call that it is handed to. */
export interface Spans {
  /** The JSON text of a slot's value; null where there is none, undefined where that is not known. */
  json(slot: number): Buffer | null | undefined
}
