import { exit, type ExitCode } from '../exit.ts'
import type { TestAnswers } from '../io/testing/answers.ts'
import type { TestRequest } from '../io/testing/request.ts'
import { count, type TestRun } from '../report/tests/outcome.ts'
import { testReports } from '../report/tests/report.ts'
import { ParapetError } from '../text/error.ts'
import { version } from '../version.ts'
import { reportFailure } from './failure.ts'
import { type Io, paintFor, write } from './io.ts'
import type { TestFlags } from './test.ts'
import { mutationDiagnostics, mutationTotals, scoreOutcome } from './test-mutation.ts'
import { testRun } from './test-outcomes.ts'
import { strictly } from './test-strict.ts'

/** Formats in which an error is a document. */
const STRUCTURED: ReadonlySet<string> = new Set(['json', 'junit', 'sarif'])

/** Writes what tests came to, in the form that was asked for. */
export async function reportTests(
  answers: TestAnswers,
  seconds: number,
  { sources, run: pattern, recordings }: TestRequest,
  flags: TestFlags,
  io: Io,
): Promise<ExitCode> {
  const run = testRun(answers, seconds)
  if (run.outcomes.length === 0) throw noTests(sources.join(' '), pattern)
  if (recordings && !answers.recordings) throw nothingCompared(sources.join(' '))
  const whole = withRecordings(withMutants(strictly(run, flags), answers, flags), answers)
  const paint = paintFor(io, io.stdout)
  await write(io.stdout, testReports[flags.format]!(whole, { paint, version }))
  if (answers.recordings && answers.recordings.diagnostics.length > 0) return exit.unanswered
  return count(whole.outcomes, 'fail', 'error') > 0 ? exit.bad : exit.ok
}

/** Says why there is no answer. */
export function reportTestFailure(
  error: unknown,
  { format }: TestFlags,
  io: Io,
): Promise<ExitCode> {
  return reportFailure(io, error, STRUCTURED.has(format))
}

export function isMutating({ mutate, mutationScore }: TestFlags): boolean {
  return mutate === true || mutationScore !== undefined
}

/** With what is said of mutants, and whether enough of them were noticed. */
function withMutants(run: TestRun, { mutations }: TestAnswers, flags: TestFlags): TestRun {
  if (!isMutating(flags)) return run
  const mutation = mutationTotals(mutations)
  if (mutation.mutants === 0) throw noMutants()
  const { mutationScore: floor } = flags
  return {
    ...run,
    outcomes: floor === undefined ? run.outcomes : [...run.outcomes, scoreOutcome(mutation, floor)],
    mutation,
    diagnostics: [...run.diagnostics, ...mutations.flatMap(mutationDiagnostics)],
  }
}

/** With how much of logs was compared, and why the rest was not. */
function withRecordings(run: TestRun, { recordings }: TestAnswers): TestRun {
  if (!recordings) return run
  const { events, unread, diagnostics } = recordings
  return {
    ...run,
    recordings: { events, unread },
    diagnostics: [...run.diagnostics, ...diagnostics],
  }
}

function noMutants(): ParapetError {
  return new ParapetError('MUTANTS_NONE', 'there is no guardrail to mutate', {
    help: 'name a folder that has guardrails, and with --run cases of them',
  })
}

function nothingCompared(policy: string): ParapetError {
  return new ParapetError(
    'GUARDRAILS_NONE',
    `\`${policy}\` has no guardrail to compare on recordings`,
    {
      help: 'name the folder of the guardrails; Falco rules are compared with them',
    },
  )
}

function noTests(policy: string, run: string | undefined): ParapetError {
  const what = run === undefined ? 'no test' : `no test that matches \`${run}\``
  return new ParapetError('TESTS_NONE', `\`${policy}\` has ${what}`, {
    file: policy,
    help: 'a test is a rule whose name begins with `test_`, in a file NAME_test.rego, or a case in NAME.cases.yaml',
  })
}
