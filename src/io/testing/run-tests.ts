import { ParapetError } from '../../text/error.ts'
import { compileRegex, RegexError } from '../../text/regex.ts'
import { checkGuardrails } from '../../toolchain/guardrails.ts'
import { coverageOf } from '../../toolchain/tests.ts'
import { withStandardLibrary } from '../../toolchain/standard.ts'
import type { Toolchain } from '../../toolchain/toolchain.ts'
import { readGuardrailMetadata } from '../policy/guardrails.ts'
import type { CaseChooser } from './ready-cases.ts'
import { openSuites, type Suite } from './suite.ts'
import { NOTHING, type TestAnswers, type TestedCase, together } from './answers.ts'
import { dataExceptions, policyExceptions, type TestedException, withStrays } from './exceptions.ts'
import { testGuardrails } from './guardrails.ts'
import type { TestRequest } from './request.ts'
import { testRulesFile } from './rules.ts'

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
  const exceptions = await dataExceptions(request.data ?? [], request.cwd)
  let answers = NOTHING
  for (const suite of suites) {
    answers = together(answers, await rulesCases(suite, request, isChosen))
    if (!suite.sources) continue
    exceptions.push(...policyExceptions(suite.sources))
    // Together, so that the compiler has something to do while its residuals are read here.
    const tested = await Promise.all([
      regoTests(toolchain, suite.sources, request),
      testGuardrails(toolchain, suite, request, isChosen),
    ])
    for (const one of tested) answers = together(answers, one)
  }
  const chosen = exceptions.filter(({ name }) => isChosen(name))
  return { ...answers, exceptions: await judged(toolchain, chosen, suites) }
}

/** Exceptions may be for guardrails of any policy that is tested, and for the built-in ones. */
async function judged(
  toolchain: Toolchain,
  exceptions: readonly TestedException[],
  suites: readonly Suite[],
): Promise<readonly TestedException[]> {
  if (exceptions.length === 0) return exceptions
  const known = new Set<string>()
  for (const { sources } of suites) {
    if (!sources) continue
    for (const { id } of (await checkGuardrails(toolchain, sources)).guardrails) known.add(id)
  }
  if (known.size === 0) return exceptions
  for (const { id } of await readGuardrailMetadata('builtin', '')) known.add(id)
  return withStrays(exceptions, known)
}

async function rulesCases(
  { caseFiles }: Suite,
  { cwd }: TestRequest,
  isChosen: CaseChooser,
): Promise<Partial<TestAnswers>> {
  const cases: TestedCase[] = []
  for (const file of caseFiles) {
    if (file.rules === undefined) continue
    cases.push(...(await testRulesFile(file, file.rules, cwd, isChosen)))
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
  const hasTests = tested.modules.some(({ text }) => /\b(?:todo_)?test_/.test(text))
  if (!hasTests && !isCovered) return {}
  const options = { ...(run === undefined ? {} : { run }), coverage: isCovered }
  const { tests, coverage } = await toolchain.test(tested, options)
  // The generated union and the standard library are not the author's to test.
  const own = new Set(sources.modules.map(({ file }) => file))
  return { tests, coverage: coverage ? [coverageOf(coverage, own)] : [] }
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
