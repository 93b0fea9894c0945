import { exit, type ExitCode } from '../exit.ts'
import { openInputs } from '../io/inputs.ts'
import { sizeOf } from '../io/read-events.ts'
import { runTests, type TestAnswers, type TestRequest } from '../io/test.ts'
import { updateCases } from '../io/update-cases.ts'
import type { TestRun } from '../report/tests/outcome.ts'
import { testReports } from '../report/tests/report.ts'
import { countText } from '../report/words.ts'
import { ParapetError } from '../text/error.ts'
import { Toolchain } from '../toolchain/toolchain.ts'
import { version } from '../version.ts'
import { reportFailure } from './failure.ts'
import { type Io, paintFor, write } from './io.ts'
import { startCount, startProgress } from './progress.ts'
import type { TestFlags } from './test.ts'
import { lowScore, mutationDiagnostics, mutationTotals } from './test-mutation.ts'
import { testRun } from './test-outcomes.ts'
import { trustOf } from './trust-options.ts'

/** Formats in which an error is a document. */
const STRUCTURED: ReadonlySet<string> = new Set(['json', 'junit', 'sarif'])

/** Carries out `parapet test`. */
export async function runTest(
  sources: readonly string[],
  flags: TestFlags,
  io: Io,
): Promise<ExitCode> {
  const started = performance.now()
  const toolchain = Toolchain.open()
  try {
    const answers = await answersTo(toolchain, sources, flags, io)
    const run = testRun(answers, (performance.now() - started) / 1000)
    if (run.outcomes.length === 0) throw noTests(sources.join(' ') || '.', flags.run)
    const { mutation, isTooLow } = mutationOf(answers, flags)
    const whole = mutation ? { ...run, ...mutation } : run
    const paint = paintFor(io, io.stdout)
    await write(io.stdout, testReports[flags.format]!(whole, { paint, version }))
    return isTooLow ? exit.bad : exitCode(run, flags)
  } catch (error) {
    return reportFailure(io, error, STRUCTURED.has(flags.format))
  } finally {
    await toolchain.close()
  }
}

async function answersTo(
  toolchain: Toolchain,
  sources: readonly string[],
  flags: TestFlags,
  io: Io,
): Promise<TestAnswers> {
  const { inputs } = await openInputs(flags.recordings, io)
  const read = await startProgress(io, sizeOf(inputs), inputs.length === 0)
  const mutated = isMutating(flags) ? await startCount(io, 'guardrails mutated') : undefined
  try {
    const request: TestRequest = {
      sources: sources.length > 0 ? sources : ['.'],
      run: flags.run,
      coverage: flags.coverage === true,
      falco: flags.falco,
      data: flags.data,
      recordings: inputs,
      onProgress: read.update,
      onMutated: mutated?.update,
      cwd: io.cwd,
      trust: await trustOf(flags, io),
    }
    const answers = await runTests(toolchain, request)
    if (flags.update !== true || !(await update(answers, io))) return answers
    // The logs were compared already.
    return await runTests(toolchain, { ...request, recordings: [] })
  } finally {
    read.stop()
    mutated?.stop()
  }
}

/** Writes what was found into the cases that failed; false where none did. */
async function update({ cases }: TestAnswers, io: Io): Promise<boolean> {
  const results = cases.map(({ result }) => result)
  const updated = await updateCases(results, io.cwd)
  for (const [file, count] of updated) {
    await write(io.stderr, `${file}: ${countText(count, 'case')} updated\n`)
  }
  return updated.size > 0
}

function isMutating({ mutate, mutationScore }: TestFlags): boolean {
  return mutate === true || mutationScore !== undefined
}

/** What is said of mutants, and whether too few of them were noticed. */
function mutationOf(
  { mutations, diagnostics }: TestAnswers,
  flags: TestFlags,
): { mutation?: Pick<TestRun, 'mutation' | 'diagnostics'>; isTooLow: boolean } {
  if (!isMutating(flags)) return { isTooLow: false }
  const mutation = mutationTotals(mutations)
  const isTooLow = mutation.score < (flags.mutationScore ?? 0)
  const said = [
    ...diagnostics,
    ...mutations.flatMap(mutationDiagnostics),
    ...(isTooLow ? [lowScore(mutation.score, flags.mutationScore!)] : []),
  ]
  return { mutation: { mutation, diagnostics: said }, isTooLow }
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
