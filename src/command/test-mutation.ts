import type { GuardrailMutation } from '../io/testing/mutation.ts'
import type { MutationTotals, TestOutcome } from '../report/tests/outcome.ts'
import { countText } from '../report/words.ts'
import { type Mutant, mutationScore } from '../testing/mutation.ts'
import type { LocatedDiagnostic } from '../text/diagnostic.ts'

/** Longest text of a mutant that is quoted. */
const QUOTED_CHARS_MAX = 100

/** What reports count of mutants. */
export function mutationTotals(mutations: readonly GuardrailMutation[]): MutationTotals {
  return {
    ...countsOf(mutations),
    guardrails: mutations.map((one) => {
      const { id, file } = one.guardrail
      return { id, file, ...countsOf([one]) }
    }),
  }
}

function countsOf(mutations: readonly GuardrailMutation[]): {
  score: number
  mutants: number
  noticed: number
} {
  const sum = (all: readonly (readonly Mutant[])[]): number =>
    all.reduce((total, { length }) => total + length, 0)
  const mutants = sum(mutations.map((one) => one.mutants))
  const noticed = mutants - sum(mutations.map((one) => one.survivors))
  return { score: mutationScore(mutations), mutants, noticed }
}

/** What is said of mutants: each that no case notices, and what was not tried. */
export function mutationDiagnostics({
  guardrail,
  mutants,
  survivors,
  leftOut,
}: GuardrailMutation): LocatedDiagnostic[] {
  const { id, file, line } = guardrail
  const found =
    survivors.length === mutants.length && mutants.length > 0
      ? [unjudged(guardrail.id, mutants.length, { file, line })]
      : survivors.map(survivor)
  if (leftOut === 0) return found
  const message = `${countText(leftOut, 'mutant')} of \`${id}\` too many, which were not tried`
  return [...found, { code: 'MUTANTS_LEFT_OUT', severity: 'info', message, file, line }]
}

function survivor({ kind, before, after, ...place }: Mutant): LocatedDiagnostic {
  const change = after === '' ? 'is left out' : `becomes ${quoted(after)}`
  return {
    code: 'MUTANT_UNNOTICED',
    severity: 'warning',
    message: `no case notices when ${quoted(before)} ${change}`,
    ...place,
    help: HELPS[kind],
  }
}

/** What a case must be like to notice a mutant. */
const HELPS: Readonly<Record<Mutant['kind'], string>> = {
  condition: 'add a case that wants `none` for this condition alone',
  negation: 'add a case that only this condition decides',
  element: 'add a case that only this element decides',
  body: 'add a case that only this decides',
  operator: 'add a case at the boundary between the two',
  constant: 'add a case with exactly this value',
}

function unjudged(
  id: string,
  mutants: number,
  place: { file: string; line: number },
): LocatedDiagnostic {
  return {
    code: 'MUTANT_UNNOTICED',
    severity: 'warning',
    message: `no case of \`${id}\` notices any of its ${countText(mutants, 'mutant')}`,
    ...place,
    help: 'write cases that have findings, in NAME.cases.yaml beside NAME.rego',
  }
}

/** On one line, without its end where it is long. */
function quoted(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  const short = line.length > QUOTED_CHARS_MAX ? `${line.slice(0, QUOTED_CHARS_MAX - 1)}…` : line
  return `\`${short}\``
}

/** Whether the cases notice as many mutants as they must, as reports show it. */
export function scoreOutcome({ score, guardrails }: MutationTotals, floor: number): TestOutcome {
  const weakest = guardrails.reduce((least, one) => (one.score < least.score ? one : least))
  const isLow = score < floor
  return {
    kind: 'mutation',
    group: 'mutation score',
    name: `cases notice at least ${floor} % of the mutants`,
    // Where to begin.
    file: weakest.file,
    line: 1,
    status: isLow ? 'fail' : 'pass',
    ...(isLow
      ? {
          reason: `cases notice ${score.toFixed(1)} % of the mutants, and ${floor} % are asked for`,
        }
      : {}),
    details: [],
    facts: { score, floor },
  }
}
