import type { ProvedEvent } from '../audit/proved.ts'
import { EvaluationError } from '../rego/policy.ts'
import type { Problem } from './admission.ts'
import type { Evaluator, Match } from './evaluator.ts'
import { everythingOf, type Question } from './questions.ts'
import { Remembered } from './remembered.ts'
import type { Chosen } from './screen.ts'

/** What one evaluator says of an event, or why it cannot say anything. */
export type Verdict = { readonly matches: readonly Match[] } | { readonly problem: Problem }

/** A verdict, and whose it is. */
export type Judgement = Verdict & { readonly evaluator: Evaluator }

/** Asks evaluators about events. */
export class Judge {
  readonly #evaluators: readonly Evaluator[]
  readonly #everything: readonly Question[]
  readonly #matches = new Remembered<readonly Match[]>()
  readonly #matching = new Remembered<readonly number[]>()

  constructor(evaluators: readonly Evaluator[]) {
    this.#evaluators = evaluators
    this.#everything = evaluators.map((_, evaluator) => everythingOf(evaluator))
  }

  /** @param chosen what the screen left over; all evaluators are asked where there is none */
  judge(event: ProvedEvent, chosen?: Chosen): readonly Judgement[] {
    const questions = chosen?.questions ?? this.#everything
    return questions.map((question) => this.#judgement(question, event, chosen))
  }

  #judgement(question: Question, event: ProvedEvent, chosen: Chosen | undefined): Judgement {
    const evaluator = this.#evaluators[question.evaluator]!
    try {
      return { evaluator, matches: this.#ask(evaluator, question, event, chosen?.input(question)) }
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error
      return {
        evaluator,
        problem: { code: error.code, message: `${evaluator.name}: ${error.message}` },
      }
    }
  }

  /** @param input what is read of the event to answer the question, where that is known */
  #ask(
    evaluator: Evaluator,
    { parts, scope }: Question,
    event: ProvedEvent,
    input: ProvedEvent | undefined,
  ): readonly Match[] {
    if (parts === 'all') return evaluator.evaluate(event)
    if (!input) return evaluator.evaluate(event, parts)
    if (!evaluator.matching) {
      return this.#matches.answer(scope, input, () => evaluator.evaluate(input, parts))
    }
    const matching = this.#matching.answer(scope, input, () => evaluator.matching!(input, parts))
    return matching.length === 0 ? [] : evaluator.evaluate(event, matching)
  }
}
