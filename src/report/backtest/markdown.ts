import type { DifferenceRow } from '../../engine/comparison.ts'
import { markdownText } from '../markdown.ts'
import { numberText } from '../words.ts'
import { shownRows, toldOf, whoAndWhere, WORDS } from './rows.ts'
import { type BacktestReport, closing, overrunText } from './texts.ts'

/** A table for pull requests and step summaries. */
export function markdownBacktest(report: BacktestReport): string {
  const kinds = shownRows(report.compared)
  const hidden = kinds.reduce((sum, kind) => sum + kind.hidden, 0)
  const table = kinds.flatMap(({ shown }) => shown.map(tableRow))
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

function tableRow(row: DifferenceRow): string {
  const { priority, message } = toldOf(row)
  const cells = [
    WORDS[row.difference],
    numberText(row.count),
    priority,
    row.rule,
    whoAndWhere(row),
    message,
  ]
  return `| ${cells.map(markdownText).join(' | ')} |`
}
