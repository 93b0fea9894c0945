import { redactorOf } from '../../audit/redact.ts'
import { MALFORMED_SHOWN_MAX, TOOLCHAIN_BATCH_BYTES_MAX } from '../../text/limits.ts'
import { admit } from '../../engine/admission.ts'
import { EventSplitter } from '../../audit/split.ts'
import type { LocatedDiagnostic } from '../../text/diagnostic.ts'
import type { Judged } from '../../testing/parity.ts'
import { type InputOptions, openInputs } from '../input/inputs.ts'
import type { PolicyUnderTest } from './policy-under-test.ts'

type Placed = Omit<Judged, 'verdict'>

/** Logs whose every event all engines are asked about. */
export interface Recordings extends InputOptions {
  /** Files, folders of rotated logs, globs, `-` for standard input. */
  readonly logs: readonly string[]
  /** Receives the bytes read so far, as stored. */
  readonly onProgress?: (bytes: number) => void
  readonly signal?: AbortSignal
}

/** How much of logs was compared. */
export interface RecordingsCompared {
  /** Number of events that all engines were asked about. */
  readonly events: number
  /** Number of those, and of lines that are none, that nobody could be asked about. */
  readonly unread: number
  /** Why not: the first ones, or that there was nothing to ask about. */
  readonly diagnostics: readonly LocatedDiagnostic[]
}

/**
 * Asks all engines about every event of logs.
 * @throws ParapetError for a log that cannot be read
 */
export async function compareRecordings(
  policy: PolicyUnderTest,
  { logs, onProgress, signal, ...options }: Recordings,
): Promise<RecordingsCompared> {
  const { inputs } = await openInputs(logs, options)
  const counts: Counts = { events: 0, unread: 0, diagnostics: [] }
  for (const input of inputs) {
    const batch = new Batch(input.name, counts)
    const splitter = new EventSplitter(batch, { file: input.name })
    for await (const chunk of input.chunks()) {
      if (signal?.aborted) return counts
      splitter.push(chunk)
      if (batch.bytes >= TOOLCHAIN_BATCH_BYTES_MAX) await batch.compare(policy)
      onProgress?.(inputs.reduce((sum, { position }) => sum + position, 0))
    }
    splitter.end()
    await batch.compare(policy)
  }
  if (counts.events + counts.unread === 0) counts.diagnostics.push(nothing(logs))
  return counts
}

interface Counts extends RecordingsCompared {
  events: number
  unread: number
  readonly diagnostics: LocatedDiagnostic[]
}

/** A log without events would else look like one on which all engines agree. */
function nothing(logs: readonly string[]): LocatedDiagnostic {
  return {
    code: 'RECORDINGS_EMPTY',
    severity: 'error',
    message: 'nothing was compared: there is no event in the recordings',
    file: logs[0] === '-' ? '<stdin>' : logs[0]!,
    line: 1,
    help: 'give a log that has events; standard input is read once, by the first policy',
  }
}

/** Events that wait to be compared. */
class Batch {
  bytes = 0
  readonly #file: string
  readonly #counts: Counts
  #events: Placed[] = []

  constructor(file: string, counts: Counts) {
    this.#file = file
    this.#counts = counts
  }

  /** Engines that all fail on an event agree about nothing. */
  async compare(policy: PolicyUnderTest): Promise<void> {
    const events = this.#events
    this.#events = []
    this.bytes = 0
    for (const { verdict, question, line } of await policy.compareEvents(events)) {
      if ('problem' in verdict) {
        const { code, message } = verdict.problem
        this.malformed({ code, reason: redactorOf(question.event).text(message), line })
      } else this.#counts.events += 1
    }
  }

  event(bytes: Uint8Array, start: number, end: number, line: number): void {
    // The splitter uses its bytes again.
    const own = new Uint8Array(bytes.subarray(start, end))
    let isDoubtful = false
    const event = admit(own, 0, own.length, ({ code, message }) => {
      isDoubtful = true
      this.malformed({ code, reason: message, line })
    })
    if (!event || isDoubtful) return
    this.bytes += event.length
    const question = { subject: { kind: 'union' }, event } as const
    this.#events.push({ question, file: this.#file, line })
  }

  malformed({ code, reason, line }: { code: string; reason: string; line: number }): void {
    this.#counts.unread += 1
    if (this.#counts.diagnostics.length >= MALFORMED_SHOWN_MAX) return
    const message = `not compared: ${reason}`
    this.#counts.diagnostics.push({ code, severity: 'error', message, file: this.#file, line })
  }
}
