import * as fc from 'fast-check'
import type { Json, Residual } from '../../src/residual/residual.ts'
import { boundaryEvent } from './boundary.ts'

/** Lines of events near the boundaries of residuals, begun with nothing or with a recorded event. */
export function boundaryEvents(
  residuals: readonly Residual[],
  bases: readonly Json[],
  count: number,
): fc.Arbitrary<string[]> {
  const base = fc.oneof(
    fc.constant<Json>({}),
    fc.constant<Json>({ stage: 'ResponseComplete', user: { username: 'alice' }, verb: 'create' }),
    fc.constantFrom(...bases),
  )
  const line = fc
    .tuple(
      fc.constantFrom(...residuals),
      base,
      fc.array(fc.nat({ max: 999 }), { minLength: 120, maxLength: 120 }),
    )
    .map(([residual, start, numbers]) => {
      let at = 0
      return JSON.stringify(
        boundaryEvent(residual, start, (choices) => numbers[at++ % numbers.length]! % choices),
      )
    })
  return fc.array(line, { minLength: count, maxLength: count })
}
