import { holds, type Matcher } from '../residual/holds.ts'
import { placeOfLiteral } from '../residual/place.ts'
import type { Conjunction, Json, Literal, Place, Residual } from '../residual/residual.ts'
import { residualText } from '../residual/text.ts'

/** Longest text of one condition; lists of names and nested conditions can be endless. */
const CONDITION_CHARS_MAX = 160

/**
 * The conditions of a residual that decide about an event: all those of the conjunction that holds,
 * or those that keep the nearest conjunction from holding. A line each, with its place.
 *
 * @param residual after `bindData`
 */
export function decisive(
  residual: Residual,
  event: Json,
  matcher: Matcher,
  placeText: (place: Place) => string,
): string[] {
  const conjunctions = residual.map((conjunction) => ({
    conjunction,
    against: conjunction.filter((literal) => !mayHold(literal, event, matcher)),
  }))
  const held = conjunctions.find(({ against }) => against.length === 0)
  if (held) {
    const verb = (literal: Literal): string =>
      holds([[literal]], event, matcher) === 'yes' ? 'holds' : 'may hold'
    return linesOf(held.conjunction, verb, placeText)
  }
  const nearest = conjunctions.toSorted((a, b) => a.against.length - b.against.length)[0]
  return nearest
    ? linesOf(nearest.against, () => 'does not hold', placeText)
    : ['nothing can match']
}

/** Literals of a conjunction that is not inside of a `some` can be asked one by one. */
function mayHold(literal: Literal, event: Json, matcher: Matcher): boolean {
  return holds([[literal]], event, matcher) !== 'no'
}

function linesOf(
  literals: Conjunction,
  verb: (literal: Literal) => string,
  placeText: (place: Place) => string,
): string[] {
  return literals.map((literal) => {
    const place = placeOfLiteral(literal)
    return `\`${conditionText([literal])}\` ${verb(literal)}${place ? ` (${placeText(place)})` : ''}`
  })
}

/** Conditions on one line, not endless. */
export function conditionText(conjunction: Conjunction): string {
  const texts = conjunction.map((one) => residualText([[one]]).replaceAll(/\n\s*/g, ' '))
  const text = texts.join(' and ') || 'always'
  return text.length > CONDITION_CHARS_MAX ? `${text.slice(0, CONDITION_CHARS_MAX - 1)}…` : text
}
