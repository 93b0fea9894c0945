import type { TrustPolicy } from '../bundle/trust.ts'
import type { Path } from '../residual/residual.ts'
import type { Alternative } from '../testing/conditions.ts'
import type { GuardrailSubject } from '../testing/engine.ts'
import { hygiene } from '../testing/hygiene.ts'
import type { GuardrailParity } from '../testing/parity-tally.ts'
import type { CaseResult } from '../testing/run.ts'
import type { LocatedDiagnostic } from '../text/diagnostic.ts'
import { ParapetError } from '../text/error.ts'
import { compileRegex, RegexError } from '../text/regex.ts'
import { checkGuardrails } from '../toolchain/guardrails.ts'
import { withStandardLibrary } from '../toolchain/standard.ts'
import type { RegoTestResult, TestReport } from '../toolchain/tests.ts'
import type { Toolchain } from '../toolchain/toolchain.ts'
import type { CaseChooser } from './ready-cases.ts'
import { openSuites, type Suite } from './suite.ts'
import { dataExceptions, policyExceptions, type TestedException } from './test-exceptions.ts'
import { type GuardrailMutation, mutateGuardrails } from './test-mutation.ts'
import { PolicyUnderTest } from './test-policy.ts'
import { compareRecordings, type Recordings } from './test-recordings.ts'
import { testRulesFile } from './test-rules.ts'

export interface TestRequest {
  /** Folders, .rego files or bundles. */
  readonly sources: readonly string[]
  /** Only Rego tests and cases whose name matches (RE2). */
  readonly run?: string | undefined
  /** Say how much of the Rego tests reach, and which conditions of guardrails cases decide. */
  readonly coverage: boolean
  /** Falco rules files, or folders of them; the folder `falco-rules` beside a policy by default. */
  readonly falco?: readonly string[] | undefined
  /** Files of data whose exceptions are looked at, besides those of the policies' own data. */
  readonly data?: readonly string[] | undefined
  readonly recordings?: Recordings | undefined
  /** Also mutate guardrails; called after each of them. */
  readonly onMutated?: ((done: number, total: number) => void) | undefined
  readonly cwd: string
  readonly trust?: TrustPolicy | undefined
}

/** What all tests came to. */
export interface TestAnswers {
  readonly tests: readonly RegoTestResult[]
  /** One for each policy, where asked for. */
  readonly coverage: readonly NonNullable<TestReport['coverage']>[]
  readonly cases: readonly TestedCase[]
  readonly parity: readonly GuardrailParity[]
  readonly exceptions: readonly TestedException[]
  /** Of the guardrails that have cases, or all of them where no cases were chosen; if asked for. */
  readonly mutations: readonly GuardrailMutation[]
  /** The ways in which guardrails find something, where coverage is asked for. */
  readonly alternatives: readonly Alternative[]
  /** What is missing around the tests. */
  readonly diagnostics: readonly LocatedDiagnostic[]
}

/** A case's result, and what of its events decided: all of them where that is undefined. */
export interface TestedCase {
  readonly result: CaseResult
  readonly reads: readonly Path[] | undefined
}

const NOTHING: TestAnswers = {
  tests: [],
  coverage: [],
  cases: [],
  parity: [],
  exceptions: [],
  mutations: [],
  alternatives: [],
  diagnostics: [],
}

/**
 * Runs Rego tests and cases, and asks every engine.
 * @throws ParapetError for whatever is wrong with the request, the policies or the case files
 */
export async function runTests(toolchain: Toolchain, request: TestRequest): Promise<TestAnswers> {
  return testSuites(toolchain, await openAllSuites(request), request)
}

/** Opens what there is to test in all sources. */
export async function openAllSuites({ sources, cwd, trust }: TestRequest): Promise<Suite[]> {
  const suites: Suite[] = []
  for (const source of sources) suites.push(...(await openSuites(source, cwd, trust)))
  return suites
}

/** Tests suites that were opened. */
export async function testSuites(
  toolchain: Toolchain,
  suites: readonly Suite[],
  request: TestRequest,
): Promise<TestAnswers> {
  const isChosen = chooser(request.run)
  const named = await dataExceptions(request.data ?? [], request.cwd)
  let answers = together(NOTHING, chosenExceptions(named, isChosen))
  for (const suite of suites) {
    answers = together(answers, await rulesCases(suite, request, isChosen))
    if (!suite.sources) continue
    const own = policyExceptions(suite.sources)
    answers = together(answers, chosenExceptions(own, isChosen))
    answers = together(answers, await regoTests(toolchain, suite.sources, request))
    answers = together(answers, await guardrailCases(toolchain, suite, request, isChosen))
  }
  return answers
}

