import type { TestAnswers } from '../io/testing/answers.ts'
import type { TestedException } from '../io/testing/exceptions.ts'
import type { TestCoverage, TestOutcome, TestRun } from '../report/tests/outcome.ts'
import type { RegoTestResult } from '../toolchain/tests.ts'
import { caseOutcome } from './test-case-outcome.ts'
import { parityOutcome } from './test-parity-outcome.ts'

/** All answers as reports show them. */
export function testRun(answers: TestAnswers, seconds: number): TestRun {
  const { tests, cases, parity, exceptions, diagnostics } = answers
  const outcomes = [
    ...tests.map(regoOutcome),
    ...cases.map(caseOutcome),
    ...parity.map(parityOutcome),
    ...exceptions.map(exceptionOutcome),
  ]
  const coverage = coverageOf(answers)
  return { outcomes, ...(coverage ? { coverage } : {}), diagnostics, seconds }
}

function coverageOf({ coverage, alternatives }: TestAnswers): TestCoverage | undefined {
  if (coverage.length === 0) return undefined
  const undecided = alternatives.filter(({ isDecided }) => !isDecided)
  return {
    percent: coverage.reduce((sum, { percent }) => sum + percent, 0) / coverage.length,
    files: coverage.flatMap(({ files }) => files),
    alternatives: alternatives.length,
    undecided: undecided.map(({ guardrail: { id }, file, line, text, isImplied }) => ({
      guardrail: id,
      file,
      line,
      text,
      isImplied,
    })),
  }
}

/** A Rego test as reports show it. */
function regoOutcome(test: RegoTestResult): TestOutcome {
  const { name, status, file, line, failed, output, diagnostics, seconds } = test
  const reason = failed
    ? `${failed.file}:${failed.line}: \`${failed.text}\` does not hold`
    : diagnostics[0]?.message
  return {
    kind: 'rego',
    group: test.package.replace(/^data\./, ''),
    name,
    status,
    file,
    line,
    ...(reason === undefined ? {} : { reason }),
    ...(failed ? { at: failed } : {}),
    details: output === '' ? [] : [`printed: ${output.trim()}`],
    facts: { output, diagnostics },
    seconds,
  }
}

/** Whether an exception still holds. */
function exceptionOutcome({ name, until, fault, file, line }: TestedException): TestOutcome {
  return {
    kind: 'exception',
    group: file,
    name,
    file,
    line,
    status: fault ? 'fail' : 'pass',
    ...(fault ? { reason: fault.message } : {}),
    details: fault ? [fault.help] : [],
    facts: { until },
  }
}
