import type { Compared, Difference, DifferenceRow, Told } from '../../engine/comparison.ts'

export const WORDS: Readonly<Record<Difference, string>> = {
  appeared: 'Appeared',
  vanished: 'Vanished',
  changed: 'Changed',
}
export const DIFFERENCES = Object.keys(WORDS) as Difference[]

/** Rows of one kind that people are shown; json has all that are kept. */
export const ROWS_SHOWN = 20

/** What people are shown of one kind of difference. */
export interface ShownRows {
  readonly difference: Difference
  readonly shown: readonly DifferenceRow[]
  /** Findings that are in none of the rows. */
  readonly hidden: number
}

export function shownRows({ rows, counts }: Compared): ShownRows[] {
  return DIFFERENCES.map((difference) => {
    const shown = rows.filter((row) => row.difference === difference).slice(0, ROWS_SHOWN)
    const hidden = counts[difference] - shown.reduce((sum, { count }) => sum + count, 0)
    return { difference, shown, hidden }
  })
}

/** The finding that stands for a row. */
export function toldOf({ baseline, candidate }: DifferenceRow): Told {
  return (candidate ?? baseline)!
}

export function whoAndWhere({ user, as, namespace }: DifferenceRow): string {
  const who = `${user ?? 'no user'}${as === null ? '' : ` as ${as}`}`
  return namespace === null ? who : `${who} in ${namespace}`
}
