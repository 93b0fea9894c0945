import type { Evaluator } from '../../engine/evaluator.ts'
import { compileFilter, type FilterOptions } from '../../engine/filter.ts'
import type { Priority } from '../../engine/finding.ts'
import type { MatchRules } from '../../engine/matcher.ts'
import { compileSelection } from '../../engine/select.ts'
import { type EvaluatorSource, makeEvaluator } from '../policy/evaluators.ts'

/** What a scan looks for, as values: threads make of it what they need, each for itself. */
export interface Wanted {
  readonly sources: readonly EvaluatorSource[]
  readonly filter: FilterOptions
  /** Guardrail ids, rule names or tags. */
  readonly only: readonly string[]
  readonly skip: readonly string[]
  readonly minPriority: Priority | undefined
  readonly redact: boolean
  readonly index: boolean | undefined
}

/**
 * Makes what a scan needs in this thread.
 *
 * @param onNotice receives what a user should know and what is no error
 * @throws ParapetError for whatever is wrong with it
 */
export async function prepare(
  wanted: Wanted,
  onNotice?: (text: string) => void,
): Promise<{ readonly evaluators: readonly Evaluator[]; readonly rules: MatchRules }> {
  const { sources, only, skip, minPriority, redact, index } = wanted
  const filter = compileFilter(wanted.filter)
  const evaluators: Evaluator[] = []
  for (const source of sources) evaluators.push(await makeEvaluator(source, onNotice))
  const select = compileSelection(only, skip, evaluators)
  return { evaluators, rules: { filter, select, minPriority, redact, index } }
}
