import { renderDiagnostic } from '../../text/diagnostic.ts'
import { clean } from '../pretty.ts'
import { countText } from '../words.ts'
import type { Paint } from '../reporter.ts'
import { reasonOf, type TestOutcome, type TestRun, totalText } from './outcome.ts'

/** For people: what did not pass, in full, and at the end how many there were. */
export function prettyTests(
  { outcomes, coverage, mutation, diagnostics }: TestRun,
  paint: Paint,
): string {
  const lines = outcomes
    .filter(({ status }) => status !== 'pass')
    .flatMap((one) => outcome(one, paint))
  for (const diagnostic of diagnostics) {
    lines.push(...renderDiagnostic(diagnostic).split('\n').map(clean))
  }
  for (const { file, percent } of coverage?.files ?? []) {
    if (percent < 100) lines.push(`${percent.toFixed(1).padStart(5)} %  ${file}`)
  }
  if (coverage) lines.push(`${coverage.percent.toFixed(1)} % of the lines are covered`)
  for (const { file, score } of mutation?.guardrails ?? []) {
    if (score < 100) lines.push(`${score.toFixed(1).padStart(5)} %  ${file}`)
  }
  if (mutation) {
    const { score, mutants } = mutation
    lines.push(`cases notice ${score.toFixed(1)} % of ${countText(mutants, 'mutant')}`)
  }
  return `${[...lines, totalText(outcomes)].join('\n')}\n`
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
