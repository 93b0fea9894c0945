/** How much tests, cases and mutants reach, for people. */
import type { LocatedDiagnostic } from '../../text/diagnostic.ts'
import { inGroups } from '../../text/groups.ts'
import { clean } from '../clean.ts'
import type { Paint } from '../reporter.ts'
import { countText, numberText } from '../words.ts'
import type { MutationTotals, TestCoverage, UndecidedAlternative } from './outcome.ts'

/** Ways to a finding that are shown for one guardrail before the rest is counted. */
const UNDECIDED_SHOWN = 5

/** How many mutants are noticed, guardrail by guardrail where it is not all. */
export function mutationLines({ guardrails, score, mutants }: MutationTotals): string[] {
  const partial = guardrails.filter((one) => one.score < 100)
  return [
    ...partial.map((one) => percentText(one.score, one.file)),
    `cases notice ${score.toFixed(1)} % of ${countText(mutants, 'mutant')}`,
  ]
}

/** What is not covered, and how much is. */
export function coverageLines(coverage: TestCoverage, paint: Paint): string[] {
  const undecided = [...byGuardrail(coverage)].flatMap(([guardrail, ways]) => [
    `${paint('strong', guardrail)}: no case decides`,
    ...ways
      .slice(0, UNDECIDED_SHOWN)
      .map(({ text, file, line }) => `  ${clean(text)}  ${paint('dim', `${file}:${line}`)}`),
    ...moreText(ways).map((text) => paint('dim', `  ${text}; --format json has each`)),
  ])
  const partial = coverage.files.filter(({ percent }) => percent < 100)
  return [
    ...partial.map(({ percent, file }) => percentText(percent, file)),
    ...undecided,
    ...coverageTotals(coverage),
  ]
}

/** How much is covered. */
export function coverageTotals({ percent, alternatives, undecided }: TestCoverage): string[] {
  const lines = `${percent.toFixed(1)} % of the lines are covered`
  if (alternatives === 0) return [lines]
  const decided = numberText(alternatives - undecided.length)
  return [lines, `cases decide ${decided} of ${countText(alternatives, 'way')} to a finding`]
}

/** What is not covered, at its place: a warning for each file and for each guardrail. */
export function coverageDiagnostics(coverage: TestCoverage): LocatedDiagnostic[] {
  const severity = 'warning'
  const partial = coverage.files.filter(({ percent }) => percent < 100)
  const lines = partial.map(({ file, percent }) => {
    const message = `tests reach ${percent.toFixed(1)} % of its lines`
    return { code: 'LINES_UNCOVERED', severity, message, file, line: 1 } as const
  })
  const ways = [...byGuardrail(coverage)].map(([guardrail, undecided]) => {
    const { file, line } = undecided[0]!
    const message = `no case of \`${guardrail}\` decides ${countText(undecided.length, 'way')} to a finding`
    const texts = undecided.slice(0, UNDECIDED_SHOWN).map(({ text }) => text)
    const help = [...texts, ...moreText(undecided)].join('\n')
    return { code: 'WAYS_UNDECIDED', severity, message, file, line, help } as const
  })
  return [...lines, ...ways]
}

/** Ways that no case goes, without the choices inside of them. */
function byGuardrail({
  undecided,
}: TestCoverage): ReadonlyMap<string, readonly UndecidedAlternative[]> {
  const own = undecided.filter(({ isImplied }) => !isImplied)
  return inGroups(own, ({ guardrail }) => guardrail)
}

function moreText({ length }: readonly unknown[]): string[] {
  const more = length - UNDECIDED_SHOWN
  return more > 0 ? [`… and ${numberText(more)} more`] : []
}

function percentText(percent: number, file: string): string {
  return `${percent.toFixed(1).padStart(5)} %  ${file}`
}
