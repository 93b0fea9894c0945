import type { ProvedEvent } from '../audit/proved.ts'
import type { RuleMatch, Ruleset } from '../falco/index.ts'
import type { Evaluator, Match } from './evaluator.ts'

const NOTHING: readonly Match[] = []

/** Falco rules, evaluated on audit events as Falco would. */
export class FalcoEvaluator implements Evaluator {
  readonly name: string
  readonly labels: ReadonlySet<string>
  readonly #ruleset: Ruleset

  constructor(name: string, ruleset: Ruleset) {
    this.name = name
    this.#ruleset = ruleset
    this.labels = new Set(
      ruleset.rules.flatMap(({ definition }) => [definition.name, ...definition.tags]),
    )
  }

  evaluate(event: ProvedEvent): readonly Match[] {
    const matches = this.#ruleset.evaluate(event)
    return matches.length === 0 ? NOTHING : matches.map(toMatch)
  }
}

function toMatch({ rule, source, priority, tags, message, output_fields }: RuleMatch): Match {
  return { engine: 'falco', rule, title: rule, priority, message, tags, source, output_fields }
}
