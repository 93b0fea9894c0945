/** What is to be known of a condition besides what it says. */
import type { FixedData } from './fixed-data.ts'
import type { Inexpressible } from './inexpressible.ts'

/** What a condition could not say. */
export interface Loss {
  readonly reason: string
  readonly place?: NonNullable<Inexpressible['place']>
}

/** Each thing once. Those of an attempt are added to others where it succeeds. */
export class Notes {
  readonly #fixed = new Map<string, FixedData>()
  readonly #assumed = new Set<string>()
  readonly #losses = new Map<string, Loss>()

  get fixed(): readonly FixedData[] {
    return [...this.#fixed.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
  }

  get assumed(): readonly string[] {
    return [...this.#assumed].sort()
  }

  get losses(): readonly Loss[] {
    return [...this.#losses.values()]
  }

  fix(fixed: FixedData): void {
    this.#fixed.set(fixed.path, fixed)
  }

  assume(assumption: string): void {
    this.#assumed.add(assumption)
  }

  lose({ reason, place }: Loss): void {
    const key = `${reason} ${place?.file}:${place?.row}`
    if (!this.#losses.has(key)) this.#losses.set(key, { reason, ...(place ? { place } : {}) })
  }

  addAll({ fixed, assumed, losses }: Notes): void {
    for (const one of fixed) this.fix(one)
    for (const one of assumed) this.assume(one)
    for (const one of losses) this.lose(one)
  }
}
