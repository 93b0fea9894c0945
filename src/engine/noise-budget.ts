import type { Compared } from './comparison.ts'

/** How much noise a change may make. */
export interface NoiseBudget {
  /** Findings that may appear. */
  readonly maxNew?: number | undefined
  /** Findings that may appear on one day (UTC). */
  readonly maxPerDay?: number | undefined
}

/** A budget that is not kept. */
export interface Overrun {
  readonly budget: 'max-new' | 'max-per-day'
  readonly allowed: number
  readonly appeared: number
  /** Of `max-per-day`; null for events without a time that can be read. */
  readonly day?: string | null
}

/** The budgets that what appeared does not keep. */
export function overruns(
  { counts, days }: Compared,
  { maxNew, maxPerDay }: NoiseBudget,
): Overrun[] {
  const found: Overrun[] = []
  if (maxNew !== undefined && counts.appeared > maxNew) {
    found.push({ budget: 'max-new', allowed: maxNew, appeared: counts.appeared })
  }
  for (const { day, appeared } of maxPerDay === undefined ? [] : days) {
    if (appeared > maxPerDay!) {
      found.push({ budget: 'max-per-day', allowed: maxPerDay!, appeared, day })
    }
  }
  return found
}
