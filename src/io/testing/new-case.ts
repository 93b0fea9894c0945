import { redactedEvent } from '../../audit/redact.ts'
import { admit } from '../../engine/admission.ts'
import type { Match } from '../../engine/evaluator.ts'
import type { GuardrailMetadata } from '../../rego/metadata.ts'
import { bases } from '../../testing/bases.ts'
import { mergePatch } from '../../testing/merge-patch.ts'
import { caseText, waysToWrite, type WrittenHappening } from '../../testing/new-case.ts'
import type { JsonObject } from '../../text/json.ts'
import { ParapetError } from '../../text/error.ts'
import { nearest } from '../../text/nearest.ts'
import type { Toolchain } from '../../toolchain/toolchain.ts'
import { builtinSources } from '../installed.ts'
import { CASES_SUFFIX } from '../policy/policy-files.ts'
import { readRequest } from '../input/requests.ts'
import { type OpenGuardrails, openGuardrails } from './open-guardrails.ts'
import { openSuites } from './suite.ts'

export interface NewCaseRequest {
  /** The policy: a folder, .rego file or `builtin`. */
  readonly source: string
  /** The log that holds the event. */
  readonly log: string
  readonly auditID: string
  /** Id of the guardrail; all that find something where there is none. */
  readonly guardrail?: string | undefined
  readonly cwd: string
}

/** A case that was made from an event. */
export interface NewCase {
  readonly guardrail: GuardrailMetadata
  /** The case file beside the guardrail, as messages call it; none for those that come with Parapet. */
  readonly file?: string
  /** The case as an element of a case file. */
  readonly text: string
}

/**
 * Makes cases from the last event of a request: redacted, and as short as it can be written so that
 * the guardrail finds the same in it.
 * @throws ParapetError `REQUEST_NOT_FOUND`; where there is no such guardrail, or none finds anything
 */
export async function newCases(toolchain: Toolchain, request: NewCaseRequest): Promise<NewCase[]> {
  const event = await lastEvent(request)
  const policy = await openPolicy(toolchain, request)
  const chosen = choose(policy.compiled.guardrails, request.guardrail)
  const cases: NewCase[] = []
  for (const guardrail of chosen) {
    const messages = await messagesOn(policy, guardrail, event)
    if (messages.length === 0 && request.guardrail === undefined) continue
    const happening = await shortest(policy, guardrail, event, messages)
    const note = noteOf(event, messages)
    const file =
      request.source === 'builtin' ? {} : { file: guardrail.file.replace(/\.rego$/, CASES_SUFFIX) }
    cases.push({ guardrail, ...file, text: caseText(note, happening, messages) })
  }
  if (cases.length > 0) return cases
  throw new ParapetError('CASE_EMPTY', 'no guardrail finds anything in this event', {
    help: 'name a guardrail with --guardrail, for a case that wants nothing',
  })
}

async function lastEvent({ log, auditID, cwd }: NewCaseRequest): Promise<JsonObject> {
  const events = await readRequest(log, auditID, cwd)
  return redactedEvent(JSON.parse(Buffer.from(events.at(-1)!).toString()) as JsonObject)
}

async function openPolicy(
  toolchain: Toolchain,
  { source, cwd }: NewCaseRequest,
): Promise<OpenGuardrails> {
  const folder = source === 'builtin' ? builtinSources : source
  const suites = await openSuites(folder, cwd, undefined)
  const [suite, ...more] = suites.filter(({ sources }) => sources !== undefined)
  if (suite && more.length === 0) return openGuardrails(toolchain, suite.sources!)
  const names = suites.map(({ shown }) => shown).join(', ')
  throw new ParapetError(
    'USAGE',
    `\`${source}\` holds ${suite ? 'several policies' : 'no policy'}`,
    {
      help: suite ? `name one of them: ${names}` : 'name the folder of a policy',
    },
  )
}

function choose(
  guardrails: readonly GuardrailMetadata[],
  id: string | undefined,
): readonly GuardrailMetadata[] {
  if (id === undefined) return guardrails
  const found = guardrails.find((guardrail) => guardrail.id === id)
  if (found) return [found]
  const meant = nearest(
    id,
    guardrails.map((guardrail) => guardrail.id),
  )
  throw new ParapetError('GUARDRAIL_UNKNOWN', `there is no guardrail \`${id}\``, {
    help: meant ? `did you mean \`${meant}\`?` : '`parapet guardrails` lists them',
  })
}

/** The first way to write the event in which the guardrail finds the same. */
async function shortest(
  policy: OpenGuardrails,
  guardrail: GuardrailMetadata,
  event: JsonObject,
  messages: readonly string[],
): Promise<WrittenHappening> {
  for (const way of waysToWrite(event, policy.conditions.reads(guardrail))) {
    const found = await messagesOn(policy, guardrail, written(way))
    if (found.join('\n') === messages.join('\n')) return way
  }
  return { event }
}

function written(way: WrittenHappening): JsonObject {
  if ('event' in way) return way.event
  return mergePatch(bases.get(way.base)!.event, way.patch ?? {}) as JsonObject
}

async function messagesOn(
  policy: OpenGuardrails,
  guardrail: GuardrailMetadata,
  event: JsonObject,
): Promise<string[]> {
  const bytes = Buffer.from(JSON.stringify(event))
  const proved = admit(bytes, 0, bytes.length, () => {})
  if (!proved) throw new ParapetError('NOT_AN_EVENT', 'this is no audit event')
  const subject = { kind: 'guardrail', guardrail } as const
  const [verdict] = await policy.wasm.answer([{ subject, event: proved }])
  if ('problem' in verdict!) throw new ParapetError(verdict.problem.code, verdict.problem.message)
  return verdict!.matches.map(({ message }: Match) => message).sort()
}

/** A sentence to begin with; the auditID makes it the only one. */
function noteOf(event: JsonObject, messages: readonly string[]): string {
  const { verb, auditID } = event
  return `${messages[0] ?? `nothing is found in a ${String(verb)}`} (${String(auditID)})`
}
