import { FalcoEvaluator } from '../engine/falco.ts'
import type { Verdict } from '../engine/judge.ts'
import {
  type Compilation,
  type CompiledRule,
  type ExplainedPart,
  type ExplainedValue,
  readsOfRules,
  RuleExplainer,
  Ruleset,
} from '../falco/index.ts'
import type { GuardrailMetadata } from '../rego/metadata.ts'
import type { Path } from '../residual/residual.ts'
import { FALCO_EVENT_BYTES_MAX } from '../text/limits.ts'
import type { Engine, Question, RulesSubject } from './engine.ts'

/** Falco's rules, evaluated as Falco would. */
export class FalcoEngine implements Engine<Question<RulesSubject>> {
  readonly name = 'falco'
  /** Names of all rules. */
  readonly rules: ReadonlySet<string>
  readonly #compilation: Compilation
  readonly #ruleset: Ruleset
  readonly #evaluator: FalcoEvaluator
  /** Asked once for each guardrail. */
  readonly #taken = new WeakMap<Uint8Array, boolean>()

  constructor(compilation: Compilation) {
    this.#compilation = compilation
    this.#ruleset = new Ruleset(compilation)
    this.#evaluator = new FalcoEvaluator(this.name, this.#ruleset)
    this.rules = new Set(compilation.rules.map(({ definition }) => definition.name))
  }

  /** The names of a guardrail's rules: the one that its METADATA names, or those with its tag. */
  rulesOf({ id, falco }: Pick<GuardrailMetadata, 'id' | 'falco'>): ReadonlySet<string> {
    const own = this.#compilation.rules.filter(({ definition: { name, tags } }) =>
      falco.rule === undefined ? new Set(tags).has(tagOf(id)) : name === falco.rule,
    )
    return new Set(own.map(({ definition }) => definition.name))
  }

  /** Whether Falco takes an event at all: not where it is too large, or has no time. */
  takes(event: Uint8Array): boolean {
    let taken = this.#taken.get(event)
    if (taken === undefined) {
      taken = event.length <= FALCO_EVENT_BYTES_MAX && this.#ruleset.counts(event)
      this.#taken.set(event, taken)
    }
    return taken
  }

  async answer(questions: readonly Question<RulesSubject>[]): Promise<readonly Verdict[]> {
    return questions.map(({ subject: { rules }, event }) => ({
      matches: this.#evaluator.evaluate(event).filter(({ rule }) => rules.has(rule)),
    }))
  }

  /** What of an event rules look at, in their conditions and for their outputs; undefined for all of it. */
  reads({ rules }: RulesSubject): readonly Path[] | undefined {
    return readsOfRules(this.#rulesOf(rules))
  }

  /** The comparisons that decided about an event, rule by rule, with the values that they met. */
  explain({ subject: { rules }, event }: Question<RulesSubject>): string[] {
    return this.#rulesOf(rules).flatMap((rule) => {
      const { condition } = new RuleExplainer(rule).explain(event)
      if (!condition) return ['Falco skips the event: its kind or its stageTimestamp is missing']
      return decisive(condition)
    })
  }

  #rulesOf(names: ReadonlySet<string>): CompiledRule[] {
    return this.#compilation.rules.filter(({ definition }) => names.has(definition.name))
  }
}

/** The tag of a rule that says the same as a guardrail. */
export function tagOf(id: string): string {
  return `parapet_${id}`
}

function decisive(part: ExplainedPart): string[] {
  if (!part.decides) return []
  if (part.kind !== 'check') return part.parts.flatMap(decisive)
  const holds = part.holds ? 'holds' : 'does not hold'
  return [`\`${part.text}\` ${holds} (${part.values.map(valueText).join(', ')})`]
}

function valueText({ field, value }: ExplainedValue): string {
  return `${field} is ${value === null ? 'missing' : JSON.stringify(value)}`
}
