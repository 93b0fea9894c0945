import { placeOfLiteral } from '../../residual/place.ts'
import type { Literal, Place } from '../../residual/residual.ts'

/** Something of a guardrail that no Falco condition says exactly. */
export class Inexpressible extends Error {
  /** Nobody knows what it says, Falco or not. */
  readonly isOpaque: boolean
  #place: Place | undefined

  /** @param reason lower-case, without a full stop: "two conditions on one element" */
  constructor(reason: string, literal?: Literal) {
    super(reason)
    this.isOpaque = literal?.kind === 'opaque'
    this.#place = literal && placeOfLiteral(literal)
  }

  /** Where it is written in Rego, as far as that is known. */
  get place(): Place | undefined {
    return this.#place
  }

  /** Says where, if that is not known yet. */
  at(place: Place | undefined): this {
    this.#place ??= place
    return this
  }
}

/** Expressible, if it were said in fewer bytes. */
export class TooLong extends Inexpressible {}

/** What a function gives; undefined where that cannot be expressed. */
export function ifExpressible<T>(make: () => T): T | undefined {
  try {
    return make()
  } catch (error) {
    if (error instanceof Inexpressible) return undefined
    throw error
  }
}
