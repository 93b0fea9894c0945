import { diagnosticsText } from '../diagnostics.ts'
import { annotation } from '../github.ts'
import { reasonOf, recordingsText, type TestRun, totalText } from './outcome.ts'
import { coverageDiagnostics, coverageTotals } from './reach.ts'

/** Annotations of GitHub Actions, and the count for its log. */
export function githubTests({ outcomes, diagnostics, coverage, recordings }: TestRun): string {
  const failed = outcomes.filter(({ status }) => status === 'fail' || status === 'error')
  const lines = failed.map((outcome) => {
    const { file, line } = outcome.at ?? outcome
    const text = [reasonOf(outcome), ...outcome.details].join('\n')
    return annotation('error', { file, line, title: outcome.name }, text)
  })
  const uncovered = coverage ? coverageDiagnostics(coverage) : []
  const notes = diagnosticsText([...diagnostics, ...uncovered], 'github')
  const totals = [
    ...(coverage ? coverageTotals(coverage) : []),
    ...(recordings ? [recordingsText(recordings)] : []),
    totalText(outcomes),
  ]
  return `${lines.join('')}${notes}${totals.join('\n')}\n`
}
