import { annotation } from '../github.ts'
import { countText } from '../words.ts'
import { ROWS_SHOWN, toldOf, whoAndWhere, WORDS } from './rows.ts'
import { type BacktestReport, closing, overrunText } from './texts.ts'

/** Errors for budgets that are not kept, and a notice for what differs most. */
export function githubBacktest(report: BacktestReport): string {
  const over = report.overruns.map((overrun) =>
    annotation('error', { title: 'Noise budget' }, overrunText(overrun)),
  )
  const rows = report.compared.rows.slice(0, ROWS_SHOWN).map((row) => {
    const { message, file, line } = toldOf(row)
    const title = `${WORDS[row.difference]}: ${row.rule}`
    const text = `${countText(row.count, 'finding')}, ${whoAndWhere(row)}: ${message}`
    return annotation('notice', { file, line, title }, text)
  })
  return `${[...over, ...rows].join('')}${closing(report).join('\n')}\n`
}
