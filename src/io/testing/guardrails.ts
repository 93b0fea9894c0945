import type { Alternative } from '../../testing/conditions.ts'
import type { GuardrailSubject } from '../../testing/engine.ts'
import { hygiene } from '../../testing/hygiene.ts'
import type { CaseResult } from '../../testing/run.ts'
import type { Toolchain } from '../../toolchain/toolchain.ts'
import type { CaseChooser } from './ready-cases.ts'
import type { Suite } from './suite.ts'
import type { TestAnswers } from './answers.ts'
import { type GuardrailMutation, mutateGuardrails } from './mutation.ts'
import { PolicyUnderTest } from './policy-under-test.ts'
import { compareRecordings } from './compare-recordings.ts'
import type { TestRequest } from './request.ts'

/** Runs the cases of a policy's guardrails, and everything that is said of guardrails by their cases. */
export async function testGuardrails(
  toolchain: Toolchain,
  { sources, caseFiles, falco }: Suite,
  request: TestRequest,
  isChosen: CaseChooser,
): Promise<Partial<TestAnswers>> {
  const files = caseFiles.filter(({ rules }) => rules === undefined)
  if (files.length === 0 && !request.recordings && !request.onMutated) return {}
  const rules = request.falco ?? (falco === undefined ? [] : [falco])
  const policy = await PolicyUnderTest.open(toolchain, sources!, rules, request.cwd)
  const results = await policy.cases(files, request.cwd, isChosen)
  await policy.compareCases(results)
  const isWhole = request.run === undefined && files.length > 0
  if (isWhole) await policy.compareFalcoAcross(results)
  const recordings = request.recordings && (await compareRecordings(policy, request.recordings))
  const { guardrails } = policy.compiled
  return {
    cases: results.map((result) => ({
      result,
      reads: policy.conditions.reads(result.subject.guardrail),
    })),
    parity: policy.parity(),
    mutations: await mutationsOf(toolchain, policy, results, request),
    alternatives: request.coverage ? alternativesOf(policy, results) : [],
    diagnostics: isWhole ? hygiene(guardrails, results) : [],
    ...(recordings ? { recordings } : {}),
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
