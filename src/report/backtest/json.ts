import type { BacktestReport } from './texts.ts'

/** One JSON document, on one line. */
export function jsonBacktest({ compared, summary, ...rest }: BacktestReport): string {
  const { events, bytes, malformed, seconds } = summary
  const { same, counts, rows, others, days } = compared
  return `${JSON.stringify({
    ...rest,
    same,
    ...counts,
    rows,
    others,
    days,
    summary: { events, bytes, malformed, seconds: Number(seconds.toFixed(3)) },
  })}\n`
}
