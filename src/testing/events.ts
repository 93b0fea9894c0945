import type { ProvedEvent } from '../audit/proved.ts'
import { admit, type Problem } from '../engine/admission.ts'
import type { JsonObject } from '../text/json.ts'
import type { Position } from '../text/document.ts'
import type { Case, RecordedRequest } from './case.ts'
import { mergePatch } from './merge-patch.ts'

/** The events of a request in a recording, as they were logged. */
export type Recorded = (request: RecordedRequest) => readonly Uint8Array[]

/** The events of a case, or why they cannot be judged; with a place in the case file where it is known. */
export type CaseEvents =
  | { readonly events: readonly ProvedEvent[] }
  | { readonly problem: Problem; readonly at?: Position; readonly help?: string }

/** Lets the events of a case in as a scan would. */
export function eventsOf({ happens }: Case, recorded: Recorded): CaseEvents {
  if (happens.kind === 'events') return admitAll(happens.events.map(bytesOf))
  const { stage, patch } = happens
  const all = recorded(happens)
  const found = all.filter((bytes) => stage === undefined || parse(bytes)['stage'] === stage)
  if (found.length === 0) return missing(happens, all)
  if (!patch) return admitAll(found)
  return admitAll(found.map((bytes) => bytesOf(mergePatch(parse(bytes), patch))))
}

function missing(
  { recording, auditID, auditIDAt: at, stage }: RecordedRequest,
  ofRequest: readonly Uint8Array[],
): CaseEvents {
  const which = stage === undefined ? '' : ` of stage \`${stage}\``
  const message = `\`${recording}\` has no event${which} with the auditID \`${auditID}\``
  const stages = ofRequest.map((bytes) => String(parse(bytes)['stage'])).join(', ')
  const help =
    stages === ''
      ? 'take the `auditID` of a finding, as `parapet scan --format jsonl` prints it'
      : `its stages are ${stages}`
  return { problem: { code: 'CASE_EVENT_MISSING', message }, at, help }
}

function admitAll(all: readonly Uint8Array[]): CaseEvents {
  const problems: Problem[] = []
  const events = all.flatMap(
    (bytes) => admit(bytes, 0, bytes.length, (problem) => problems.push(problem)) ?? [],
  )
  return problems[0] ? { problem: problems[0] } : { events }
}

function bytesOf(event: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(event))
}

function parse(bytes: Uint8Array): JsonObject {
  return JSON.parse(Buffer.from(bytes).toString()) as JsonObject
}
