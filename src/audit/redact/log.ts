import { notAnEvent } from '../kind.ts'
import type { Malformed } from '../malformed.ts'
import { explain, MALFORMED, prove, UNSANITARY } from '../prove.ts'
import { sanitise } from '../sanitise.ts'
import type { EventSink } from '../split.ts'
import type { Kind } from './kinds.ts'
import { compact, spliced, type Splice } from './splice.ts'
import { redactionsOf } from './rewrite.ts'

/** What has been taken out, by kind. */
export type Removed = Partial<Record<Kind, number>>

export interface RedactedLog {
  /** Takes the next redacted lines, each with its line feed. */
  take(): string
  readonly events: number
  readonly removed: Removed
  /** The receiver of one file's events. */
  sink(file: string): EventSink
}

/** Further changes to each event, after its redaction. */
export type Change = (event: Uint8Array) => readonly Splice[]

/**
 * Rewrites events as JSON lines without anything confidential. What is no event is reported and not
 * written: nobody can tell what is in it.
 */
export function redactedLog(
  malformed: (malformed: Malformed) => void,
  change?: Change,
): RedactedLog {
  const removed: Removed = {}
  let pending = ''
  let events = 0
  const write = (event: Uint8Array): void => {
    const splices = redactionsOf(event, 0, event.length)
    for (const { kind } of splices) removed[kind] = (removed[kind] ?? 0) + 1
    let text = spliced(event, splices)
    if (change) {
      const bytes = Buffer.from(text)
      text = spliced(bytes, change(bytes))
    }
    events += 1
    pending += `${text}\n`
  }
  return {
    get events() {
      return events
    },
    removed,
    take() {
      const text = pending
      pending = ''
      return text
    },
    sink: (file) => ({
      event(bytes, start, end, line) {
        const admitted = admit(bytes.subarray(start, end), file, line, malformed)
        if (admitted) write(compact(admitted))
      },
      malformed,
    }),
  }
}

/** The bytes of an event in valid UTF-8; undefined, and reported, for anything else. */
function admit(
  bytes: Uint8Array,
  file: string,
  line: number,
  report: (malformed: Malformed) => void,
): Uint8Array | undefined {
  const verdict = prove(bytes, 0, bytes.length)
  if (verdict >= MALFORMED) {
    const { code = 'MALFORMED_LINE', offset = 0, reason } = explain(bytes, 0, bytes.length) ?? {}
    report({ file, line, code, offset, reason: reason ?? 'it is not a JSON object' })
    return undefined
  }
  const other = notAnEvent(bytes, 0, bytes.length)
  if (other !== undefined) {
    const reason = `this is ${other}, not an audit event`
    const help = 'an audit log holds events of audit.k8s.io'
    report({ file, line, code: 'NOT_AN_EVENT', offset: 0, reason, help })
    return undefined
  }
  return verdict & UNSANITARY ? sanitise(bytes) : bytes
}
