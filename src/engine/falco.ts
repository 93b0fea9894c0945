import type { ProvedEvent } from '../audit/proved.ts'
import type { RuleMatch, Ruleset } from '../falco/index.ts'
import type { Indexed } from '../rego/event-index.ts'
import type { Evaluator, Match } from './evaluator.ts'
import type { RuleInfo } from './rule-info.ts'

const NOTHING: readonly Match[] = []

/** Falco rules, evaluated on audit events as Falco would. */
export class FalcoEvaluator implements Evaluator {
  readonly name: string
  readonly rules: readonly RuleInfo[]
  readonly labels: ReadonlySet<string>
  readonly parts: readonly Indexed[] | undefined
  readonly #ruleset: Ruleset

  constructor(name: string, ruleset: Ruleset) {
    this.name = name
    this.#ruleset = ruleset
    this.rules = ruleset.rules.map(({ definition }) => ({
      id: definition.name,
      engine: 'falco',
      title: definition.name,
      description: definition.description.text,
      priority: definition.priority,
      tags: [...definition.tags],
      controls: {},
      references: [],
      notes: {},
    }))
    this.parts = ruleset.residuals
    this.labels = new Set(this.rules.flatMap(({ id, tags }) => [id, ...tags]))
  }

  matching(input: ProvedEvent, parts: readonly number[]): readonly number[] {
    return this.#ruleset.matching(input, parts)
  }

  evaluate(event: ProvedEvent, parts?: readonly number[]): readonly Match[] {
    const matches = this.#ruleset.evaluate(event, parts)
    return matches.length === 0 ? NOTHING : matches.map(toMatch)
  }
}

function toMatch({ rule, source, priority, tags, message, output_fields }: RuleMatch): Match {
  return { engine: 'falco', rule, title: rule, priority, message, tags, source, output_fields }
}
