import type { Verdict } from '../engine/judge.ts'
import type { GuardrailMetadata } from '../rego/metadata.ts'
import type { DataRules } from './data-rules.ts'
import type { Engine, GuardrailQuestion } from './engine.ts'
import { type FalcoEngine, tagOf } from './falco-engine.ts'
import type { Judged, Relation, Rival } from './parity.ts'

/** Falco's rules as counterparts of guardrails: a guardrail matches where one of its rules does. */
export class FalcoRival implements Rival {
  readonly engine: Engine<GuardrailQuestion>
  readonly #falco: FalcoEngine
  readonly #dataRules: DataRules
  readonly #rules: ReadonlyMap<GuardrailMetadata, ReadonlySet<string>>

  /** @param dataRules for questions that bring data: the lists of the rules hold the default data */
  constructor(falco: FalcoEngine, dataRules: DataRules, guardrails: readonly GuardrailMetadata[]) {
    this.#falco = falco
    this.#dataRules = dataRules
    this.#rules = new Map(guardrails.map((guardrail) => [guardrail, falco.rulesOf(guardrail)]))
    this.engine = { name: 'falco', answer: (questions) => this.#answer(questions) }
  }

  /** That a guardrail's rule is not there, though METADATA says that it has one. */
  missingRule(guardrail: GuardrailMetadata): string | undefined {
    const { id, falco } = guardrail
    if (falco.mode === 'none' || this.#rules.get(guardrail)!.size > 0) return undefined
    return falco.rule === undefined
      ? `no Falco rule has the tag \`${tagOf(id)}\``
      : `there is no Falco rule \`${falco.rule}\``
  }

  relation(guardrail: GuardrailMetadata, { question }: Judged): Relation {
    const { mode } = guardrail.falco
    if (mode === 'none' || this.#rules.get(guardrail)!.size === 0) return undefined
    if (!this.#falco.takes(question.event) || !this.#asked(question, guardrail)) return undefined
    return mode === 'widen' ? 'covers' : 'fires'
  }

  /** The comparisons that decided on Falco's side. */
  explain(guardrail: GuardrailMetadata, { question }: Judged): string[] {
    const { falco, rules } = this.#asked(question, guardrail)!
    return falco.explain({ subject: { kind: 'rules', rules }, event: question.event })
  }

  async #answer(questions: readonly GuardrailQuestion[]): Promise<readonly Verdict[]> {
    return Promise.all(questions.map((question) => this.#verdict(question)))
  }

  async #verdict(question: GuardrailQuestion): Promise<Verdict> {
    const { subject, event } = question
    const guardrail = subject.kind === 'union' ? undefined : subject.guardrail
    const { falco, rules } = this.#asked(question, guardrail)!
    const [verdict] = await falco.answer([{ subject: { kind: 'rules', rules }, event }])
    if ('problem' in verdict!) return verdict
    const { matches } = verdict!
    if (!guardrail) return { matches: this.#asGuardrails(matches) }
    return { matches: matches.map((match) => ({ ...match, rule: guardrail.id })) }
  }

  /** Who is asked about a guardrail, or about all; undefined where nobody can be asked. */
  #asked({ data }: GuardrailQuestion, guardrail: GuardrailMetadata | undefined): Asked | undefined {
    if (!guardrail) return { falco: this.#falco, rules: this.#falco.rules }
    if (!data) return { falco: this.#falco, rules: this.#rules.get(guardrail)! }
    const falco = this.#dataRules.engine(guardrail, data)
    return falco && { falco, rules: falco.rules }
  }

  #asGuardrails(matches: Extract<Verdict, { matches: unknown }>['matches']): typeof matches {
    return [...this.#rules].flatMap(([{ id }, rules]) =>
      matches.filter(({ rule }) => rules.has(rule)).map((match) => ({ ...match, rule: id })),
    )
  }
}

interface Asked {
  readonly falco: FalcoEngine
  readonly rules: ReadonlySet<string>
}
