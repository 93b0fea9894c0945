import { markdownText } from '../markdown.ts'
import { numberText } from '../words.ts'
import {
  type BacktestReport,
  closing,
  DIFFERENCES,
  overrunText,
  ROWS_SHOWN,
  whoAndWhere,
  WORDS,
} from './texts.ts'

/** A table for pull requests and step summaries. */
export function markdownBacktest(report: BacktestReport): string {
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
