import type { EvaluatorSource } from '../../src/io/policy/evaluators.ts'
import type { Wanted } from '../../src/io/scan/wanted.ts'

/** All that these find. */
export function everythingOf(sources: readonly EvaluatorSource[]): Wanted {
  return {
    sources,
    filter: {},
    only: [],
    skip: [],
    minPriority: undefined,
    redact: true,
    index: undefined,
  }
}
