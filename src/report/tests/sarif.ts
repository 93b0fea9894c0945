import type { LocatedDiagnostic } from '../../text/diagnostic.ts'
import { type CodeDescription, diagnosticsSarif } from '../diagnostics-sarif.ts'
import { reasonOf, type TestOutcome, type TestRun } from './outcome.ts'

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
      title: 'Exception ended',
      about: 'An exception has ended, or holds for longer than an exception may.',
      fix: 'Delete it, or give it another date.',
    },
  ],
}

/** SARIF 2.1.0: a result for each outcome that is no pass, and one for each diagnostic. */
export function sarifTests({ outcomes, diagnostics }: TestRun, version: string): string {
  const failed = outcomes.filter(({ status }) => status === 'fail' || status === 'error')
  const descriptions = new Map(Object.values(KINDS))
  return diagnosticsSarif([...failed.map(asDiagnostic), ...diagnostics], {
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
