/** Whether guardrails look at all places where a name can stand, tried with sample requests. */
import { holds, type Matcher } from '../../residual/holds.ts'
import type { Json, Residual, Step } from '../../residual/residual.ts'
import { compileRegex } from '../../text/regex.ts'
import type { Way } from './bodies.ts'
import type { Look } from './look.ts'

/** The operations of RFC 6902 that have a value. */
export const VALUE_OPERATIONS: readonly string[] = ['add', 'replace', 'test']

const matcher: Matcher = (atom, constant, value) =>
  atom.operator === 'regexMatch' && typeof constant === 'string' && typeof value === 'string'
    ? compileRegex(constant).test(value)
    : undefined

/** A residual holds for every object that has what a look finds, wherever it may stand. */
export function coversObjects(residual: Residual, look: Look): boolean {
  return placesOf(look).every(({ way }) =>
    holdsFor(residual, { verb: 'create', requestObject: built(way, look.sample) }),
  )
}

/** A residual holds for every JSON patch with what a look finds in a value, wherever that is put. */
export function coversPatches(residual: Residual, look: Look): boolean {
  return placesOf(look).every(({ way, name }) => {
    const cuts = Array.from({ length: name + 1 }, (_, cut) => cut)
    return cuts.every((cut) => {
      const value = built(way.slice(cut), look.sample)
      return pointers(way.slice(0, cut)).every((path) =>
        VALUE_OPERATIONS.every((op) =>
          holdsFor(residual, { verb: 'patch', requestObject: [{ op, path, value }] }),
        ),
      )
    })
  })
}

function holdsFor(residual: Residual, event: Json): boolean {
  return holds(residual, event, matcher) === 'yes'
}

/** Ways to the object with the sample, and how many of their steps stand before the name that tells. */
function placesOf({
  unique,
  inside,
}: Look): readonly { readonly way: Way; readonly name: number }[] {
  return unique.places.map((place) => {
    const before = place.slice(0, -1)
    return { way: [...before, ...inside], name: before.length }
  })
}

/** The value with another one at the end of a way. */
function built(way: Way, value: Json): Json {
  return way.reduceRight<Json>(
    (inner, step) => (step === null ? [inner] : { [step]: inner }),
    value,
  )
}

/** Pointers to a place: elements of arrays by their number, and the last by the end of its array too. */
function pointers(way: Way): readonly string[] {
  const pointer = way.map((step) => `/${pointerStep(step)}`).join('')
  return way.at(-1) === null ? [pointer, `${pointer.slice(0, -1)}-`] : [pointer]
}

function pointerStep(step: Step | null): string {
  return step === null ? '0' : String(step).replaceAll('~', '~0').replaceAll('/', '~1')
}
