import type { ProvedEvent } from '../audit/proved.ts'
import { admit, type Problem } from '../engine/admission.ts'
import type { JsonObject } from '../text/json.ts'
import type { Case, RecordedRequest } from './case.ts'
import { mergePatch } from './merge-patch.ts'

/** The events of a request in a recording, as they were logged. */
export type Recorded = (request: RecordedRequest) => readonly Uint8Array[]

/** The events of a case, or why they cannot be judged. */
export type CaseEvents = { readonly events: readonly ProvedEvent[] } | { readonly problem: Problem }

/** Lets the events of a case in as a scan would. */
export function eventsOf({ happens }: Case, recorded: Recorded): CaseEvents {
  if (happens.kind === 'events') return admitAll(happens.events.map(bytesOf))
  const { auditID, stage, recording, patch } = happens
  const found = recorded(happens).filter(
    (bytes) => stage === undefined || parse(bytes)['stage'] === stage,
  )
  if (found.length === 0) {
    const which = stage === undefined ? '' : ` of stage \`${stage}\``
    const message = `\`${recording}\` has no event${which} with the auditID \`${auditID}\``
    return { problem: { code: 'CASE_EVENT_MISSING', message } }
  }
  if (!patch) return admitAll(found)
  return admitAll(found.map((bytes) => bytesOf(mergePatch(parse(bytes), patch))))
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
