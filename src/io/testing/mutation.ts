import type { GuardrailMetadata } from '../../rego/metadata.ts'
import type { GuardrailSubject } from '../../testing/engine.ts'
import { judgeMutants, type Mutation } from '../../testing/mutation.ts'
import { questionsOf, type ReadyCase } from '../../testing/run.ts'
import type { CompiledGuardrails } from '../../toolchain/guardrails.ts'
import { mutantAnswers } from '../../toolchain/mutants.ts'
import type { Toolchain } from '../../toolchain/toolchain.ts'

/** How the cases of a guardrail tell it from its mutants. */
export interface GuardrailMutation extends Mutation {
  readonly guardrail: GuardrailMetadata
}

/**
 * Mutates guardrails one after another.
 * @param onDone is called after each
 */
export async function mutateGuardrails(
  toolchain: Toolchain,
  compiled: CompiledGuardrails,
  guardrails: readonly GuardrailMetadata[],
  cases: readonly ReadyCase<GuardrailSubject>[],
  onDone: (done: number, total: number) => void,
): Promise<GuardrailMutation[]> {
  const data = JSON.parse(Buffer.from(compiled.data).toString()) as unknown
  const mutations: GuardrailMutation[] = []
  for (const guardrail of guardrails) {
    const own = cases.filter(({ subject }) => subject.guardrail === guardrail)
    const questions = own.flatMap(questionsOf)
    const answers = await mutantAnswers(toolchain, compiled, guardrail, questions, data)
    mutations.push({ guardrail, ...judgeMutants(own, answers) })
    onDone(mutations.length, guardrails.length)
  }
  return mutations
}
