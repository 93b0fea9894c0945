import type { TestOutcome, TestRun } from './outcome.ts'

/** One JSON document. */
export function jsonTests({
  outcomes,
  coverage,
  mutation,
  recordings,
  diagnostics,
  seconds,
}: TestRun): string {
  const tests = outcomes.map(member)
  const document = { tests, coverage, mutation, recordings, diagnostics, seconds }
  return `${JSON.stringify(document, undefined, 2)}\n`
}

function member({
  kind,
  group,
  name,
  status,
  file,
  line,
  reason,
  facts,
  seconds,
}: TestOutcome): object {
  return { kind, group, name, status, file, line, reason, ...facts, seconds }
}
