import { isIP } from 'node:net'
import { shapeAt, typeOfShape, type Way } from '../../../src/falco/generate/bodies.ts'
import { uniqueName } from '../../../src/falco/generate/unique.ts'
import { typeOf } from '../../../src/residual/atom.ts'
import type { Json } from '../../../src/residual/residual.ts'
import { schemaTypes } from '../../../src/residual/typed.ts'
import { valueAt } from '../../../src/residual/value.ts'

type Members = { readonly [name: string]: Json }

/**
 * The event without what does not fit the schema of audit events, or the types that Kubernetes gives
 * to what stands in bodies, or stands there where its kind has no such member; with what Falco asks
 * of every event.
 */
export function conforming(event: Json, schema: Json): Json {
  const ofSchema = schemaTypes(schema)
  const resource = valueAt(event, ['objectRef', 'resource'])
  const resources = typeof resource === 'string' ? [resource] : []
  const fitting = (value: Json, way: Way): Json | undefined => {
    if (isBody(way)) return new Body(resources).fit(value)
    const type = ofSchema(way, 'event')
    if (type !== undefined && typeOf(value) !== type) return undefined
    if (typeof value === 'number' && !Number.isInteger(value)) return undefined
    if (way[0] === 'sourceIPs' && way.length === 2 && isIP(String(value)) === 0) return undefined
    return children(value, (child, step) => {
      const at = [...way, step]
      const isKnown = way.length > 0 || isBody(at) || ofSchema(at, 'event') !== undefined
      return isKnown ? fitting(child, at) : undefined
    })
  }
  const members = fitting(event, []) as Members
  return {
    auditID: 'e0e8b7a4-5b0e-4a9c-9d0e-1c9f0a6b2d11',
    ...members,
    kind: 'Event',
    stageTimestamp: '2026-11-24T10:00:01.000000Z',
  }
}

function isBody(way: Way): boolean {
  return way.length === 1 && (way[0] === 'requestObject' || way[0] === 'responseObject')
}

function children(value: Json, each: (child: Json, step: string | null) => Json | undefined): Json {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    return (value as readonly Json[]).flatMap((item) => {
      const fitted = each(item, null)
      return fitted === undefined ? [] : [fitted]
    })
  }
  return Object.fromEntries(
    Object.entries(value as Members).flatMap(([name, member]) => {
      const fitted = each(member, name)
      return fitted === undefined ? [] : [[name, fitted] as const]
    }),
  )
}

/** A document of the API, or the operations of a JSON patch, of one kind of resource. */
class Body {
  readonly #resources: readonly string[]

  constructor(resources: readonly string[]) {
    this.#resources = resources
  }

  fit(value: Json): Json | undefined {
    if (!Array.isArray(value)) return typeOf(value) === 'object' ? this.#at(value, []) : undefined
    return (value as readonly Json[]).flatMap((one) => {
      const fitted = this.#operation(one)
      return fitted === undefined ? [] : [fitted]
    })
  }

  /** RFC 6902: a value belongs to the operations that need one. */
  #operation(operation: Json): Json | undefined {
    const { op, path, value } = (typeOf(operation) === 'object' ? operation : {}) as Members
    if (typeof op !== 'string' || typeof path !== 'string' || !/^(?:\/[^/"\\]+)*$/.test(path))
      return undefined
    const way = path.split('/').slice(1).map(stepOf)
    if (way.some((step, i) => step !== null && isArray(way.slice(0, i)))) return undefined
    const fitted = value === undefined ? undefined : this.#at(value, way)
    const needsValue = ['add', 'replace', 'test'].includes(op)
    if (needsValue !== (fitted !== undefined) && needsValue) return undefined
    const members = operation as Members
    const order = Object.keys(members).filter((name) => ['op', 'path', 'value'].includes(name))
    return Object.fromEntries(
      order.flatMap((name) => {
        if (name === 'value') return needsValue ? [[name, fitted!] as const] : []
        return [[name, members[name]!] as const]
      }),
    )
  }

  #at(value: Json, way: Way): Json | undefined {
    if (!this.#belongs(value, way)) return undefined
    const shape = shapeAt(way)
    const type = typeOfShape(shape)
    if (type === 'number' && !Number.isInteger(value)) return undefined
    // An element that nothing is asked of is made as an object.
    if (type === 'string' && way.at(-1) === null && typeOf(value) === 'object') return 'x'
    if (type !== undefined && typeOf(value) !== type) return undefined
    const lacks = (name: string): boolean => !Object.hasOwn(value as object, name)
    if (typeof shape === 'object' && 'members' in shape && shape.required?.some(lacks))
      return undefined
    const isMap = typeof shape === 'object' && 'values' in shape
    const strays = this.#strays(value, way)
    return children(value, (child, step) => {
      if (step !== null && strays.includes(step)) return undefined
      if (isMap && child !== null && typeof child !== 'string') return undefined
      return this.#at(child, [...way, step])
    })
  }

  /** Names that tell stand in their places only; a text may stand anywhere, but beside an object. */
  #belongs(value: Json, way: Way): boolean {
    const name = way.at(-1)
    const unique = typeof name === 'string' ? uniqueName(this.#resources, name) : undefined
    if (!unique || unique.isText || typeof value === 'string' || value === null) return true
    return unique.places.some((place) => JSON.stringify(place) === JSON.stringify(way))
  }

  /** Texts whose names tell, where they stand beside an object in another place than theirs. */
  #strays(value: Json, way: Way): readonly string[] {
    if (typeof value !== 'object' || value === null || !holdsObject(value)) return []
    return Object.keys(value).filter((name) => {
      const unique = uniqueName(this.#resources, name)
      const at = JSON.stringify([...way, name])
      return unique?.isText && !unique.places.some((place) => JSON.stringify(place) === at)
    })
  }
}

function holdsObject(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false
  const inner = Object.values(value as Members)
  return inner.some((one) => typeOf(one) === 'object' || (Array.isArray(one) && holdsObject(one)))
}

function isArray(way: Way): boolean {
  const shape = shapeAt(way)
  return way.length > 0 && typeof shape === 'object' && 'items' in shape
}

function stepOf(step: string): string | null {
  return /^(?:-|\d+)$/.test(step) ? null : step.replaceAll('~1', '/').replaceAll('~0', '~')
}
