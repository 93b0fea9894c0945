import { pseudonymsIn } from '../pseudonym/event.ts'
import type { Pseudonyms } from '../pseudonym/pseudonyms.ts'
import { notAnEvent } from '../kind.ts'
import type { Malformed } from '../malformed.ts'
import { explain, MALFORMED, prove, UNSANITARY } from '../prove.ts'
import { sanitise } from '../sanitise.ts'
import type { EventSink } from '../split.ts'
import type { Kind } from './kinds.ts'
import { compact, spliced } from './splice.ts'
import { redactionsOf } from './rewrite.ts'

/** What has been taken out, by kind. */
export type Removed = Partial<Record<Kind, number>>

export interface RedactedLog {
  /** Takes the next redacted lines, each with its line feed. */
  take(): string
  readonly events: number
  readonly removed: Removed
  /** Names and addresses that were replaced by pseudonyms. */
  readonly renamed: number
  /** The receiver of one file's events. */
  sink(file: string): EventSink
}

/**
 * Rewrites events as JSON lines without anything confidential, and with pseudonyms where some are
 * given. What is no event is reported and not written: nobody can tell what is in it.
 */
export function redactedLog(
  malformed: (malformed: Malformed) => void,
  pseudonyms?: Pseudonyms,
): RedactedLog {
  const removed: Removed = {}
  let pending = ''
  let events = 0
  let renamed = 0
  const write = (event: Uint8Array): void => {
    const splices = redactionsOf(event, 0, event.length)
    for (const { kind } of splices) removed[kind] = (removed[kind] ?? 0) + 1
    let text = spliced(event, splices)
    if (pseudonyms) {
      const bytes = Buffer.from(text)
      const names = pseudonymsIn(bytes, pseudonyms)
      renamed += names.length
      text = spliced(bytes, names)
    }
    events += 1
    pending += `${text}\n`
  }
  return {
    get events() {
      return events
    },
    get renamed() {
      return renamed
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
