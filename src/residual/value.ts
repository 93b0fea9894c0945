import type { Json, Step } from './residual.ts'

/** The value at these steps; undefined where there is none. A name does not reach into arrays. */
export function valueAt(value: Json, steps: readonly Step[]): Json | undefined {
  let at: Json | undefined = value
  for (const step of steps) {
    if (typeof at !== 'object' || at === null) return undefined
    if (Array.isArray(at)) {
      at = typeof step === 'number' ? (at as readonly Json[])[step] : undefined
    } else {
      const members = at as { readonly [name: string]: Json }
      at = typeof step === 'string' && Object.hasOwn(members, step) ? members[step] : undefined
    }
  }
  return at
}

/** The elements that `some` ranges over: an array's elements or an object's values, none of a scalar. */
export function elementsOf(value: Json | undefined): readonly (readonly [Step, Json])[] {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.map((item: Json, index) => [index, item] as const)
  return Object.entries(value)
}
