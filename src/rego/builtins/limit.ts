import { BUILTIN_VALUES_MAX } from '../../text/limits.ts'

/** Thrown to stop an evaluation whatever the policy makes of errors, since a wrong answer is worse. */
export class BuiltinHalt extends Error {}

/** Stops a builtin whose answer would grow without bound. */
export class Limit {
  readonly #name: string
  #left = BUILTIN_VALUES_MAX

  constructor(name: string) {
    this.#name = name
  }

  count(values: number): void {
    this.#left -= values
    if (this.#left < 0) {
      throw new BuiltinHalt(
        `${this.#name} would answer with more than ${BUILTIN_VALUES_MAX} values`,
      )
    }
  }
}
