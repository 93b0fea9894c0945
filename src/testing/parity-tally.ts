import type { GuardrailMetadata } from '../rego/metadata.ts'
import type { Disagreement, Explained } from './parity.ts'

/** Disagreements about one guardrail that are explained; the rest is counted. */
const EXPLAINED_MAX = 20

/** Whether all engines agree about a guardrail. */
export interface GuardrailParity {
  readonly guardrail: GuardrailMetadata
  /** Events and engines that were found to differ. */
  readonly count: number
  /** The first of them. */
  readonly disagreements: readonly Explained[]
  /** Why Falco was not asked, where it should have been. */
  readonly missingRule?: string
}

/** Adds up disagreements by guardrails, and explains the first ones of each. */
export class ParityTally {
  readonly #rows = new Map<GuardrailMetadata, { count: number; disagreements: Explained[] }>()
  readonly #explain: (one: Disagreement) => Explained

  constructor(explain: (one: Disagreement) => Explained) {
    this.#explain = explain
  }

  /** Says that a guardrail is compared at all. */
  compared(guardrail: GuardrailMetadata): void {
    if (!this.#rows.has(guardrail)) this.#rows.set(guardrail, { count: 0, disagreements: [] })
  }

  add(one: Disagreement): void {
    this.compared(one.guardrail)
    const row = this.#rows.get(one.guardrail)!
    row.count += 1
    if (row.disagreements.length < EXPLAINED_MAX) row.disagreements.push(this.#explain(one))
  }

  results(): GuardrailParity[] {
    return [...this.#rows].map(([guardrail, row]) => ({ guardrail, ...row }))
  }
}
