import { type EventSink, EventSplitter } from '../audit/split.ts'
import type { Scan } from '../engine/scan.ts'
import { ParapetError } from '../text/error.ts'
import type { Input } from './inputs.ts'

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined
  /** Sees the events on their way into the scan. */
  readonly watch?: (sink: EventSink) => EventSink
  /** Receives what a user should know and what is no error. */
  readonly onNotice?: ((text: string) => void) | undefined
  /** Called now and then with the bytes read so far, as stored. */
  readonly onProgress?: ((position: number) => void) | undefined
}

/**
 * Pushes the events of all inputs into a scan. Yields after each piece, with its bytes (unpacked), and
 * where an input ends, with none: what was found so far can be taken then.
 */
export async function* readEvents(
  inputs: readonly Input[],
  scan: Scan,
  options: ReadOptions,
): AsyncGenerator<number, void, undefined> {
  const position = (): number => inputs.reduce((sum, input) => sum + input.position, 0)
  for (const input of inputs) {
    if (options.signal?.aborted) return
    const before = scan.judged
    for await (const bytes of readInput(input, scan, options)) {
      yield bytes
      options.onProgress?.(position())
    }
    if (scan.judged === before) options.onNotice?.(`${input.name}: there are no events in it`)
  }
}

async function* readInput(
  input: Input,
  scan: Scan,
  { signal, watch = (sink) => sink, onNotice }: ReadOptions,
): AsyncGenerator<number, void, undefined> {
  const others = new Map<string, number>()
  const sink = {
    ...watch(scan.sink(input.name)),
    other: (what: string) => void others.set(what, (others.get(what) ?? 0) + 1),
  }
  const splitter = new EventSplitter(sink, { file: input.name })
  let failure: ParapetError | undefined
  try {
    for await (const chunk of input.chunks()) {
      if (signal?.aborted) return
      splitter.push(chunk)
      yield chunk.length
      if (splitter.refused) break
    }
  } catch (error) {
    // What was read of a broken file counts, and the other files are still read.
    if (!(error instanceof ParapetError)) throw error
    failure = error
  }
  splitter.end()
  if (others.size > 0) onNotice?.(passedOver(input.name, others))
  if (failure) scan.unreadable(input.name, failure)
  yield 0
}

function passedOver(file: string, others: ReadonlyMap<string, number>): string {
  const each = [...others].map(([what, count]) => `${count} ${what}`).join(', ')
  return `${file}: entries of other logs than the audit log were passed over: ${each}`
}

/** Bytes of all inputs as stored; undefined where one has no size. */
export function sizeOf(inputs: readonly Input[]): number | undefined {
  const sizes = inputs.map((input) => input.size)
  if (sizes.includes(undefined)) return undefined
  return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0)
}
