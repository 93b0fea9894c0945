/** Data that stands in a rule as it is, because no list can stand for it. */
import { bindData } from '../../residual/bind.ts'
import { pathsRead } from '../../residual/reads.ts'
import { type Json, type Literal, pathText, type Residual } from '../../residual/residual.ts'
import { shorten } from '../../residual/typed.ts'
import { elementsOf, valueAt } from '../../residual/value.ts'

export interface FixedData {
  /** `data.org.networks` */
  readonly path: string
  /** It is there, and nothing is in it. */
  readonly isEmpty: boolean
}

/** A literal with the data put in, and which data that was; undefined where it reads none. */
export function withData(
  literal: Literal,
  data: Json,
): { readonly residual: Residual; readonly fixed: readonly FixedData[] } | undefined {
  const paths = pathsRead([[literal]]).filter(({ from }) => from === 'data')
  if (paths.length === 0) return undefined
  const fixed = paths.map((path) => {
    const value = valueAt(data, path.steps)
    const isEmpty = typeof value === 'object' && elementsOf(value).length === 0
    return { path: pathText(path), isEmpty }
  })
  return { residual: shorten(bindData([[literal]], data)), fixed }
}
