import { redactorOf } from '../audit/redact.ts'
import type { TestOutcome } from '../report/tests/outcome.ts'
import { countText } from '../report/words.ts'
import type { EngineName } from '../testing/engine.ts'
import type { Explained, Judged, Said } from '../testing/parity.ts'
import type { GuardrailParity } from '../testing/parity-tally.ts'
import type { JsonObject } from '../text/json.ts'

/** Disagreements about one guardrail that are shown before the rest is counted. */
const DISAGREEMENTS_SHOWN = 5

/** Whether all engines agree about a guardrail, as reports show it. */
export function parityOutcome(parity: GuardrailParity): TestOutcome {
  const { guardrail, count, disagreements, missingRule } = parity
  const { id, file, line } = guardrail
  const base = { kind: 'parity', group: id, name: 'all engines agree', file, line } as const
  const [first] = disagreements
  if (!first && missingRule === undefined) return { ...base, status: 'pass', details: [] }
  const shown = disagreements.map(redacted)
  const more = count - DISAGREEMENTS_SHOWN
  const reasons = [
    ...(first ? [`engines disagree ${countText(count, 'time')}`] : []),
    ...(missingRule === undefined ? [] : [missingRule]),
  ]
  return {
    ...base,
    status: 'fail',
    ...(first ? { at: first.judged } : {}),
    reason: reasons.join(', and '),
    details: [
      ...shown.slice(0, DISAGREEMENTS_SHOWN).flatMap(disagreementLines),
      ...(more > 0 ? [`… and ${more} more`] : []),
      ...(missingRule === undefined ? [] : [MISSING_RULE]),
    ],
    facts: { count, disagreements: shown.map(disagreementFacts) },
  }
}

const MISSING_RULE =
  '`parapet falco generate` writes it; for none at all say `custom.falco: {mode: none, reason: …}` in METADATA'

/** The engines' own words are compared; none is shown with what the event holds in confidence. */
function redacted(one: Explained): Explained {
  const { ours, theirs, rego, falco } = one
  return { ...one, ...redactorOf(one.judged.question.event).value({ ours, theirs, rego, falco }) }
}

function disagreementLines({ judged, engine, ours, theirs, rego, falco }: Explained): string[] {
  return [
    `${judged.file}:${judged.line}: ${nameOf(judged)}`,
    `  ${ENGINES.wasm} ${saidText(ours)}, ${ENGINES[engine]} ${saidText(theirs)}`,
    ...rego.map((line) => `  Rego:  ${line}`),
    ...falco.map((line) => `  Falco: ${line}`),
    ...(engine === 'sdk' && 'problem' in theirs ? [`  ${NOT_PORTABLE}`] : []),
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

const NOT_PORTABLE =
  'where nobody needs it there, say `custom.portable: false` in the METADATA of the guardrail'

function saidText(said: Said): string {
  if ('problem' in said) return `could not say (${said.problem})`
  if (said.messages.length === 0) return 'finds nothing'
  return `finds ${said.messages.map((message) => JSON.stringify(message)).join(', ')}`
}
