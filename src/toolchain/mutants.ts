import { hash } from 'node:crypto'
import { mergeData } from '../engine/merge-data.ts'
import { readViolations } from '../engine/guardrails.ts'
import type { Verdict } from '../engine/judge.ts'
import type { GuardrailMetadata } from '../rego/metadata.ts'
import { mayMeanOthers } from '../rego/meant-guardrails.ts'
import { EvaluationError } from '../rego/policy.ts'
import { UNION_PATH } from '../rego/union.ts'
import { byData, type GuardrailQuestion } from '../testing/engine.ts'
import type { MutantAnswers, MutantVerdicts } from '../testing/mutation.ts'
import { MUTANTS_MAX, MUTANT_STEPS_MAX } from '../text/limits.ts'
import type { CompiledGuardrails } from './guardrails.ts'
import type { RawReading, RawReadings } from './raw-mutants.ts'
import { bundlePath, type PolicySources, wirePolicy } from './sources.ts'
import type { Toolchain } from './toolchain.ts'

/**
 * Makes the mutants of a guardrail and asks it and them, on OPA's own evaluator. Answers are kept in
 * the cache until the guardrail, what it uses or a question changes. Throws a ParapetError.
 * @param data what the policy comes with; questions bring theirs over it
 */
export async function mutantAnswers(
  toolchain: Toolchain,
  { policy, guardrails }: Pick<CompiledGuardrails, 'policy' | 'guardrails'>,
  guardrail: GuardrailMetadata,
  questions: readonly GuardrailQuestion[],
  data: unknown,
): Promise<MutantAnswers> {
  const groups = [...byData(questions).values()]
  const documents = groups.map(([first]) => {
    const own = questions[first!]!.data
    return own ? mergeData(data, own) : data
  })
  const events = questions.map(({ event }) => event)
  const request = {
    decision: guardrail.entrypoint.split('/'),
    data: documents,
    events: questions.map((_, index) => groups.findIndex((group) => group.includes(index))),
    limit: MUTANTS_MAX,
    steps: MUTANT_STEPS_MAX,
  }
  const sources = modulesFor(guardrail, policy, guardrails)
  const digests = events.map((event) => hash('sha256', event))
  const raw = await toolchain.remember(['mutants', wirePolicy(sources), request, digests], () =>
    toolchain.mutants(sources, request, events),
  )
  const byId = new Map(guardrails.map((one) => [one.id, one]))
  return { ...raw, events: raw.events.map((event) => verdictsOf(event, byId)) }
}

function verdictsOf(
  { readings, each }: RawReadings,
  guardrails: ReadonlyMap<string, GuardrailMetadata>,
): MutantVerdicts {
  return { each, verdicts: readings.map((reading) => verdictOf(reading, guardrails)) }
}

function verdictOf(
  { elements, issues = [] }: RawReading,
  guardrails: ReadonlyMap<string, GuardrailMetadata>,
): Verdict {
  const [issue] = issues
  if (issue) return { problem: { code: issue.code.toUpperCase(), message: issue.message } }
  try {
    return { matches: readViolations(elements, guardrails) }
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error
    return { problem: { code: error.code, message: error.message } }
  }
}

/** Without the other guardrails where none of them can be meant, so that their changes change nothing. */
function modulesFor(
  guardrail: GuardrailMetadata,
  { modules, regoVersion }: PolicySources,
  guardrails: readonly GuardrailMetadata[],
): PolicySources {
  const others = new Set(
    guardrails.map(({ file }) => file).filter((file) => file !== guardrail.file),
  )
  const needed = modules.filter(
    (module) => !others.has(module.file) && bundlePath(module) !== UNION_PATH,
  )
  const meansOthers = needed.some(({ text }) => mayMeanOthers(text, [guardrail.package]))
  return {
    modules: meansOthers ? modules : needed,
    ...(regoVersion === undefined ? {} : { regoVersion }),
  }
}
