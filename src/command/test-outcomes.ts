import type { TestCoverage, TestOutcome, TestRun } from '../report/tests/outcome.ts'
import type { Explained } from '../testing/parity.ts'
import type { EngineName } from '../testing/engine.ts'
import type { Judged, Said } from '../testing/parity.ts'
import type { GuardrailParity } from '../testing/parity-tally.ts'
import type { TestAnswers, TestedCase } from '../io/test-answers.ts'
import type { TestedException } from '../io/test-exceptions.ts'
import type { CaseResult } from '../testing/run.ts'
import type { Want } from '../testing/case.ts'
import type { Finding } from '../engine/finding.ts'
import { relevantPart } from '../testing/relevant.ts'
import type { JsonObject } from '../text/json.ts'
import type { RegoTestResult } from '../toolchain/tests.ts'
import { countText } from '../report/words.ts'

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
export function regoOutcome(test: RegoTestResult): TestOutcome {
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

/** A case as reports show it. */
export function caseOutcome({ result, reads }: TestedCase): TestOutcome {
  const { case: one, subject, status, findings, problem } = result
  const group = subject.kind === 'guardrail' ? subject.guardrail.id : one.file
  const base = {
    kind: 'case',
    group,
    name: one.note,
    file: one.file,
    line: one.line,
    status,
  } as const
  if (status === 'pass') return { ...base, details: [] }
  const events = result.events.map((bytes) => {
    const event = JSON.parse(Buffer.from(bytes).toString()) as JsonObject
    return reads ? relevantPart(event, reads) : event
  })
  return {
    ...base,
    reason: problem?.message ?? failure(one.want, findings),
    details: [...difference(result), ...events.map((event) => `event: ${JSON.stringify(event)}`)],
    facts: { want: wanted(one.want), found: findings.map((finding) => shown(finding)), events },
  }
}

function failure(want: Want, findings: readonly Finding[]): string {
  const came = findings.length === 0 ? 'none came' : `${countText(findings.length, 'finding')} came`
  if (want.kind === 'none') return `no finding was wanted, ${came}`
  const number = want.kind === 'count' ? want.count : want.findings.length
  if (number === findings.length) return `other findings were wanted than came`
  return `${countText(number, 'finding')} ${number === 1 ? 'was' : 'were'} wanted, ${came}`
}

/** What was wanted and did not come, and what came unwanted. */
function difference({ case: { want }, comparison, findings }: CaseResult): string[] {
  const { missing, extra } = comparison
  const came = want.kind === 'count' ? findings : extra
  const fields = new Set(missing.flatMap((finding) => Object.keys(finding)))
  return [
    ...missing.map((finding) => `- ${text(finding)}`),
    ...came.map((finding) => `+ ${text(shown(finding, fields))}`),
  ]
}

/** A message alone as it is, anything else as JSON. */
function text(finding: JsonObject): string {
  const { message, ...rest } = finding
  return Object.keys(rest).length === 0 ? String(message) : JSON.stringify(finding)
}

/** A finding's message, and the fields that were asked for. */
function shown(finding: Finding, fields: ReadonlySet<string> = new Set()): JsonObject {
  const named = Object.entries(finding).filter(([name]) => name === 'message' || fields.has(name))
  return Object.fromEntries(named)
}

function wanted(want: Want): unknown {
  if (want.kind === 'none') return 'none'
  return want.kind === 'count' ? { count: want.count } : want.findings
}

/** Disagreements about one guardrail that are shown before the rest is counted. */
const DISAGREEMENTS_SHOWN = 5

/** Whether all engines agree about a guardrail, as reports show it. */
export function parityOutcome({ guardrail, count, disagreements }: GuardrailParity): TestOutcome {
  const { id, file, line } = guardrail
  const base = { kind: 'parity', group: id, name: 'all engines agree', file, line } as const
  const [first] = disagreements
  if (!first) return { ...base, status: 'pass', details: [] }
  const more = count - DISAGREEMENTS_SHOWN
  return {
    ...base,
    status: 'fail',
    at: first.judged,
    reason: `engines disagree ${countText(count, 'time')}`,
    details: [
      ...disagreements.slice(0, DISAGREEMENTS_SHOWN).flatMap(disagreementLines),
      ...(more > 0 ? [`… and ${more} more`] : []),
    ],
    facts: { count, disagreements: disagreements.map(disagreementFacts) },
  }
}

function disagreementLines({ judged, engine, ours, theirs, rego, falco }: Explained): string[] {
  return [
    `${judged.file}:${judged.line}: ${nameOf(judged)}`,
    `  ${ENGINES.wasm} ${saidText(ours)}, ${ENGINES[engine]} ${saidText(theirs)}`,
    ...rego.map((line) => `  Rego:  ${line}`),
    ...falco.map((line) => `  Falco: ${line}`),
  ]
}

function disagreementFacts({
  judged,
  engine,
  relation,
  ours,
  theirs,
  rego,
  falco,
}: Explained): object {
  const { file, line } = judged
  return { file, line, name: nameOf(judged), engine, relation, ours, theirs, rego, falco }
}

/** The note of the event's case, or its auditID. */
function nameOf({ note, question: { event } }: Judged): string {
  if (note !== undefined) return note
  const { auditID } = JSON.parse(Buffer.from(event).toString()) as JsonObject
  return `auditID ${String(auditID)}`
}

const ENGINES: Readonly<Record<EngineName, string>> = {
  wasm: 'Parapet',
  opa: 'OPA',
  sdk: 'the WASM SDK',
  falco: 'Falco',
}

function saidText(said: Said): string {
  if ('problem' in said) return `could not say (${said.problem})`
  if (said.messages.length === 0) return 'finds nothing'
  return `finds ${said.messages.map((message) => JSON.stringify(message)).join(', ')}`
}

/** Whether an exception still holds. */
export function exceptionOutcome({ name, until, fault, file, line }: TestedException): TestOutcome {
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
