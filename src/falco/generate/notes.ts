/** What is to be known of a condition besides what it says. */
import type { Place } from '../../residual/residual.ts'
import type { FixedData } from './fixed-data.ts'
import type { Inexpressible } from './inexpressible.ts'

/** What a condition could not say. */
export interface Loss {
  readonly reason: string
  readonly place?: Place
}

/** Each thing once. Those of an attempt are added to others where it succeeds. */
export class Notes {
  readonly #fixed = new Map<string, FixedData>()
  readonly #assumed = new Set<string>()
  readonly #losses = new Map<string, Inexpressible>()

  get fixed(): readonly FixedData[] {
    return [...this.#fixed.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
  }

  get assumed(): readonly string[] {
    return [...this.#assumed].sort()
  }

  /** What is not understood first: it is the reason for what else is lost of the same line. */
  get losses(): readonly Loss[] {
    const all = [...this.#losses.values()]
    const opaque = all.filter(({ isOpaque }) => isOpaque)
    const others = all.filter(
      (one) => !one.isOpaque && !opaque.some((other) => isSameLine(one.place, other.place)),
    )
    return [...opaque, ...others].map(({ message: reason, place }) => ({
      reason,
      ...(place ? { place } : {}),
    }))
  }

  fix(fixed: FixedData): void {
    this.#fixed.set(fixed.path, fixed)
  }

  assume(assumption: string): void {
    this.#assumed.add(assumption)
  }

  lose(loss: Inexpressible): void {
    const { message, place } = loss
    const key = `${message} ${place?.file}:${place?.row}`
    if (!this.#losses.has(key)) this.#losses.set(key, loss)
  }

  addAll(others: Notes): void {
    for (const one of others.#fixed.values()) this.fix(one)
    for (const one of others.#assumed) this.assume(one)
    for (const one of others.#losses.values()) this.lose(one)
  }
}

function isSameLine(a: Place | undefined, b: Place | undefined): boolean {
  return a !== undefined && a.file === b?.file && a.row === b.row
}
