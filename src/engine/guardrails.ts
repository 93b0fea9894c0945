import type { ProvedEvent } from '../audit/proved.ts'
import type { GuardrailMetadata } from '../rego/metadata.ts'
import { EvaluationError, type Policy } from '../rego/policy.ts'
import { objectOf, textsOf } from '../text/json.ts'
import type { Evaluator, Match } from './evaluator.ts'
import { parsePriority } from './finding.ts'

const NOTHING: readonly Match[] = []

/** The decision that everyone asks for: the union over all guardrails. */
export const UNION = 'guardrails/violations'

/** Guardrails with METADATA, evaluated through their union. */
export class GuardrailEvaluator implements Evaluator {
  readonly name: string
  readonly labels: ReadonlySet<string>
  readonly guardrails: readonly GuardrailMetadata[]
  readonly #policy: Policy
  readonly #entrypoint: number
  readonly #byId: ReadonlyMap<string, GuardrailMetadata>

  constructor(name: string, policy: Policy, guardrails: readonly GuardrailMetadata[]) {
    this.name = name
    this.guardrails = guardrails
    this.labels = new Set(guardrails.flatMap(({ id, tags }) => [id, ...tags]))
    this.#policy = policy
    this.#entrypoint = policy.entrypoint(UNION)
    this.#byId = new Map(guardrails.map((guardrail) => [guardrail.id, guardrail]))
  }

  evaluate(event: ProvedEvent): readonly Match[] {
    const decision = this.#policy.decide(this.#entrypoint, event)
    if (decision === undefined) return NOTHING
    if (!Array.isArray(decision)) throw malformed(`\`${UNION}\` is not a set`)
    return decision.map((violation) => this.#match(violation))
  }

  #match(violation: unknown): Match {
    const { id, priority, message, tags } = objectOf(violation)
    if (typeof id !== 'string' || typeof message !== 'string' || id === '' || message === '') {
      throw malformed('a violation is not an object of non-empty id, priority and message')
    }
    const level = typeof priority === 'string' ? parsePriority(priority) : undefined
    if (!level) throw malformed(`guardrail \`${id}\` gave a priority that does not exist`)
    const guardrail = this.#byId.get(id)
    return {
      engine: 'rego',
      rule: id,
      title: guardrail?.title ?? id,
      priority: level,
      message,
      tags: [...(guardrail?.tags ?? []), ...textsOf(tags)],
    }
  }
}

function malformed(reason: string): EvaluationError {
  return new EvaluationError('VIOLATION_MALFORMED', reason)
}
