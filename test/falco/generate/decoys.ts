import type { Json, Step } from '../../../src/residual/residual.ts'
import type { Draw } from '../../residual/boundary.ts'

type Members = { readonly [name: string]: Json }

/** Where objects of all kinds may have texts with any names. */
const MAPS: readonly (readonly string[])[] = [
  ['metadata', 'labels'],
  ['metadata', 'annotations'],
  ['spec', 'selector'],
  ['spec', 'selector', 'matchLabels'],
  ['spec', 'template', 'metadata', 'annotations'],
  ['spec', 'template', 'spec', 'nodeSelector'],
  ['data'],
  ['stringData'],
]

/** Members of an owner. */
const OWNER: readonly string[] = ['apiVersion', 'kind', 'name', 'uid']

/**
 * The object with names and texts that stand somewhere where they mean nothing: in each map of texts,
 * and in an owner; under the same names, and under names that end like them.
 *
 * @param found has these names and texts
 */
export function decoys(object: Json, found: Json): readonly Members[] {
  return textsIn(found).flatMap((texts) => {
    const entries = Object.entries(texts)
    const reversed = Object.fromEntries(entries.toReversed())
    const quoted = Object.fromEntries(entries.map(([name, value]) => [`x"${name}`, value]))
    const named = entries.filter(([name]) => OWNER.includes(name))
    const owner = { apiVersion: 'v1', uid: '1', ...Object.fromEntries(named) }
    return [
      ...MAPS.flatMap((way) => [texts, reversed, quoted].map((map) => put(object, way, map))),
      put(object, ['metadata', 'ownerReferences'], [owner]),
    ] as readonly Members[]
  })
}

/** The event with one decoy in its body, made of its body; mostly in place of what it is made of. */
export function withDecoy(event: Json, draw: Draw): Json {
  const { requestObject: body } = event as Members
  if (typeof body !== 'object' || body === null) return event
  const base = Array.isArray(body) ? {} : body
  const all = textsIn(body)
  if (all.length === 0) return event
  const texts = all[draw(all.length)]!
  const bare = draw(3) === 0 ? base : without(base, texts)
  const of = decoys(bare, texts)
  return { ...(event as Members), requestObject: of[draw(of.length)]! }
}

/** The texts of each object somewhere inside of a value, with their names. */
function textsIn(value: Json): readonly { readonly [name: string]: string }[] {
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.values(value as Members).flatMap(textsIn)
  if (Array.isArray(value)) return inner
  const own = Object.entries(value as Members).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  return own.length > 0 ? [Object.fromEntries(own), ...inner] : inner
}

/** The value without the objects that have just these texts. */
function without(value: Json, texts: Json): Json {
  if (typeof value !== 'object' || value === null) return value
  const isThat = (one: Json): boolean => JSON.stringify(textsIn(one)[0]) === JSON.stringify(texts)
  if (Array.isArray(value))
    return (value as readonly Json[])
      .filter((one) => !isThat(one))
      .map((one) => without(one, texts))
  const kept = Object.entries(value as Members).filter(([, one]) => !isThat(one))
  return Object.fromEntries(kept.map(([name, one]) => [name, without(one, texts)]))
}

function put(object: Json, [step, ...rest]: readonly Step[], value: Json): Json {
  if (step === undefined) return value
  const isObject = typeof object === 'object' && object !== null && !Array.isArray(object)
  const members = (isObject ? object : {}) as Members
  return { ...members, [step]: put(members[step] ?? {}, rest, value) }
}
