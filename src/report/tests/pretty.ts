import { renderDiagnostic } from '../../text/diagnostic.ts'
import { clean } from '../clean.ts'
import type { Paint } from '../reporter.ts'
import { reasonOf, recordingsText, type TestOutcome, type TestRun, totalText } from './outcome.ts'
import { coverageLines, mutationLines } from './reach.ts'

/** For people: what did not pass, in full, and at the end how many there were. */
export function prettyTests(
  { outcomes, coverage, mutation, recordings, diagnostics }: TestRun,
  paint: Paint,
): string {
  const lines = [
    ...outcomes.filter(({ status }) => status !== 'pass').flatMap((one) => outcome(one, paint)),
    ...diagnostics.flatMap((diagnostic) => renderDiagnostic(diagnostic).split('\n').map(clean)),
    ...(coverage ? coverageLines(coverage, paint) : []),
    ...(mutation ? mutationLines(mutation) : []),
    ...(recordings ? [recordingsText(recordings)] : []),
    totalText(outcomes),
  ]
  return `${lines.join('\n')}\n`
}

function outcome(one: TestOutcome, paint: Paint): string[] {
  const { status, name, file, line, group, kind } = one
  const title = kind === 'rego' ? name : `${group}: ${name}`
  const place = paint('dim', `${clean(file)}:${line}`)
  const style = status === 'skip' ? 'caution' : 'alarm'
  return [
    `${paint(style, status.toUpperCase())}  ${paint('strong', clean(title))}  ${place}`,
    `  ${clean(reasonOf(one))}`,
    ...one.details.map((detail) => `  ${coloured(clean(detail), paint)}`),
  ]
}

/** A line that was wanted and one that came instead. */
function coloured(line: string, paint: Paint): string {
  if (line.startsWith('- ')) return paint('alarm', line)
  return line.startsWith('+ ') ? paint('notice', line) : line
}
