import { exit, type ExitCode } from '../exit.ts'
import { runTests, type TestAnswers } from '../io/test.ts'
import type { TestOutcome, TestRun } from '../report/tests/outcome.ts'
import { testReports } from '../report/tests/report.ts'
import type { Path } from '../residual/residual.ts'
import type { CaseResult } from '../testing/run.ts'
import { ParapetError } from '../text/error.ts'
import { Toolchain } from '../toolchain/toolchain.ts'
import { version } from '../version.ts'
import { reportFailure } from './failure.ts'
import { type Io, paintFor, write } from './io.ts'
import { startCount } from './progress.ts'
import type { TestFlags } from './test.ts'
import { lowScore, mutationDiagnostics, mutationTotals } from './test-mutation.ts'
import { caseOutcome, parityOutcome, regoOutcome } from './test-outcomes.ts'
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
    const outcomes = outcomesOf(answers)
    if (outcomes.length === 0) throw noTests(sources.join(' ') || '.', flags.run)
    const mutation = isMutating(flags) ? mutationTotals(answers.mutations) : undefined
    const isTooLow = mutation !== undefined && mutation.score < (flags.mutationScore ?? 0)
    const run: TestRun = {
      outcomes,
      ...(answers.coverage ? { coverage: answers.coverage } : {}),
      ...(mutation ? { mutation } : {}),
      diagnostics: [
        ...answers.mutations.flatMap(mutationDiagnostics),
        ...(isTooLow ? [lowScore(mutation.score, flags.mutationScore!)] : []),
      ],
      seconds: (performance.now() - started) / 1000,
    }
    const paint = paintFor(io, io.stdout)
    await write(io.stdout, testReports[flags.format]!(run, { paint, version }))
    const statuses = new Set(outcomes.map(({ status }) => status))
    const bad = statuses.has('fail') || statuses.has('error') || isTooLow
    return bad || (flags.failOnSkipped === true && statuses.has('skip')) ? exit.bad : exit.ok
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
  const progress = isMutating(flags) ? await startCount(io, 'guardrails mutated') : undefined
  try {
    return await runTests(toolchain, {
      sources: sources.length > 0 ? sources : ['.'],
      ...(flags.run === undefined ? {} : { run: flags.run }),
      coverage: flags.coverage === true,
      ...(flags.falco ? { falco: flags.falco } : {}),
      ...(progress ? { onMutated: progress.update } : {}),
      cwd: io.cwd,
      trust: await trustOf(flags, io),
    })
  } finally {
    progress?.stop()
  }
}

function isMutating({ mutate, mutationScore }: TestFlags): boolean {
  return mutate === true || mutationScore !== undefined
}

function outcomesOf({ tests, cases, parity, explainers }: TestAnswers): TestOutcome[] {
  const readsOf = ({ subject }: CaseResult): readonly Path[] | undefined => {
    if (subject.kind === 'rules') return undefined
    return explainers.flatMap((one) => one.reads(subject.guardrail) ?? [])
  }
  return [
    ...tests.map(regoOutcome),
    ...cases.map((result) => caseOutcome(result, readsOf(result))),
    ...parity.map(parityOutcome),
  ]
}

function noTests(policy: string, run: string | undefined): ParapetError {
  const what = run === undefined ? 'no test' : `no test that matches \`${run}\``
  return new ParapetError('TESTS_NONE', `\`${policy}\` has ${what}`, {
    file: policy,
    help: 'a test is a rule whose name begins with `test_`, in a file NAME_test.rego, or a case in NAME.cases.yaml',
  })
}
