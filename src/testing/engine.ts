import type { ProvedEvent } from '../audit/proved.ts'
import type { Verdict } from '../engine/judge.ts'
import type { GuardrailMetadata } from '../rego/metadata.ts'
import type { JsonObject } from '../text/json.ts'

/** A guardrail, which answers by its own entrypoint. */
export interface GuardrailSubject {
  readonly kind: 'guardrail'
  readonly guardrail: GuardrailMetadata
}

/** All guardrails of a policy, which answer by their union. */
export interface UnionSubject {
  readonly kind: 'union'
}

/** Rules of a Falco file, by their names. */
export interface RulesSubject {
  readonly kind: 'rules'
  readonly rules: ReadonlySet<string>
}

/** What a case is about. */
export type Subject = GuardrailSubject | RulesSubject

/** What does the subject find in this event, with this data over the defaults? */
export interface Question<S = Subject> {
  readonly subject: S
  readonly event: ProvedEvent
  readonly data?: JsonObject
}

/** What is asked about guardrails. */
export type GuardrailQuestion = Question<GuardrailSubject | UnionSubject>

export type EngineName = 'wasm' | 'opa' | 'sdk' | 'falco'

/** Something that decides as a production system would: our runtime, OPA's evaluator, Falco … */
export interface Engine<Q> {
  readonly name: EngineName
  /** Answers in order; all questions are asked at once, because some engines sit in another thread. */
  answer(questions: readonly Q[]): Promise<readonly Verdict[]>
}

/** Positions of questions by the data that they bring, so that data is exchanged as seldom as can be. */
export function byData(
  questions: readonly { readonly data?: JsonObject }[],
): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>()
  for (const [position, { data }] of questions.entries()) {
    const key = data ? JSON.stringify(data) : ''
    const group = groups.get(key)
    if (group) group.push(position)
    else groups.set(key, [position])
  }
  return groups
}
