import { typeOf } from '../../residual/atom.ts'
import type { Json } from '../../residual/residual.ts'
import { schemaTypes, type TypeOf } from '../../residual/typed.ts'
import { valueAt } from '../../residual/value.ts'
import { shapeAt, typeOfShape, type Way } from './bodies.ts'

const BODIES: readonly unknown[] = ['requestObject', 'responseObject']

/**
 * The types that generated rules take for granted: those of the schema of audit events, those that
 * Kubernetes gives to what stands in bodies, and those of the data that a policy comes with, which
 * other data has too.
 */
export function assumedTypes(schema: Json, data: Json): TypeOf {
  const ofSchema = schemaTypes(schema)
  return (way, from) => {
    if (from === 'data') return typeInData(data, way)
    if (way.length > 1 && BODIES.includes(way[0])) return typeOfShape(shapeAt(way.slice(1)))
    return ofSchema(way, from)
  }
}

function typeInData(data: Json, way: Way): ReturnType<TypeOf> {
  if (way.includes(null)) return undefined
  const value = valueAt(data, way as readonly (string | number)[])
  return value === undefined ? undefined : typeOf(value)
}
