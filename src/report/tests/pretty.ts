import { renderDiagnostic } from '../../text/diagnostic.ts'
import { clean } from '../pretty.ts'
import type { Paint } from '../reporter.ts'
import { countText, numberText } from '../words.ts'
import {
  reasonOf,
  type TestCoverage,
  type TestOutcome,
  type TestRun,
  totalText,
} from './outcome.ts'

/** For people: what did not pass, in full, and at the end how many there were. */
export function prettyTests(
  { outcomes, coverage, mutation, diagnostics }: TestRun,
  paint: Paint,
): string {
  const lines = [
    ...outcomes.filter(({ status }) => status !== 'pass').flatMap((one) => outcome(one, paint)),
    ...diagnostics.flatMap((diagnostic) => renderDiagnostic(diagnostic).split('\n').map(clean)),
    ...(coverage ? coverageLines(coverage, paint) : []),
    ...(mutation ? mutationLines(mutation) : []),
    totalText(outcomes),
  ]
  return `${lines.join('\n')}\n`
}

function mutationLines({ guardrails, score, mutants }: NonNullable<TestRun['mutation']>): string[] {
  const partial = guardrails.filter((one) => one.score < 100)
  return [
    ...partial.map((one) => `${one.score.toFixed(1).padStart(5)} %  ${one.file}`),
    `cases notice ${score.toFixed(1)} % of ${countText(mutants, 'mutant')}`,
  ]
}

/** Ways to a finding that are shown for one guardrail before the rest is counted. */
const UNDECIDED_SHOWN = 5

function coverageLines(coverage: TestCoverage, paint: Paint): string[] {
  const { files, percent, alternatives, undecided } = coverage
  const partial = files.filter((file) => file.percent < 100)
  const guardrails = new Set(undecided.map(({ guardrail }) => guardrail))
  return [
    ...partial.map((file) => `${file.percent.toFixed(1).padStart(5)} %  ${file.file}`),
    ...[...guardrails].flatMap((guardrail) => undecidedLines(guardrail, coverage, paint)),
    `${percent.toFixed(1)} % of the lines are covered`,
    ...(alternatives > 0
      ? [
          `cases decide ${numberText(alternatives - undecided.length)} of ${countText(alternatives, 'way')} to a finding`,
        ]
      : []),
  ]
}

function undecidedLines(guardrail: string, { undecided }: TestCoverage, paint: Paint): string[] {
  const own = undecided.filter((one) => one.guardrail === guardrail && !one.isImplied)
  const more = own.length - UNDECIDED_SHOWN
  return [
    `${paint('strong', guardrail)}: no case decides`,
    ...own
      .slice(0, UNDECIDED_SHOWN)
      .map(({ text, file, line }) => `  ${clean(text)}  ${paint('dim', `${file}:${line}`)}`),
    ...(more > 0 ? [paint('dim', `  … and ${numberText(more)} more; --format json has each`)] : []),
  ]
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
