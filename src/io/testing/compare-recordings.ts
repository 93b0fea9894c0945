import { MALFORMED_SHOWN_MAX, TOOLCHAIN_BATCH_BYTES_MAX } from '../../text/limits.ts'
import { admit } from '../../engine/admission.ts'
import { EventSplitter } from '../../audit/split.ts'
import type { LocatedDiagnostic } from '../../text/diagnostic.ts'
import type { Judged } from '../../testing/parity.ts'
import { type InputOptions, openInputs } from '../inputs.ts'
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

/**
 * Asks all engines about every event of logs.
 * @returns what could not be compared: the first of it
 * @throws ParapetError for a log that cannot be read
 */
export async function compareRecordings(
  policy: PolicyUnderTest,
  { logs, onProgress, signal, ...options }: Recordings,
): Promise<LocatedDiagnostic[]> {
  const { inputs } = await openInputs(logs, options)
  const diagnostics: LocatedDiagnostic[] = []
  for (const input of inputs) {
    const batch = new Batch(input.name, diagnostics)
    const splitter = new EventSplitter(batch, { file: input.name })
    for await (const chunk of input.chunks()) {
      if (signal?.aborted) return diagnostics
      splitter.push(chunk)
      if (batch.bytes >= TOOLCHAIN_BATCH_BYTES_MAX) await policy.compareEvents(batch.take())
      onProgress?.(inputs.reduce((sum, { position }) => sum + position, 0))
    }
    splitter.end()
    await policy.compareEvents(batch.take())
  }
  return diagnostics
}

/** Events that wait to be compared. */
class Batch {
  bytes = 0
  readonly #file: string
  readonly #diagnostics: LocatedDiagnostic[]
  #events: Placed[] = []

  constructor(file: string, diagnostics: LocatedDiagnostic[]) {
    this.#file = file
    this.#diagnostics = diagnostics
  }

  take(): Placed[] {
    const events = this.#events
    this.#events = []
    this.bytes = 0
    return events
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
    if (this.#diagnostics.length >= MALFORMED_SHOWN_MAX) return
    const message = `not compared: ${reason}`
    this.#diagnostics.push({ code, severity: 'warning', message, file: this.#file, line })
  }
}