export function together(a: TestAnswers, b: Partial<TestAnswers>): TestAnswers {
  return {
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

function chosenExceptions(
  exceptions: readonly TestedException[],
  isChosen: CaseChooser,
): Pick<TestAnswers, 'exceptions'> {
  return { exceptions: exceptions.filter(({ name }) => isChosen(name)) }
}

async function rulesCases(
  { caseFiles }: Suite,
  { cwd }: TestRequest,
  isChosen: CaseChooser,
): Promise<Partial<TestAnswers>> {
  const cases: TestedCase[] = []
  for (const file of caseFiles) {
    if (file.rules === undefined) continue
    const results = await testRulesFile(file, file.rules, cwd, isChosen)
    cases.push(...results.map((result) => ({ result, reads: undefined })))
  }
  return { cases }
}

async function regoTests(
  toolchain: Toolchain,
  sources: NonNullable<Suite['sources']>,
  { run, coverage: isCovered }: TestRequest,
): Promise<Partial<TestAnswers>> {
  // The generated union belongs to guardrails; other Rego is tested as it stands.
  const checked = await checkGuardrails(toolchain, sources)
  const tested = checked.guardrails.length > 0 ? checked.policy : await withStandardLibrary(sources)
  const hasTests = tested.modules.some(({ text }) => /\btest_/.test(text))
  if (!hasTests && !isCovered) return {}
  const options = { ...(run === undefined ? {} : { run }), coverage: isCovered }
  const { tests, coverage } = await toolchain.test(tested, options)
  return { tests, coverage: coverage ? [coverage] : [] }
}

async function guardrailCases(
  toolchain: Toolchain,
  { sources, caseFiles, falco }: Suite,
  request: TestRequest,
  isChosen: CaseChooser,
): Promise<Partial<TestAnswers>> {
  const files = caseFiles.filter(({ rules }) => rules === undefined)
  if (files.length === 0 && !request.recordings) return {}
  const rules = request.falco ?? (falco === undefined ? [] : [falco])
  const policy = await PolicyUnderTest.open(toolchain, sources!, rules, request.cwd)
  const results = await policy.cases(files, request.cwd, isChosen)
  await policy.compareCases(results)
  const isWhole = request.run === undefined && files.length > 0
  if (isWhole) await policy.compareFalcoAcross(results)
  const unread = request.recordings ? await compareRecordings(policy, request.recordings) : []
  const { guardrails } = policy.compiled
  return {
    cases: results.map((result) => ({
      result,
      reads: policy.conditions.reads(result.subject.guardrail),
    })),
    parity: policy.tally.results(),
    mutations: await mutationsOf(toolchain, policy, results, request),
    alternatives: request.coverage ? alternativesOf(policy, results) : [],
    diagnostics: [...(isWhole ? hygiene(guardrails, results) : []), ...unread],
  }
}

function alternativesOf(
  { compiled: { guardrails }, conditions }: PolicyUnderTest,
  results: readonly CaseResult<GuardrailSubject>[],
): Alternative[] {
  return guardrails.flatMap((guardrail) => {
    const own = results.filter(({ subject }) => subject.guardrail === guardrail)
    return conditions.alternatives(guardrail, own)
  })
}

async function mutationsOf(
  toolchain: Toolchain,
  { compiled }: PolicyUnderTest,
  results: readonly CaseResult<GuardrailSubject>[],
  { run, onMutated }: TestRequest,
): Promise<GuardrailMutation[]> {
  if (!onMutated) return []
  const judged = new Set(results.map(({ subject }) => subject.guardrail))
  const guardrails = run === undefined ? compiled.guardrails : [...judged]
  return mutateGuardrails(toolchain, compiled, guardrails, results, onMutated)
}

function chooser(run: string | undefined): CaseChooser {
  if (run === undefined) return () => true
  try {
    const pattern = compileRegex(run)
    return (name) => pattern.test(name)
  } catch (cause) {
    if (!(cause instanceof RegexError)) throw cause
    const { message: help } = cause
    throw new ParapetError('USAGE', `\`--run ${run}\` is no regular expression`, { help, cause })
  }
}
