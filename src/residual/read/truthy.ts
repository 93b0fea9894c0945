import { type Residual, test } from '../residual.ts'
import { literal, truth } from './logic.ts'
import { opaque } from './opaque.ts'
import type { Run } from './run.ts'
import { typeOfValue, type Value } from './value.ts'
import { valueText } from './words.ts'

/** A value that is there is not `false`. */
export function truthy(run: Run, value: Value): Residual {
  if (value.kind === 'constant') return truth(value.value !== false)
  if (value.kind === 'path') return literal(test(value.path, 'truthy'))
  const type = typeOfValue(value)
  if (type && type !== 'boolean') return truth(true)
  return opaque(run, valueText(run, value), value)
}
