import type { Path } from '../../residual/residual.ts'
import type { Alternative } from '../../testing/conditions.ts'
import type { GuardrailParity } from '../../testing/parity-tally.ts'
import type { CaseResult } from '../../testing/run.ts'
import type { LocatedDiagnostic } from '../../text/diagnostic.ts'
import type { Coverage, RegoTestResult } from '../../toolchain/tests.ts'
import type { RecordingsCompared } from './compare-recordings.ts'
import type { TestedException } from './exceptions.ts'
import type { GuardrailMutation } from './mutation.ts'

/** What all tests came to. */
export interface TestAnswers {
  readonly tests: readonly RegoTestResult[]
  /** One for each policy, where asked for. */
  readonly coverage: readonly Coverage[]
  readonly cases: readonly TestedCase[]
  readonly parity: readonly GuardrailParity[]
  readonly exceptions: readonly TestedException[]
  /** Of the guardrails that have cases, or all of them where no cases were chosen; if asked for. */
  readonly mutations: readonly GuardrailMutation[]
  /** The ways in which guardrails find something, where coverage is asked for. */
  readonly alternatives: readonly Alternative[]
  /** Undefined where no logs were given. */
  readonly recordings?: RecordingsCompared | undefined
  /** What is missing around the tests. */
  readonly diagnostics: readonly LocatedDiagnostic[]
}

/** A case's result, and what of its events decided: all of them where that is undefined. */
export interface TestedCase {
  readonly result: CaseResult
  readonly reads: readonly Path[] | undefined
}

export const NOTHING: TestAnswers = {
  tests: [],
  coverage: [],
  cases: [],
  parity: [],
  exceptions: [],
  mutations: [],
  alternatives: [],
  diagnostics: [],
}

/** The answers of two runs as those of one. */
export function together(a: TestAnswers, b: Partial<TestAnswers>): TestAnswers {
  return {
    recordings: added(a.recordings, b.recordings),
    tests: [...a.tests, ...(b.tests ?? [])],
    coverage: [...a.coverage, ...(b.coverage ?? [])],
    cases: [...a.cases, ...(b.cases ?? [])],
    parity: [...a.parity, ...(b.parity ?? [])],
    exceptions: [...a.exceptions, ...(b.exceptions ?? [])],
    mutations: [...a.mutations, ...(b.mutations ?? [])],
    alternatives: [...a.alternatives, ...(b.alternatives ?? [])],
    diagnostics: [...a.diagnostics, ...(b.diagnostics ?? [])],
  }
}

function added(
  a: RecordingsCompared | undefined,
  b: RecordingsCompared | undefined,
): RecordingsCompared | undefined {
  if (!a || !b) return a ?? b
  return {
    events: a.events + b.events,
    unread: a.unread + b.unread,
    diagnostics: [...a.diagnostics, ...b.diagnostics],
  }
}
