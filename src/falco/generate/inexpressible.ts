import type { Literal, Place } from '../../residual/residual.ts'

/** Something of a guardrail that no Falco condition says exactly. */
export class Inexpressible extends Error {
  /** Where it is written in Rego, as far as that is known. */
  readonly place: Place | undefined

  /** @param reason lower-case, without a full stop: "two conditions on one element" */
  constructor(reason: string, literal?: Literal) {
    super(reason)
    this.place = literal && placeOf(literal)
  }
}

/** Expressible, if it were said in fewer bytes. */
export class TooLong extends Inexpressible {}

/** A literal that was put together has no place of its own, but its parts have. */
function placeOf(literal: Literal): Place | undefined {
  if (literal.location) return literal.location
  const inner = 'residual' in literal ? literal.residual : 'where' in literal ? literal.where : []
  for (const part of inner.flat()) {
    const place = placeOf(part)
    if (place) return place
  }
  return undefined
}
