import type { Residual } from '../residual.ts'
import { startBranch } from './branch.ts'
import { close } from './close.ts'
import { either, opposite } from './logic.ts'
import type { Run } from './run.ts'
import type { Value } from './value.ts'

/** A collection has an element. */
export function isFilled(run: Run, value: Value): Residual {
  return either(run.iterate(value, startBranch()).map(({ branch }) => close(branch)))
}

/** A collection has no element. */
export function isEmpty(run: Run, value: Value): Residual {
  return opposite(isFilled(run, value))
}
