import { isIP } from 'node:net'
import { shapeAt, type Shape, typeOfShape, type Way } from '../../../src/falco/generate/bodies.ts'
import { typeOf } from '../../../src/residual/atom.ts'
import type { Json } from '../../../src/residual/residual.ts'
import { schemaTypes } from '../../../src/residual/typed.ts'

type Members = { readonly [name: string]: Json }

/**
 * The event without what does not fit the schema of audit events, or the types that Kubernetes gives
 * to what stands in bodies; with what Falco asks of every event.
 */
export function conforming(event: Json, schema: Json): Json {
  const ofSchema = schemaTypes(schema)
  const isKnown = (way: Way): boolean => ofSchema(way, 'event') !== undefined || isBody(way)
  const fitting = (value: Json, way: Way): Json | undefined => {
    if (isBody(way)) return body(value)
    const type = ofSchema(way, 'event')
    if (type !== undefined && typeOf(value) !== type) return undefined
    if (typeof value === 'number' && !Number.isInteger(value)) return undefined
    if (way[0] === 'sourceIPs' && way.length === 2 && isIP(String(value)) === 0) return undefined
    return children(value, (child, step) => {
      const at = [...way, step]
      return way.length > 0 || isKnown(at) ? fitting(child, at) : undefined
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

/** A document of the API, or the operations of a JSON patch. */
function body(value: Json): Json | undefined {
  if (Array.isArray(value))
    return (value as readonly Json[]).flatMap((one) => {
      const fitted = typeOf(one) === 'object' ? inBody(one, [null]) : undefined
      return fitted === undefined ? [] : [fitted]
    })
  return typeOf(value) === 'object' ? inBody(value, []) : undefined
}

function inBody(value: Json, way: Way): Json | undefined {
  const shape = shapeAt(way)
  if (!fits(value, shape)) return undefined
  return children(value, (child, step) => {
    const mayBeAnything = typeof shape === 'object' && 'values' in shape
    if (mayBeAnything) return child === null || typeof child === 'string' ? child : undefined
    return inBody(child, [...way, step])
  })
}

function fits(value: Json, shape: Shape | undefined): boolean {
  const type = typeOfShape(shape)
  if (type === 'number') return Number.isInteger(value)
  return type === undefined || typeOf(value) === type
}
