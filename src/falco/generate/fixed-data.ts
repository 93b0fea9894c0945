/** Data that stands in a rule as it is, because no list can stand for it. */
import { bindData } from '../../residual/bind.ts'
import { pathsRead } from '../../residual/reads.ts'
import { type Json, type Literal, pathText, type Residual } from '../../residual/residual.ts'
import { shorten } from '../../residual/typed.ts'
import { elementsOf, valueAt } from '../../residual/value.ts'

export interface FixedData {
  /** `data.org.networks` */
  readonly path: string
  /** Why it may be that there is nothing to find: no value is there, or nothing is in it. */
  readonly lack?: 'absent' | 'empty'
}

/** A literal with the data put in, and which data that was; undefined where it reads none. */
export function withData(
  literal: Literal,
  data: Json,
): { readonly residual: Residual; readonly fixed: readonly FixedData[] } | undefined {
  const paths = pathsRead([[literal]]).filter(({ from }) => from === 'data')
  if (paths.length === 0) return undefined
  const fixed = paths.map((path) => {
    const lack = lackOf(valueAt(data, path.steps))
    return { path: pathText(path), ...(lack ? { lack } : {}) }
  })
  return { residual: shorten(bindData([[literal]], data)), fixed }
}

function lackOf(value: Json | undefined): FixedData['lack'] {
  if (value === undefined) return 'absent'
  const isEmpty = typeof value === 'object' && value !== null && elementsOf(value).length === 0
  return isEmpty ? 'empty' : undefined
}
