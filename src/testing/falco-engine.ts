import { FalcoEvaluator } from '../engine/falco.ts'
import type { Verdict } from '../engine/judge.ts'
import { type Compilation, Ruleset } from '../falco/index.ts'
import type { Engine, Question, Subject } from './engine.ts'

/** Falco's rules as Falco would evaluate them. A guardrail's rules are those tagged `parapet_<id>`. */
export class FalcoEngine implements Engine {
  readonly name = 'falco'
  readonly #evaluator: FalcoEvaluator
  readonly #tagged: ReadonlyMap<string, ReadonlySet<string>>

  constructor(compilation: Compilation) {
    this.#evaluator = new FalcoEvaluator(this.name, new Ruleset(compilation))
    this.#tagged = rulesByTag(compilation)
  }

  /** The names of a guardrail's rules; none where it has none. */
  rulesOf(id: string): ReadonlySet<string> {
    return this.#tagged.get(`parapet_${id}`) ?? new Set()
  }

  async answer(questions: readonly Question[]): Promise<readonly Verdict[]> {
    return questions.map(({ subject, event }) => {
      const rules = this.#rules(subject)
      return { matches: this.#evaluator.evaluate(event).filter(({ rule }) => rules.has(rule)) }
    })
  }

  #rules(subject: Subject): ReadonlySet<string> {
    return subject.kind === 'rules' ? subject.rules : this.rulesOf(subject.guardrail.id)
  }
}

function rulesByTag({ rules }: Compilation): Map<string, Set<string>> {
  const tagged = new Map<string, Set<string>>()
  for (const { definition } of rules) {
    for (const tag of definition.tags) {
      tagged.set(tag, (tagged.get(tag) ?? new Set()).add(definition.name))
    }
  }
  return tagged
}
