import { redactedEvent, redactorFor } from '../audit/redact.ts'
import type { Finding } from '../engine/finding.ts'
import type { TestedCase } from '../io/testing/answers.ts'
import type { TestOutcome } from '../report/tests/outcome.ts'
import { countText } from '../report/words.ts'
import type { Want, WantedFinding } from '../testing/case.ts'
import { relevantPart } from '../testing/relevant.ts'
import type { CaseResult } from '../testing/run.ts'
import type { JsonObject } from '../text/json.ts'

/** A case as reports show it. */
export function caseOutcome({ result, reads }: TestedCase): TestOutcome {
  const { case: one, subject, status } = result
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
  const whole = result.events.map(
    (bytes) => JSON.parse(Buffer.from(bytes).toString()) as JsonObject,
  )
  const isReal = one.happens.kind === 'recording'
  const said = isReal ? redacted(result, whole) : result
  const events = (isReal ? whole.map(redactedEvent) : whole).map((event) =>
    reads ? relevantPart(event, reads) : event,
  )
  const wishes = one.want.kind === 'list' ? one.want.findings : []
  return {
    ...base,
    reason: said.problem?.message ?? failure(one.want, said.findings),
    details: [...difference(said), ...events.map((event) => `event: ${JSON.stringify(event)}`)],
    facts: {
      want: wanted(one.want),
      found: said.findings.map((finding) => shown(finding, fieldsOf(wishes))),
      events,
    },
  }
}

/** What came, without what the events hold in confidence. What was wanted is the author's own text. */
function redacted(result: CaseResult, events: readonly JsonObject[]): CaseResult {
  const redactors = events.map((event) => redactorFor(() => event))
  const safe = <T>(value: T): T => redactors.reduce((rest, one) => one.value(rest), value)
  const { findings, fit, problem } = result
  return {
    ...result,
    findings: safe(findings),
    fit: { ...fit, extra: safe(fit.extra) },
    ...(problem ? { problem: safe(problem) } : {}),
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
function difference({ case: { want }, fit, findings }: CaseResult): string[] {
  const { missing, extra } = fit
  const came = want.kind === 'count' ? findings : extra
  return [
    ...missing.map((finding) => `- ${text(finding)}`),
    ...came.map((finding) => `+ ${text(shown(finding, fieldsOf(missing)))}`),
  ]
}

/** The names of all fields that some wanted finding names. */
function fieldsOf(wishes: readonly WantedFinding[]): ReadonlySet<string> {
  return new Set(wishes.flatMap((wish) => Object.keys(wish)))
}

/** A message alone as it is, anything else as JSON. */
function text(finding: JsonObject): string {
  const { message, ...rest } = finding
  return Object.keys(rest).length === 0 ? String(message) : JSON.stringify(finding)
}

/** A finding's message, and the fields that were asked for. */
function shown(finding: Finding, fields: ReadonlySet<string>): JsonObject {
  const named = Object.entries(finding).filter(([name]) => name === 'message' || fields.has(name))
  return Object.fromEntries(named)
}

function wanted(want: Want): unknown {
  if (want.kind === 'none') return 'none'
  return want.kind === 'count' ? { count: want.count } : want.findings
}
