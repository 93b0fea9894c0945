import { mergeData } from '../engine/merge-data.ts'
import { generateRules, rulesFile } from '../falco/generate/index.ts'
import { loadRules } from '../falco/index.ts'
import type { GuardrailMetadata } from '../rego/metadata.ts'
import type { GuardrailResidual, Json } from '../residual/residual.ts'
import type { JsonObject } from '../text/json.ts'
import { FalcoEngine } from './falco-engine.ts'

/** Guardrails of which rules can be made. */
export interface RuleSources {
  readonly guardrails: readonly GuardrailMetadata[]
  /** In the order of the guardrails. */
  readonly residuals: readonly GuardrailResidual[]
  /** That the guardrails come with. */
  readonly data: Json
  /** JSON Schema of an audit event. */
  readonly schema: Json
}

/**
 * Rules of guardrails for other data than the rules files hold: made anew, since of a rules file nobody
 * knows which list stands for which data.
 */
export class DataRules {
  readonly #sources: RuleSources
  readonly #engines = new Map<string, FalcoEngine | undefined>()

  constructor(sources: RuleSources) {
    this.#sources = sources
  }

  /** Undefined for a guardrail of which no rule is made. */
  engine(guardrail: GuardrailMetadata, data: JsonObject): FalcoEngine | undefined {
    const key = JSON.stringify([guardrail.id, data])
    if (!this.#engines.has(key)) this.#engines.set(key, this.#make(guardrail, data))
    return this.#engines.get(key)
  }

  #make(guardrail: GuardrailMetadata, own: JsonObject): FalcoEngine | undefined {
    const { guardrails, residuals, data, schema } = this.#sources
    const generated = generateRules({
      guardrails: [guardrail],
      residuals: [residuals[guardrails.indexOf(guardrail)]!],
      messages: [[]],
      shared: [],
      data: mergeData(data, own) as Json,
      schema,
      prefix: 'parapet',
    })
    const { kind } = generated.outcomes[0]!
    // With data that leaves nothing to find there is no rule, and that is what is to be compared.
    if (!['exact', 'widened', 'off'].includes(kind)) return undefined
    const { compilation } = loadRules([{ file: 'generated', text: rulesFile(generated) }])
    return compilation && new FalcoEngine(compilation)
  }
}
