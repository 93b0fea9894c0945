import type { Evaluation } from './builtins/builtin.ts'
import type { Value } from './value.ts'

/** What an evaluation may know of the world; the core has no clock and no dice of its own. */
export interface Environment {
  /** Nanoseconds since 1970. */
  readonly clock: (() => bigint) | undefined
  readonly random: ((size: number) => Uint8Array) | undefined
  readonly print: (text: string) => void
}

/**
 * The state that builtins share during one evaluation. Asked twice for the time, or for the same
 * random number, a policy gets the same answer, as Rego's meaning demands.
 */
export class EvaluationState implements Evaluation {
  readonly remembered: Map<string, Value> = new Map()
  /** The first builtin error of this evaluation. */
  failure: Error | undefined
  readonly #environment: Environment
  #now: bigint | undefined

  constructor(environment: Environment) {
    this.#environment = environment
  }

  /** Forgets the last evaluation. */
  begin(): void {
    this.#now = undefined
    this.failure = undefined
    if (this.remembered.size > 0) this.remembered.clear()
  }

  now(): bigint {
    this.#now ??= this.#environment.clock!()
    return this.#now
  }

  random(size: number): Uint8Array {
    return this.#environment.random!(size)
  }

  print(text: string): void {
    this.#environment.print(text)
  }
}
