import { Policy } from '../rego/policy.ts'
import type { TrustPolicy } from '../bundle/trust.ts'
import { loadRules } from '../falco/index.ts'
import type { GuardrailMetadata } from '../rego/metadata.ts'
import type { Path } from '../residual/residual.ts'
import type { Case } from '../testing/case.ts'
import { FalcoEngine } from '../testing/falco-engine.ts'
import { type CaseResult, runCases } from '../testing/run.ts'
import { WasmEngine } from '../testing/wasm-engine.ts'
import { locate } from '../text/diagnostic.ts'
import { ParapetError } from '../text/error.ts'
import { nearest } from '../text/nearest.ts'
import { compileRegex } from '../text/regex.ts'
import { checkGuardrails, compileGuardrails } from '../toolchain/guardrails.ts'
import { withStandardLibrary } from '../toolchain/standard.ts'
import type { RegoTestResult, TestReport } from '../toolchain/tests.ts'
import type { Toolchain } from '../toolchain/toolchain.ts'
import type { CaseFile } from './case-files.ts'
import { environment } from './environment.ts'
import { readRulesFiles } from './falco.ts'
import { guardrailOf, readyCases } from './ready-cases.ts'
import { openSuites, type Suite } from './suite.ts'

export interface TestRequest {
  /** Folders, .rego files or bundles. */
  readonly sources: readonly string[]
  /** Only Rego tests (RE2) and cases whose name matches. */
  readonly run?: string
  readonly coverage: boolean
  readonly cwd: string
  readonly trust?: TrustPolicy | undefined
}

/** What all tests came to. */
export interface TestAnswers {
  readonly tests: readonly RegoTestResult[]
  readonly coverage?: TestReport['coverage']
  readonly cases: readonly JudgedCase[]
}

/** A case's result, and what of its events decided: all of them where that is undefined. */
export interface JudgedCase {
  readonly result: CaseResult
  readonly reads: readonly Path[] | undefined
}

/**
 * Runs Rego tests and cases.
 * @throws ParapetError for whatever is wrong with the request, the policies or the case files
 */
export async function runTests(toolchain: Toolchain, request: TestRequest): Promise<TestAnswers> {
  const tests: RegoTestResult[] = []
  const cases: JudgedCase[] = []
  let coverage: TestReport['coverage']
  for (const source of request.sources) {
    for (const suite of await openSuites(source, request.cwd, request.trust)) {
      if (!suite.sources) {
        cases.push(...(await rulesCases(suite, request)))
        continue
      }
      const report = await regoTests(toolchain, suite, request)
      tests.push(...report.tests)
      coverage ??= report.coverage
      if (suite.caseFiles.length > 0)
        cases.push(...(await guardrailCases(toolchain, suite, request)))
    }
  }
  return { tests, cases, ...(coverage ? { coverage } : {}) }
}

async function regoTests(
  toolchain: Toolchain,
  { sources }: Suite,
  { run, coverage }: TestRequest,
): Promise<TestReport> {
  // The generated union belongs to guardrails; other Rego is tested as it stands.
  const checked = await checkGuardrails(toolchain, sources!)
  const tested =
    checked.guardrails.length > 0 ? checked.policy : await withStandardLibrary(sources!)
  return toolchain.test(tested, { ...(run === undefined ? {} : { run }), coverage })
}

async function guardrailCases(
  toolchain: Toolchain,
  { sources, caseFiles }: Suite,
  request: TestRequest,
): Promise<JudgedCase[]> {
  const compiled = await compileGuardrails(toolchain, sources!)
  const data = JSON.parse(Buffer.from(compiled.data).toString()) as unknown
  const policy = await Policy.load(compiled.wasm, { ...environment, data })
  const ready = await readyCases(
    caseFiles.map((file) => {
      const guardrail = guardrailOf(file, compiled.guardrails)
      return { file: chosen(file, guardrail.id, request.run), subjectOf: () => subject(guardrail) }
    }),
    request.cwd,
  )
  const results = await runCases(ready, new WasmEngine({ ...compiled, policy, data }))
  const reads = new Map(compiled.residuals.map((one) => [one.entrypoint, one.reads]))
  return results.map((result) => ({
    result,
    reads: reads.get(result.subject.guardrail.entrypoint),
  }))
}

async function rulesCases({ caseFiles }: Suite, request: TestRequest): Promise<JudgedCase[]> {
  const results: JudgedCase[] = []
  for (const file of caseFiles) {
    const documents = await readRulesFiles([file.rules!], request.cwd)
    const { compilation, diagnostics } = loadRules(documents)
    ParapetError.throwFirst(diagnostics.map((diagnostic) => locate(diagnostic, documents)))
    const all = new Set(compilation!.rules.map(({ definition }) => definition.name))
    const ready = await readyCases(
      [
        {
          file: chosen(file, file.rules!, request.run),
          subjectOf: (one) => ({ kind: 'rules' as const, rules: rulesOf(one, all) }),
        },
      ],
      request.cwd,
    )
    const judged = await runCases(ready, new FalcoEngine(compilation!))
    results.push(...judged.map((result) => ({ result, reads: undefined })))
  }
  return results
}

function rulesOf({ rule, file, line }: Case, all: ReadonlySet<string>): ReadonlySet<string> {
  if (rule === undefined) return all
  if (all.has(rule)) return new Set([rule])
  const meant = nearest(rule, all)
  throw new ParapetError('RULE_UNKNOWN', `there is no rule \`${rule}\``, {
    file,
    line,
    help: meant ? `did you mean \`${meant}\`?` : 'name a rule as its file does',
  })
}

function subject(guardrail: GuardrailMetadata): {
  kind: 'guardrail'
  guardrail: GuardrailMetadata
} {
  return { kind: 'guardrail', guardrail }
}

/** The file with the cases that `--run` asks for. */
function chosen(file: CaseFile, id: string, run: string | undefined): CaseFile {
  if (run === undefined) return file
  const pattern = compileRegex(run)
  return { ...file, cases: file.cases.filter(({ note }) => pattern.test(`${id}: ${note}`)) }
}
