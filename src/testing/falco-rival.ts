import type { Verdict } from '../engine/judge.ts'
import type { GuardrailMetadata } from '../rego/metadata.ts'
import type { Engine, GuardrailQuestion, Question, RulesSubject } from './engine.ts'
import type { FalcoEngine } from './falco-engine.ts'
import type { Judged, Relation, Rival } from './parity.ts'

/** Falco's rules as counterparts of guardrails: a guardrail matches where one of its rules does. */
export class FalcoRival implements Rival {
  readonly engine: Engine<GuardrailQuestion>
  readonly #falco: FalcoEngine
  readonly #rules: ReadonlyMap<GuardrailMetadata, ReadonlySet<string>>

  constructor(falco: FalcoEngine, guardrails: readonly GuardrailMetadata[]) {
    this.#falco = falco
    this.#rules = new Map(guardrails.map((guardrail) => [guardrail, falco.rulesOf(guardrail)]))
    this.engine = { name: 'falco', answer: (questions) => this.#answer(questions) }
  }

  relation(guardrail: GuardrailMetadata, { question: { event, data } }: Judged): Relation {
    const { mode } = guardrail.falco
    if (mode === 'none' || this.#rules.get(guardrail)!.size === 0) return undefined
    // The lists of Falco's rules hold the default data.
    if (data !== undefined || !this.#falco.takes(event)) return undefined
    return mode === 'widen' ? 'covers' : 'fires'
  }

  /** The comparisons that decided on Falco's side. */
  explain(guardrail: GuardrailMetadata, { question: { event } }: Judged): string[] {
    return this.#falco.explain({
      subject: { kind: 'rules', rules: this.#rules.get(guardrail)! },
      event,
    })
  }

  async #answer(questions: readonly GuardrailQuestion[]): Promise<readonly Verdict[]> {
    const verdicts = await this.#falco.answer(
      questions.map((question) => this.#translated(question)),
    )
    return verdicts.map((verdict) =>
      'problem' in verdict ? verdict : { matches: this.#asGuardrails(verdict.matches) },
    )
  }

  #translated({ subject, event }: GuardrailQuestion): Question<RulesSubject> {
    const rules = subject.kind === 'union' ? this.#falco.rules : this.#rules.get(subject.guardrail)!
    return { subject: { kind: 'rules', rules }, event }
  }

  #asGuardrails(matches: Extract<Verdict, { matches: unknown }>['matches']): typeof matches {
    return [...this.#rules].flatMap(([{ id }, rules]) =>
      matches.filter(({ rule }) => rules.has(rule)).map((match) => ({ ...match, rule: id })),
    )
  }
}
