/** Most values that one builtin call may make; more would not fit into a policy's memory. */
const VALUES_MAX = 2_000_000

/** Thrown to stop an evaluation whatever the policy makes of errors, since a wrong answer is worse. */
export class BuiltinHalt extends Error {}

/** Stops a builtin whose answer would grow without bound. */
export class Limit {
  readonly #name: string
  #left = VALUES_MAX

  constructor(name: string) {
    this.#name = name
  }

  count(values: number): void {
    this.#left -= values
    if (this.#left < 0) {
      throw new BuiltinHalt(`${this.#name} would answer with more than ${VALUES_MAX} values`)
    }
  }
}
