import { mergeData } from '../engine/data.ts'
import { matchAtom } from '../rego/match-atom.ts'
import type { GuardrailMetadata } from '../rego/metadata.ts'
import { bindData } from '../residual/bind.ts'
import type { GuardrailResidual, Json } from '../residual/residual.ts'
import { decisive } from './decides.ts'
import type { Disagreement, Judged } from './parity.ts'

/** Says which conditions of a guardrail decided about an event. */
export class Explainer {
  readonly #residuals: ReadonlyMap<string, GuardrailResidual>
  readonly #data: unknown
  readonly #fileOf: (path: string) => string

  /**
   * @param residuals before `bindData`
   * @param fileOf what messages call a file, by its path in the bundle
   */
  constructor(
    residuals: readonly GuardrailResidual[],
    data: unknown,
    fileOf: (path: string) => string,
  ) {
    this.#fileOf = fileOf
    this.#residuals = new Map(residuals.map((one) => [one.entrypoint, one]))
    this.#data = data
  }

  /** The conditions of the Rego, a line each. */
  rego({ entrypoint }: GuardrailMetadata, { question: { event, data } }: Judged): string[] {
    const residual = this.#residuals.get(entrypoint)?.residual
    if (!residual) return []
    const bound = bindData(residual, mergeData(this.#data, data ?? {}) as Json)
    const parsed = JSON.parse(Buffer.from(event).toString()) as Json
    return decisive(bound, parsed, matchAtom, ({ file, row }) => `${this.#fileOf(file)}:${row}`)
  }

  /** What of the event the guardrail reads. */
  reads({ entrypoint }: GuardrailMetadata): GuardrailResidual['reads'] | undefined {
    return this.#residuals.get(entrypoint)?.reads
  }
}

/** A disagreement with the conditions that decided on either side. */
export interface Explained extends Disagreement {
  readonly rego: readonly string[]
  /** Empty where the other side evaluates the same Rego. */
  readonly falco: readonly string[]
}
