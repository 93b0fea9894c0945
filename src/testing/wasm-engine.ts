import { mergeData } from '../engine/merge-data.ts'
import { GuardrailEvaluator } from '../engine/guardrails.ts'
import type { Verdict } from '../engine/judge.ts'
import type { GuardrailMetadata } from '../rego/metadata.ts'
import { EvaluationError, type Policy } from '../rego/policy.ts'
import type { GuardrailResidual } from '../residual/residual.ts'
import { byData, type Engine, type GuardrailQuestion } from './engine.ts'

/** Guardrails compiled to WASM, with the data that they come with. */
export interface WasmGuardrails {
  readonly policy: Policy
  readonly guardrails: readonly GuardrailMetadata[]
  readonly residuals: readonly GuardrailResidual[]
  readonly data: unknown
}

/** Parapet's own runtime: what `scan` evaluates with. */
export class WasmEngine implements Engine<GuardrailQuestion> {
  readonly name = 'wasm'
  readonly #evaluator: GuardrailEvaluator
  readonly #policy: Policy
  readonly #data: unknown
  readonly #parts: ReadonlyMap<string, number>

  constructor({ policy, guardrails, residuals, data }: WasmGuardrails) {
    this.#evaluator = new GuardrailEvaluator(this.name, policy, guardrails, () => residuals)
    this.#policy = policy
    this.#data = data
    this.#parts = new Map(residuals.map(({ entrypoint }, part) => [entrypoint, part]))
  }

  async answer(questions: readonly GuardrailQuestion[]): Promise<readonly Verdict[]> {
    const verdicts: Verdict[] = []
    for (const positions of byData(questions).values()) {
      const { data } = questions[positions[0]!]!
      if (data) this.#policy.setData(mergeData(this.#data, data))
      for (const position of positions) verdicts[position] = this.#verdict(questions[position]!)
      if (data) this.#policy.setData(this.#data)
    }
    return verdicts
  }

  #verdict({ subject, event }: GuardrailQuestion): Verdict {
    try {
      if (subject.kind === 'union') return { matches: this.#evaluator.evaluate(event) }
      const part = this.#parts.get(subject.guardrail.entrypoint)!
      return { matches: this.#evaluator.evaluate(event, [part]) }
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error
      return { problem: { code: error.code, message: error.message } }
    }
  }
}
