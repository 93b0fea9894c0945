import type { LocatedDiagnostic } from '../../text/diagnostic.ts'
import { type CodeDescription, diagnosticsSarif } from '../diagnostics-sarif.ts'
import { reasonOf, type TestOutcome, type TestRun } from './outcome.ts'
import { coverageDiagnostics } from './reach.ts'

const KINDS: Readonly<Record<TestOutcome['kind'], readonly [string, CodeDescription]>> = {
  rego: [
    'REGO_TEST_FAILED',
    {
      title: 'Rego test failed',
      about: 'A rule `test_…` of the policy does not hold.',
      fix: 'Read the expression that did not hold; one of the two is wrong, the policy or its test.',
    },
  ],
  case: [
    'CASE_FAILED',
    {
      title: 'Case failed',
      about: 'What was found in the case is not what it wants.',
      fix: 'Mend the guardrail, or the case; `parapet test --update` writes what was found.',
    },
  ],
  parity: [
    'ENGINES_DISAGREE',
    {
      title: 'Engines disagree',
      about: 'Two engines decide differently about the same event.',
      fix: 'Compare the conditions that decided on either side.',
    },
  ],
  exception: [
    'EXCEPTION_ENDED',
    {
      title: 'Exception does not hold',
      about:
        'An exception has ended, holds for longer than an exception may, or is for no guardrail.',
      fix: 'Delete it, or mend its date or its guardrail.',
    },
  ],
  mutation: [
    'MUTATION_SCORE_LOW',
    {
      title: 'Too few mutants are noticed',
      about:
        'Changes of guardrails make no case fail, more of them than `--mutation-score` allows.',
      fix: 'Add cases that notice them; the results with MUTANT_UNNOTICED say which.',
    },
  ],
  missing: [
    'GUARDRAIL_INCOMPLETE',
    {
      title: 'Guardrail lacks something',
      about: 'A guardrail lacks cases, or parts of its METADATA.',
      fix: 'Add what is missing.',
    },
  ],
}

/** SARIF 2.1.0: a result for each outcome that is no pass, each diagnostic, and what is not covered. */
export function sarifTests({ outcomes, diagnostics, coverage }: TestRun, version: string): string {
  const failed = outcomes.filter(({ status }) => status === 'fail' || status === 'error')
  const descriptions = new Map(Object.values(KINDS))
  const uncovered = coverage ? coverageDiagnostics(coverage) : []
  return diagnosticsSarif([...failed.map(asDiagnostic), ...diagnostics, ...uncovered], {
    version,
    describe: (code) => descriptions.get(code),
  })
}

function asDiagnostic(outcome: TestOutcome): LocatedDiagnostic {
  const { file, line } = outcome.at ?? outcome
  return {
    code: KINDS[outcome.kind][0],
    severity: 'error',
    message: [`${outcome.group}: ${outcome.name}: ${reasonOf(outcome)}`, ...outcome.details].join(
      '\n',
    ),
    file,
    line,
  }
}
