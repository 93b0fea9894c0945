import type { Mutant } from '../testing/mutation.ts'
import type { Issue, Place, Places } from './issues.ts'

/** What `toolchain/mutants.go` is asked. */
export interface MutantsRequest {
  /** The path of the guardrail's set, name by name. */
  readonly decision: readonly string[]
  /** Documents at the root of data. */
  readonly data: readonly unknown[]
  /** For each event the position of the document that goes with it. */
  readonly events: readonly number[]
  /** Most mutants that are made. */
  readonly limit: number
  /** Most steps that one evaluation may take. */
  readonly steps: number
}

/** What it answers. */
export interface RawMutants {
  readonly mutants: readonly Mutant[]
  readonly leftOut: number
  readonly events: readonly RawReadings[]
}

/** What is read of the guardrail and its mutants on one event; `each` has positions in `readings`. */
export interface RawReadings {
  readonly readings: readonly RawReading[]
  readonly each: readonly number[]
}

/** The elements of the set, or why there are none. */
export interface RawReading {
  readonly elements?: unknown
  readonly issues?: readonly Issue[]
}

/** The result of the `mutants` verb. */
export interface WireMutants {
  readonly mutants: readonly (Pick<Mutant, 'kind' | 'before' | 'after'> & Place)[]
  readonly leftOut: number
}

/** Mutants by the places of the sources as the user named them. */
export function readMutants({ mutants }: WireMutants, places: Places): Mutant[] {
  return mutants.map(({ kind, before, after, ...place }) => {
    const { file = '', line = 0, column = 0 } = places.at(place)
    return { kind, before, after, file, line, column }
  })
}
