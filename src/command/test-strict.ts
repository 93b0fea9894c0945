import { reasonOf, type TestOutcome, type TestRun } from '../report/tests/outcome.ts'
import type { LocatedDiagnostic } from '../text/diagnostic.ts'
import type { TestFlags } from './test.ts'

/** A run in which what `--fail-on-skipped` and `--fail-on-missing` do not allow has failed. */
export function strictly(
  run: TestRun,
  { failOnSkipped, failOnMissing }: Pick<TestFlags, 'failOnSkipped' | 'failOnMissing'>,
): TestRun {
  const outcomes = failOnSkipped ? run.outcomes.map(skippedAsFailed) : run.outcomes
  if (!failOnMissing) return { ...run, outcomes }
  const missing = run.diagnostics.map(missingOutcome)
  return { ...run, outcomes: [...outcomes, ...missing], diagnostics: [] }
}

function skippedAsFailed(outcome: TestOutcome): TestOutcome {
  if (outcome.status !== 'skip') return outcome
  const reason = `${reasonOf(outcome)}, which --fail-on-skipped does not allow`
  return { ...outcome, status: 'fail', reason }
}

/** What a guardrail lacks, as something that failed. */
function missingOutcome(diagnostic: LocatedDiagnostic): TestOutcome {
  const { code, message, help, file = '', line = 1 } = diagnostic
  return {
    kind: 'missing',
    group: file,
    name: message,
    file,
    line,
    status: 'fail',
    ...(help === undefined ? {} : { reason: help }),
    details: [],
    facts: { code },
  }
}
