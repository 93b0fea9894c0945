import type { ProvedEvent } from '../audit/proved.ts'
import { EvaluationError } from '../rego/policy.ts'
import type { Problem } from './admission.ts'
import type { Evaluator, Match } from './evaluator.ts'
import { Remembered } from './remembered.ts'
import type { Chosen } from './screen.ts'

/** What one evaluator says of an event, or why it cannot say anything. */
export type Verdict = { readonly matches: readonly Match[] } | { readonly problem: Problem }

/** A verdict, and whose it is. */
export type Judgement = Verdict & { readonly evaluator: Evaluator }

/** Asks evaluators about events. */
export class Judge {
  readonly #evaluators: readonly Evaluator[]
  readonly #matches = new Remembered<readonly Match[]>()
  readonly #matching = new Remembered<readonly number[]>()

  constructor(evaluators: readonly Evaluator[]) {
    this.#evaluators = evaluators
  }

  /** @param chosen what the screen left over; all evaluators are asked where there is none */
  judge(event: ProvedEvent, chosen?: Chosen): readonly Judgement[] {
    const judgements: Judgement[] = []
    for (const [index, evaluator] of this.#evaluators.entries()) {
      if (chosen?.parts[index]?.length === 0) continue
      judgements.push(this.#judgement(evaluator, index, event, chosen))
    }
    return judgements
  }

  #judgement(
    evaluator: Evaluator,
    index: number,
    event: ProvedEvent,
    chosen: Chosen | undefined,
  ): Judgement {
    try {
      return { evaluator, matches: this.#ask(evaluator, index, event, chosen) }
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error
      return {
        evaluator,
        problem: { code: error.code, message: `${evaluator.name}: ${error.message}` },
      }
    }
  }

  /** On the event, or on what the chosen parts read of it. */
  #ask(
    evaluator: Evaluator,
    index: number,
    event: ProvedEvent,
    chosen: Chosen | undefined,
  ): readonly Match[] {
    const parts = chosen?.parts[index] ?? 'all'
    if (parts === 'all') return evaluator.evaluate(event)
    const input = chosen!.input(index)
    if (!input) return evaluator.evaluate(event, parts)
    const scope = chosen!.isPure(index) ? `${index} ${parts.join()}` : undefined
    if (!evaluator.matching) {
      return this.#matches.answer(scope, input, () => evaluator.evaluate(input, parts))
    }
    const matching = this.#matching.answer(scope, input, () => evaluator.matching!(input, parts))
    return matching.length === 0 ? [] : evaluator.evaluate(event, matching)
  }
}
