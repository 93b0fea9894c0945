import type { ProvedEvent } from '../audit/proved.ts'
import type { Verdict } from '../engine/judge.ts'
import type { GuardrailMetadata } from '../rego/metadata.ts'
import type { JsonObject } from '../text/json.ts'

/** What a case is about: a guardrail, or rules of a Falco file by their names. */
export type Subject =
  | { readonly kind: 'guardrail'; readonly guardrail: GuardrailMetadata }
  | { readonly kind: 'rules'; readonly rules: ReadonlySet<string> }

/** What does the subject find in this event, with this data over the defaults? */
export interface Question<S extends Subject = Subject> {
  readonly subject: S
  readonly event: ProvedEvent
  readonly data?: JsonObject
}

export type GuardrailQuestion = Question<Extract<Subject, { kind: 'guardrail' }>>

/** Something that decides as a production system would: our runtime, OPA's evaluator, Falco … */
export interface Engine<Q extends Question = Question> {
  readonly name: string
  /** Answers in order; all questions are asked at once, because some engines sit in another thread. */
  answer(questions: readonly Q[]): Promise<readonly Verdict[]>
}

/** Positions of questions by the data that they bring, so that data is exchanged as seldom as can be. */
export function byData(questions: readonly Question[]): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>()
  for (const [position, { data }] of questions.entries()) {
    const key = data ? JSON.stringify(data) : ''
    const group = groups.get(key)
    if (group) group.push(position)
    else groups.set(key, [position])
  }
  return groups
}
