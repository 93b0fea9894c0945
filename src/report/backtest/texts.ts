import type { Compared } from '../../engine/comparison.ts'
import type { ScanSummary } from '../../engine/counts.ts'
import type { Overrun } from '../../engine/noise-budget.ts'
import { clean } from '../clean.ts'
import { bytesText, countText, numberText } from '../words.ts'
import { DIFFERENCES } from './rows.ts'

/** What a backtest found, and what was asked of it. */
export interface BacktestReport {
  /** The two sides as the user named them. */
  readonly baseline: string
  readonly candidate: string
  readonly compared: Compared
  readonly summary: Pick<ScanSummary, 'events' | 'bytes' | 'malformed' | 'seconds'>
  readonly overruns: readonly Overrun[]
}

/** What came of it all: a line each. */
export function closing({ baseline, candidate, compared, summary }: BacktestReport): string[] {
  const { same, counts, days } = compared
  const most = days.reduce<Compared['days'][number] | undefined>(
    (top, day) => (top && top.appeared >= day.appeared ? top : day),
    undefined,
  )
  const counted = DIFFERENCES.map((one) => `${numberText(counts[one])} ${one}`)
  const rate = summary.seconds > 0 ? `, in ${summary.seconds.toFixed(2)} s` : ''
  return [
    `${counted.join(', ')}, ${numberText(same)} the same`,
    `${clean(candidate)} against ${clean(baseline)}, on ${countText(summary.events, 'event')}, ${bytesText(summary.bytes)}${rate}`,
    ...(most
      ? [`Most on one day: ${numberText(most.appeared)} appeared on ${dayText(most.day)}`]
      : []),
    ...(summary.malformed > 0
      ? [
          `Incomplete: ${countText(summary.malformed, 'line or event', 'lines or events')} could not be judged`,
        ]
      : []),
  ]
}

function dayText(day: string | null): string {
  return day ?? 'a day that is not known'
}

/** `Over budget: 127 findings appeared, 77 more than --max-new 50`. */
export function overrunText({ budget, allowed, appeared, day }: Overrun): string {
  const when = day === undefined ? '' : ` on ${dayText(day)}`
  const over = numberText(appeared - allowed)
  const found = countText(appeared, 'finding')
  return `Over budget: ${found} appeared${when}, ${over} more than --${budget} ${allowed}`
}
