/**
 * Keys that stand in a few places of a pod specification only: where a guardrail looks at all of
 * them, the text of the specification tells, and one look at it is enough.
 */
import {
  compare,
  type Atom,
  type Conjunction,
  type Json,
  type Literal,
  type Path,
  type Residual,
  type Step,
} from '../../residual/residual.ts'
import { shapeAt, type Way } from './bodies.ts'

/** The same residual, with the alternatives about all places of a key put together. */
export function joinPlaces(residual: Residual): Residual {
  const single = residual.flatMap(split)
  const groups = new Map<
    string,
    { readonly place: Place; readonly at: Set<Conjunction>; readonly ways: Set<string> }
  >()
  for (const conjunction of single) {
    const place = conjunction.length === 1 ? placeOf(conjunction[0]!) : undefined
    if (!place) continue
    const id = JSON.stringify([place.holder, place.key, place.value])
    const group = groups.get(id) ?? { place, at: new Set(), ways: new Set() }
    group.at.add(conjunction)
    group.ways.add(JSON.stringify(place.way))
    groups.set(id, group)
  }
  const replaced = new Map<Conjunction, Conjunction | undefined>()
  for (const { place, at, ways } of groups.values()) {
    if (ways.size < place.places.length) continue
    const [first, ...rest] = at
    replaced.set(first!, [keyLiteral(place)])
    for (const conjunction of rest) replaced.set(conjunction, undefined)
  }
  if (replaced.size === 0) return residual
  return single.flatMap((conjunction) => {
    const other = replaced.has(conjunction) ? replaced.get(conjunction) : conjunction
    return other ? [other] : []
  })
}

/** A `some` whose element may be one of several is that many alternatives. */
function split(conjunction: Conjunction): readonly Conjunction[] {
  const [only] = conjunction
  if (conjunction.length !== 1 || only?.kind !== 'some' || only.where.length < 2)
    return [conjunction]
  return only.where.map((where) => [{ ...only, where: [where] }])
}

interface Place {
  /** The specification. */
  readonly holder: readonly Step[]
  /** From there to the value. */
  readonly way: Way
  readonly key: string
  readonly value: Json
  readonly places: readonly Way[]
  readonly literal: Literal
}

/** Where a literal looks, if a key with one value there is all that it asks for. */
function placeOf(literal: Literal): Place | undefined {
  const found = wayAndAtom(literal)
  if (!found) return undefined
  const { way, atom } = found
  if (atom.operator !== 'equal' || !('constant' in atom.operand)) return undefined
  const { constant: value } = atom.operand
  const key = way.at(-1)
  if (typeof value !== 'boolean' || typeof key !== 'string') return undefined
  for (let length = 2; length < way.length; length++) {
    const shape = shapeAt(way.slice(1, length))
    if (typeof shape !== 'object' || !('members' in shape)) continue
    const places = shape.keys?.[key]
    const rest = way.slice(length)
    if (!places?.some((place) => JSON.stringify(place) === JSON.stringify(rest))) continue
    return { holder: way.slice(0, length) as Step[], way: rest, key, value, places, literal }
  }
  return undefined
}

function wayAndAtom(literal: Literal): { readonly way: Way; readonly atom: Atom } | undefined {
  if (literal.kind === 'atom')
    return isBody(literal.path) ? { way: literal.path.steps, atom: literal } : undefined
  if (literal.kind !== 'some' || !isBody(literal.path)) return undefined
  const [where, ...others] = literal.where
  const [atom, ...rest] = where ?? []
  if (others.length > 0 || rest.length > 0 || atom?.kind !== 'atom') return undefined
  const { from, steps } = atom.path
  if (typeof from !== 'object' || !('element' in from)) return undefined
  return { way: [...literal.path.steps, null, ...steps], atom }
}

function isBody({ from, steps }: Path): boolean {
  return from === 'event' && (steps[0] === 'requestObject' || steps[0] === 'responseObject')
}

/** The holder's text has the key with the value. */
function keyLiteral({ holder, key, value, literal: { location } }: Place): Literal {
  const text = `${JSON.stringify(key)}:${JSON.stringify(value)}`
  const literal = compare({ from: 'event', steps: holder }, 'contains', text)
  return location ? { ...literal, location } : literal
}

/** One place of such a key alone, looked for in the text of the array there. */
export function isKeyOfPlace(path: Path, way: Way): boolean {
  const whole: Way = [...path.steps, null, ...way]
  const key = whole.at(-1)
  return (
    typeof key === 'string' &&
    whole.some((_, length) => {
      const shape = length < 2 ? undefined : shapeAt(whole.slice(1, length))
      const places = typeof shape === 'object' && 'members' in shape ? shape.keys?.[key] : undefined
      const rest = JSON.stringify(whole.slice(length))
      return places?.some((place) => JSON.stringify(place) === rest) ?? false
    })
  )
}
