import type { EvaluatorSource } from '../../src/io/evaluators.ts'
import type { Wanted } from '../../src/io/wanted.ts'

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
