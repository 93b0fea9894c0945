import type { Compared, Difference, DifferenceRow, Overrun, Told } from '../engine/comparison.ts'
import type { ScanSummary } from '../engine/counts.ts'
import { annotation } from './github.ts'
import { markdownText } from './markdown.ts'
import { clean, priorityStyle } from './pretty.ts'
import type { Paint } from './reporter.ts'
import { bytesText, countText, numberText } from './words.ts'

/** Rows of one kind that people are shown; json has all that are kept. */
const ROWS_SHOWN = 20

/** What a backtest found, and what was asked of it. */
export interface BacktestReport {
  /** The two sides as the user named them. */
  readonly baseline: string
  readonly candidate: string
  readonly compared: Compared
  readonly summary: Pick<ScanSummary, 'events' | 'bytes' | 'malformed' | 'seconds'>
  readonly overruns: readonly Overrun[]
}

export type BacktestFormat = 'pretty' | 'json' | 'markdown' | 'github'

/** The formats of `parapet backtest --format`. */
export const backtestFormats: Readonly<
  Record<BacktestFormat, (report: BacktestReport, paint: Paint) => string>
> = { pretty, json, markdown, github }

const WORDS: Readonly<Record<Difference, string>> = {
  appeared: 'Appeared',
  vanished: 'Vanished',
  changed: 'Changed',
}
const DIFFERENCES = Object.keys(WORDS) as Difference[]

function json({ compared, summary, ...rest }: BacktestReport): string {
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

function pretty(report: BacktestReport, paint: Paint): string {
  const sections = DIFFERENCES.flatMap((difference) => section(difference, report, paint))
  const [first, ...rest] = closing(report)
  const over = report.overruns.map((overrun) => paint('alarm', overrunText(overrun)))
  return `${[...sections, paint('strong', first!), ...rest, ...over].join('\n')}\n`
}

function section(
  difference: Difference,
  { compared: { rows, counts } }: BacktestReport,
  paint: Paint,
): string[] {
  if (counts[difference] === 0) return []
  const chosen = rows.filter((row) => row.difference === difference)
  const shown = chosen.slice(0, ROWS_SHOWN)
  const hidden = counts[difference] - shown.reduce((sum, { count }) => sum + count, 0)
  const more = hidden > 0 ? [paint('dim', `  … and ${numberText(hidden)} more; --format json`)] : []
  const head = `${WORDS[difference]}: ${countText(counts[difference], 'finding')}`
  return [paint('strong', head), ...shown.flatMap((row) => rowLines(row, paint)), ...more, '']
}

function rowLines(row: DifferenceRow, paint: Paint): string[] {
  const told = (row.candidate ?? row.baseline)!
  const times = row.count === 1 ? '' : `  ${paint('strong', `×${numberText(row.count)}`)}`
  const place = paint('dim', `${told.file}:${told.line}`)
  const head = `  ${priority(told, paint)}  ${clean(row.rule)}: ${clean(whoAndWhere(row))}${times}`
  const before = row.difference === 'changed' ? [`    was ${beforeText(row, paint)}`] : []
  return [head, `    ${clean(told.message)}  ${place}`, ...before]
}

function priority({ priority: level }: Told, paint: Paint): string {
  return paint(priorityStyle(level), level)
}

function beforeText({ baseline, candidate }: DifferenceRow, paint: Paint): string {
  const isOtherPriority = baseline!.priority !== candidate!.priority
  const isOtherMessage = baseline!.message !== candidate!.message
  return [
    ...(isOtherPriority ? [priority(baseline!, paint)] : []),
    ...(isOtherMessage ? [`“${clean(baseline!.message)}”`] : []),
  ].join(' ')
}

function whoAndWhere({ user, as, namespace }: DifferenceRow): string {
  const who = `${user ?? 'no user'}${as === null ? '' : ` as ${as}`}`
  return namespace === null ? who : `${who} in ${namespace}`
}

/** What came of it all: a line each. */
function closing({ baseline, candidate, compared, summary }: BacktestReport): string[] {
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
function overrunText({ budget, allowed, appeared, day }: Overrun): string {
  const when = day === undefined ? '' : ` on ${dayText(day)}`
  const over = numberText(appeared - allowed)
  const found = countText(appeared, 'finding')
  return `Over budget: ${found} appeared${when}, ${over} more than --${budget} ${allowed}`
}

function markdown(report: BacktestReport): string {
  const { rows, counts } = report.compared
  const total = DIFFERENCES.reduce((sum, difference) => sum + counts[difference], 0)
  const shown = DIFFERENCES.flatMap((difference) =>
    rows.filter((row) => row.difference === difference).slice(0, ROWS_SHOWN),
  )
  const hidden = total - shown.reduce((sum, { count }) => sum + count, 0)
  const table = shown.map((row) => {
    const told = (row.candidate ?? row.baseline)!
    const cells = [
      WORDS[row.difference],
      numberText(row.count),
      told.priority,
      row.rule,
      whoAndWhere(row),
      told.message,
    ]
    return `| ${cells.map(markdownText).join(' | ')} |`
  })
  return `${[
    '## Backtest',
    '',
    ...report.overruns.map((overrun) => `**${markdownText(overrunText(overrun))}**  `),
    ...closing(report).map((line) => `${markdownText(line)}  `),
    ...(table.length > 0
      ? [
          '',
          '| Change | Count | Priority | Guardrail | Who and where | Such as |',
          '|---|---:|---|---|---|---|',
          ...table,
        ]
      : []),
    ...(hidden > 0 ? ['', `… and ${numberText(hidden)} more`] : []),
  ].join('\n')}\n`
}

/** Errors for budgets that are not kept, and a notice for what appeared and vanished most. */
function github(report: BacktestReport): string {
  const over = report.overruns.map((overrun) =>
    annotation('error', { title: 'Noise budget' }, overrunText(overrun)),
  )
  const rows = report.compared.rows.slice(0, ROWS_SHOWN).map((row) => {
    const { message, file, line } = (row.candidate ?? row.baseline)!
    const title = `${WORDS[row.difference]}: ${row.rule}`
    const text = `${countText(row.count, 'finding')}, ${whoAndWhere(row)}: ${message}`
    return annotation('notice', { file, line, title }, text)
  })
  return `${[...over, ...rows].join('')}${closing(report).join('\n')}\n`
}
