import type { TrustPolicy } from '../bundle/trust.ts'
import type { GuardrailMetadata } from '../rego/metadata.ts'
import type { Explained, Explainer } from '../testing/disagreement.ts'
import type { CaseResult } from '../testing/run.ts'
import { compileRegex, RegexError } from '../text/regex.ts'
import { ParapetError } from '../text/error.ts'
import { checkGuardrails } from '../toolchain/guardrails.ts'
import { withStandardLibrary } from '../toolchain/standard.ts'
import type { RegoTestResult, TestReport } from '../toolchain/tests.ts'
import type { Toolchain } from '../toolchain/toolchain.ts'
import type { CaseChooser } from './ready-cases.ts'
import { openSuites, type Suite } from './suite.ts'
import { type GuardrailMutation, mutateGuardrails } from './test-mutation.ts'
import { judgedCases, PolicyUnderTest } from './test-policy.ts'
import { testRulesFile } from './test-rules.ts'

export interface TestRequest {
  /** Folders, .rego files or bundles. */
  readonly sources: readonly string[]
  /** Only Rego tests whose name matches (RE2), and cases whose file or note does. */
  readonly run?: string
  readonly coverage: boolean
  /** Falco rules files, or folders of them; the folder `falco-rules` beside a policy by default. */
  readonly falco?: readonly string[]
  /** Also mutate guardrails; called after each of them. */
  readonly onMutated?: (done: number, total: number) => void
  readonly cwd: string
  readonly trust?: TrustPolicy | undefined
}

/** What all tests came to. */
export interface TestAnswers {
  readonly tests: readonly RegoTestResult[]
  readonly coverage?: TestReport['coverage']
  readonly cases: readonly CaseResult[]
  readonly parity: readonly GuardrailParity[]
  /** Of the guardrails that have cases, or all of them where no cases were chosen; if asked for. */
  readonly mutations: readonly GuardrailMutation[]
  /** Says what decided, for guardrails of any of the policies. */
  readonly explainers: readonly Explainer[]
}

/** Whether all engines agree about a guardrail. */
export interface GuardrailParity {
  readonly guardrail: GuardrailMetadata
  readonly disagreements: readonly Explained[]
}

/**
 * Runs Rego tests and cases, and asks every engine.
 * @throws ParapetError for whatever is wrong with the request, the policies or the case files
 */
export async function runTests(toolchain: Toolchain, request: TestRequest): Promise<TestAnswers> {
  const isChosen = chooser(request.run)
  const tests: RegoTestResult[] = []
  const cases: CaseResult[] = []
  const parity: GuardrailParity[] = []
  const mutations: GuardrailMutation[] = []
  const explainers: Explainer[] = []
  let coverage: TestReport['coverage']
  for (const source of request.sources) {
    for (const suite of await openSuites(source, request.cwd, request.trust)) {
      for (const file of suite.caseFiles) {
        if (file.rules)
          cases.push(...(await testRulesFile(file, file.rules, request.cwd, isChosen)))
      }
      if (!suite.sources) continue
      const report = await regoTests(toolchain, suite.sources, request)
      tests.push(...report.tests)
      coverage ??= report.coverage
      const own = suite.caseFiles.filter(({ rules }) => !rules)
      if (own.length === 0) continue
      const policy = await open(toolchain, suite.sources, suite, request)
      const results = await policy.cases(own, request.cwd, isChosen)
      cases.push(...results)
      parity.push(...(await policyParity(policy, results)))
      explainers.push(policy.explainer)
      mutations.push(...(await policyMutations(toolchain, policy, results, request)))
    }
  }
  return { tests, cases, parity, mutations, explainers, ...(coverage ? { coverage } : {}) }
}

async function regoTests(
  toolchain: Toolchain,
  sources: NonNullable<Suite['sources']>,
  { run, coverage }: TestRequest,
): Promise<TestReport> {
  // The generated union belongs to guardrails; other Rego is tested as it stands.
  const checked = await checkGuardrails(toolchain, sources)
  const tested = checked.guardrails.length > 0 ? checked.policy : await withStandardLibrary(sources)
  const hasTests = tested.modules.some(({ text }) => /\btest_/.test(text))
  if (!hasTests && !coverage) return { tests: [] }
  return toolchain.test(tested, { ...(run === undefined ? {} : { run }), coverage })
}

function open(
  toolchain: Toolchain,
  sources: NonNullable<Suite['sources']>,
  { falco }: Suite,
  request: TestRequest,
): Promise<PolicyUnderTest> {
  const rules = request.falco ?? (falco === undefined ? [] : [falco])
  return PolicyUnderTest.open(toolchain, sources, rules, request.cwd)
}

async function policyParity(
  policy: PolicyUnderTest,
  results: Awaited<ReturnType<PolicyUnderTest['cases']>>,
): Promise<GuardrailParity[]> {
  const { disagreements } = await policy.parity(judgedCases(results))
  const judged = new Set(results.map(({ subject }) => subject.guardrail))
  return [...judged].map((guardrail) => ({
    guardrail,
    disagreements: disagreements.filter((one) => one.guardrail === guardrail),
  }))
}

async function policyMutations(
  toolchain: Toolchain,
  { compiled }: PolicyUnderTest,
  results: Awaited<ReturnType<PolicyUnderTest['cases']>>,
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
