import { exit, type ExitCode } from '../exit.ts'
import type { TestAnswers } from '../io/testing/answers.ts'
import type { TestRequest } from '../io/testing/request.ts'
import type { TestRun } from '../report/tests/outcome.ts'
import { testReports } from '../report/tests/report.ts'
import { ParapetError } from '../text/error.ts'
import { version } from '../version.ts'
import { reportFailure } from './failure.ts'
import { type Io, paintFor, write } from './io.ts'
import type { TestFlags } from './test.ts'
import { lowScore, mutationDiagnostics, mutationTotals } from './test-mutation.ts'
import { testRun } from './test-outcomes.ts'

/** Formats in which an error is a document. */
const STRUCTURED: ReadonlySet<string> = new Set(['json', 'junit', 'sarif'])

/** Writes what tests came to, in the form that was asked for. */
export async function reportTests(
  answers: TestAnswers,
  seconds: number,
  { sources, run: pattern }: TestRequest,
  flags: TestFlags,
  io: Io,
): Promise<ExitCode> {
  const run = testRun(answers, seconds)
  if (run.outcomes.length === 0) throw noTests(sources.join(' '), pattern)
  const { mutation, isTooLow } = mutationOf(answers, flags)
  const whole = mutation ? { ...run, ...mutation } : run
  const paint = paintFor(io, io.stdout)
  await write(io.stdout, testReports[flags.format]!(whole, { paint, version }))
  return isTooLow ? exit.bad : exitCode(run, flags)
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

/** What is said of mutants, and whether too few of them were noticed. */
function mutationOf(
  { mutations, diagnostics }: TestAnswers,
  flags: TestFlags,
): { mutation?: Pick<TestRun, 'mutation' | 'diagnostics'>; isTooLow: boolean } {
  if (!isMutating(flags)) return { isTooLow: false }
  const mutation = mutationTotals(mutations)
  if (mutation.mutants === 0) throw noMutants()
  const isTooLow = mutation.score < (flags.mutationScore ?? 0)
  const said = [
    ...diagnostics,
    ...mutations.flatMap(mutationDiagnostics),
    ...(isTooLow ? [lowScore(mutation.score, flags.mutationScore!)] : []),
  ]
  return { mutation: { mutation, diagnostics: said }, isTooLow }
}

function noMutants(): ParapetError {
  return new ParapetError('MUTANTS_NONE', 'there is no guardrail to mutate', {
    help: 'name a folder that has guardrails, and with --run cases of them',
  })
}

function exitCode({ outcomes }: TestRun, { failOnSkipped }: TestFlags): ExitCode {
  const statuses = new Set(outcomes.map(({ status }) => status))
  const isBad = statuses.has('fail') || statuses.has('error')
  return isBad || (failOnSkipped === true && statuses.has('skip')) ? exit.bad : exit.ok
}

function noTests(policy: string, run: string | undefined): ParapetError {
  const what = run === undefined ? 'no test' : `no test that matches \`${run}\``
  return new ParapetError('TESTS_NONE', `\`${policy}\` has ${what}`, {
    file: policy,
    help: 'a test is a rule whose name begins with `test_`, in a file NAME_test.rego, or a case in NAME.cases.yaml',
  })
}
