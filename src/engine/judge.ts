import type { ProvedEvent } from '../audit/proved.ts'
import { EvaluationError } from '../rego/policy.ts'
import type { Problem } from './admission.ts'
import type { Evaluator, Match } from './evaluator.ts'
import type { Exceptions } from './exceptions.ts'
import { Remembered } from './remembered.ts'
import type { Chosen } from './screen.ts'

/** What one evaluator says of an event, or why it cannot say anything. */
export type Verdict =
  | { readonly matches: readonly Match[]; readonly exceptions?: Exceptions | undefined }
  | { readonly problem: Problem }

/** Asks evaluators about events. */
export class Judge {
  readonly #evaluators: readonly Evaluator[]
  readonly #remembered = new Remembered()

  constructor(evaluators: readonly Evaluator[]) {
    this.#evaluators = evaluators
  }

  /** @param chosen what the screen left over; all evaluators are asked where there is none */
  judge(event: ProvedEvent, chosen?: Chosen): readonly Verdict[] {
    const verdicts: Verdict[] = []
    for (const [index, evaluator] of this.#evaluators.entries()) {
      if (chosen?.parts[index]?.length === 0) continue
      verdicts.push(this.#verdict(evaluator, index, event, chosen))
    }
    return verdicts
  }

  #verdict(
    evaluator: Evaluator,
    index: number,
    event: ProvedEvent,
    chosen: Chosen | undefined,
  ): Verdict {
    try {
      const matches = this.#matches(evaluator, index, event, chosen)
      return { matches, exceptions: evaluator.exceptions }
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error
      return { problem: { code: error.code, message: `${evaluator.name}: ${error.message}` } }
    }
  }

  /** On the event, or on what the chosen parts read of it. */
  #matches(
    evaluator: Evaluator,
    index: number,
    event: ProvedEvent,
    chosen: Chosen | undefined,
  ): readonly Match[] {
    const parts = chosen?.parts[index] ?? 'all'
    if (parts === 'all') return evaluator.evaluate(event)
    const input = chosen!.input(index)
    if (!input) return evaluator.evaluate(event, parts)
    const ask = (): readonly Match[] => evaluator.evaluate(input, parts)
    if (!chosen!.isPure(index)) return ask()
    return this.#remembered.answer(`${index} ${parts.join()}`, input, ask)
  }
}
