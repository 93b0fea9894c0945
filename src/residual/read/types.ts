import { NEVER, type Residual, type TypeName } from '../residual.ts'
import { either, literal, truth } from './logic.ts'
import { opaque } from './opaque.ts'
import type { Run } from './run.ts'
import { typeOfValue, type Value } from './value.ts'
import { valueText } from './words.ts'

/** `array` may stand for a set too where a builtin takes either. */
export type Wanted = TypeName | 'set'

/** A value is of one of these types. */
export function ofType(run: Run, value: Value, types: readonly Wanted[]): Residual {
  const type = typeOfValue(value)
  if (type) return truth(types.includes(type))
  if (value.kind !== 'path') return opaque(run, `the type of ${valueText(run, value)}`, value)
  return types.reduce<Residual>(
    (residual, name) =>
      // Neither documents nor events have sets.
      name === 'set'
        ? residual
        : either(
            residual,
            literal({ kind: 'atom', path: value.path, operator: 'type', type: name }),
          ),
    NEVER,
  )
}
