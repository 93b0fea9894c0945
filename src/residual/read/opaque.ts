import { RESIDUAL_TEXT_MAX } from '../../text/limits.ts'
import type { Opaque, Path, Residual } from '../residual.ts'
import type { Run } from './run.ts'
import type { Value } from './value.ts'

/** Something about values that is not understood. */
export function opaque(run: Run, text: string, ...values: readonly Value[]): Residual {
  return [
    [
      opaqueLiteral(
        values.flatMap((value) => run.readsOf(value)),
        text,
      ),
    ],
  ]
}

export function opaqueLiteral(reads: readonly Path[], text: string): Opaque {
  const shown = text.length > RESIDUAL_TEXT_MAX ? `${text.slice(0, RESIDUAL_TEXT_MAX)}…` : text
  return { kind: 'opaque', reads: distinct(reads), text: shown }
}

/** Each path once, without those that stand below another one; in an order of their own. */
export function distinct(paths: readonly Path[]): readonly Path[] {
  const byText = new Map(paths.map((path) => [JSON.stringify([path.from, ...path.steps]), path]))
  const sorted = [...byText].sort(([a], [b]) => (a < b ? -1 : 1))
  const covers = (a: Path, b: Path): boolean =>
    JSON.stringify(a.from) === JSON.stringify(b.from) &&
    a.steps.length < b.steps.length &&
    a.steps.every((step, i) => step === b.steps[i])
  const kept = sorted.filter(([, path]) => !paths.some((other) => covers(other, path)))
  return kept.map(([, path]) => path)
}
