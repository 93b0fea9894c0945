import { redactShapes } from '../audit/credentials.ts'
import { firstDuplicate } from '../audit/duplicate.ts'
import { notAnEvent } from '../audit/kind.ts'
import { DUPLICATE, MALFORMED, PLAIN, prove, provedEvent, UNSANITARY } from '../audit/prove.ts'
import type { ProvedEvent } from '../audit/proved.ts'
import { sanitise } from '../audit/sanitise.ts'
import { shown } from '../audit/shown.ts'
import { walk } from '../audit/walk.ts'

/** Why something could not be judged, or not without doubt. */
export interface Problem {
  readonly code: string
  readonly message: string
  readonly help?: string
}

/**
 * Lets a range of bytes in as an event, or says why not. An event with a name twice in an object is
 * let in and complained about: OPA takes the last value, Falco the first, so nobody can say that it
 * was judged rightly.
 */
export function admit(
  bytes: Uint8Array,
  start: number,
  end: number,
  complain: (problem: Problem) => void,
): ProvedEvent | undefined {
  const verdict = prove(bytes, start, end)
  if (verdict !== PLAIN) return admitUnusual(verdict, bytes.subarray(start, end), complain)
  return asEvent(provedEvent(bytes, start, end), complain)
}

function admitUnusual(
  verdict: number,
  bytes: Uint8Array,
  complain: (problem: Problem) => void,
): ProvedEvent | undefined {
  if (verdict >= MALFORMED) {
    const flaw = walk(bytes, 0, bytes.length)
    complain({ code: flaw?.code ?? 'MALFORMED_LINE', message: flaw?.reason ?? 'no JSON object' })
    return undefined
  }
  if (verdict & UNSANITARY) {
    const clean = sanitise(bytes)
    return admitUnusual(prove(clean, 0, clean.length), clean, complain)
  }
  if (verdict & DUPLICATE) complain(twice(bytes))
  return asEvent(provedEvent(bytes, 0, bytes.length), complain)
}

function twice(bytes: Uint8Array): Problem {
  const path = firstDuplicate(bytes, 0, bytes.length)?.path ?? []
  return {
    code: 'DUPLICATE_KEYS',
    message: `\`${shown(redactShapes(path.join('.')))}\` is there twice; the last one was judged, as OPA does`,
    help: 'an API server never writes such an event: find out what changed the log',
  }
}

function asEvent(
  event: ProvedEvent,
  complain: (problem: Problem) => void,
): ProvedEvent | undefined {
  const other = notAnEvent(event, 0, event.length)
  if (other === undefined) return event
  complain({
    code: 'NOT_AN_EVENT',
    message: `this is ${other}, not an audit event`,
    help: 'an audit log holds events of audit.k8s.io',
  })
  return undefined
}
