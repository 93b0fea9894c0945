import type { DifferenceRow, Told } from '../../engine/comparison.ts'
import { clean } from '../clean.ts'
import { priorityStyle } from '../pretty.ts'
import type { Paint } from '../reporter.ts'
import { countText, numberText } from '../words.ts'
import { type ShownRows, shownRows, toldOf, whoAndWhere, WORDS } from './rows.ts'
import { type BacktestReport, closing, overrunText } from './texts.ts'

/** For people: the first rows of each kind of difference, and what came of it all. */
export function prettyBacktest(report: BacktestReport, paint: Paint): string {
  const sections = shownRows(report.compared).flatMap((kind) => section(kind, report, paint))
  const [first, ...rest] = closing(report)
  const over = report.overruns.map((overrun) => paint('alarm', overrunText(overrun)))
  return `${[...sections, paint('strong', first!), ...rest, ...over].join('\n')}\n`
}

function section(
  { difference, shown, hidden }: ShownRows,
  { compared: { counts } }: BacktestReport,
  paint: Paint,
): string[] {
  if (counts[difference] === 0) return []
  const more = hidden > 0 ? [paint('dim', `  … and ${numberText(hidden)} more; --format json`)] : []
  const head = `${WORDS[difference]}: ${countText(counts[difference], 'finding')}`
  return [paint('strong', head), ...shown.flatMap((row) => rowLines(row, paint)), ...more, '']
}

function rowLines(row: DifferenceRow, paint: Paint): string[] {
  const told = toldOf(row)
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
