import { FOREIGN_MEMBERS } from '../kind.ts'
import type { LineJudge, Spans } from './judge.ts'
import { ScannerMemory } from './memory.ts'
import { Shapes } from './shapes.ts'
import { watchTree } from './watch.ts'

/** Bytes that are gone through at once; small enough to stay in a processor's cache. */
const WINDOW_BYTES = 256 * 1024

/** Receives the lines that need a closer look, in their order. */
export interface LineSink {
  /**
   * `bytes[start, end)` is proved to be one event, with white space around it at most, and the judge
   * did not rule it out. Valid during the call. `line` counts from 0, the first line of the range.
   */
  candidate(
    bytes: Uint8Array,
    start: number,
    end: number,
    line: number,
    answer: number,
    spans: Spans,
  ): void
  /**
   * The line at `start` … `end` of the range given to `scan`, without its line feed, is not proved
   * to be one event. False where reading must not go on behind it.
   */
  doubt(start: number, end: number, line: number): boolean
}

/** How far a scan came. */
export interface Scanned {
  /** Position behind the last line. */
  readonly end: number
  readonly lines: number
  /** Lines that are events and not candidates. */
  readonly clean: number
}

/**
 * Goes through JSON lines at a few bytes a cycle. Every line is proved to be exactly one JSON object
 * that is an audit event (what is not is "in doubt", and never skipped), and the judge is asked
 * about the values of a few paths in it; nothing is built. A line that no guardrail can match costs
 * no more than that.
 *
 * How: API servers write few shapes of events, so the bytes between two values are nearly always
 * bytes that were seen before. They are learned (shapes.ts) and then compared, sixteen at a time; a
 * value is gone over by looking for its end. The inner loop is WebAssembly (scanner/assembly).
 * What a line comes to depends on its own bytes alone, never on what was learned or on how the
 * input was cut.
 */
export class Scanner {
  readonly #memory: ScannerMemory
  readonly #judge: LineJudge
  readonly #shapes: Shapes
  readonly #spans: Spans
  #root: number
  #sink!: LineSink
  /** Position in the caller's bytes of the window's first byte. */
  #origin = 0
  #line = 0
  #seen = 0
  #lineStart = 0
  #stopped = false

  constructor(judge: LineJudge) {
    this.#judge = judge
    this.#memory = new ScannerMemory(
      {
        learn: (state, at) => this.#shapes.learn(state, at),
        classify: (feature, start, end) => judge.classify(feature, start, end),
        combine: (feature, before, element) => judge.combine(feature, before, element),
        decide: (decision, valueClass) => judge.decide(decision, valueClass),
        candidate: (start, end, index, answer) => this.#candidate(start, end, index, answer),
        doubt: (start, end, index) => this.#doubt(start, end, index),
      },
      WINDOW_BYTES,
    )
    this.#shapes = new Shapes(this.#memory, FOREIGN_MEMBERS, watchTree(judge.paths))
    this.#root = judge.place(this.#memory)
    const slots = this.#memory.constant('SLOTS') >> 2
    const { bytes, words } = this.#memory
    this.#spans = {
      text: (slot) => {
        const start = words[slots + 2 * slot]!
        const end = words[slots + 2 * slot + 1]!
        if (start < this.#lineStart) return null
        if (end <= start) return undefined
        return Buffer.from(bytes.buffer, start, end - start).toString()
      },
    }
  }

  /**
   * Goes through the whole lines of `bytes[start, end)`, each of which ends with a line feed. Stops
   * behind a line at which the sink says so, and before one that is too long for a window.
   */
  scan(bytes: Uint8Array, start: number, end: number, sink: LineSink): Scanned {
    this.#sink = sink
    this.#line = 0
    this.#seen = 0
    this.#stopped = false
    let at = start
    while (at < end && !this.#stopped) {
      const window = Math.min(at + WINDOW_BYTES, end)
      const last = window === end ? end : lastFeed(bytes, at, window) + 1
      if (last <= at) break
      at = this.#window(bytes, at, last)
    }
    this.#judge.observe(this.#line)
    return { end: at, lines: this.#line, clean: this.#line - this.#seen }
  }

  #window(bytes: Uint8Array, start: number, end: number): number {
    this.#makeRoom()
    const { input, words } = this.#memory
    this.#shapes.observe(end - start)
    this.#memory.bytes.set(bytes.subarray(start, end), input)
    this.#origin = start
    const scanned = this.#memory.scan(input, input + end - start, this.#root)
    this.#line += words[this.#memory.constant('LINES') >> 2]!
    return start + scanned - input
  }

  /** Starts learning afresh where there was no room: what was learned is no part of any answer. */
  #makeRoom(): void {
    if (!this.#shapes.full && !this.#judge.full) return
    this.#memory.reset()
    this.#shapes.forget()
    this.#root = this.#judge.place(this.#memory)
  }

  #candidate(start: number, end: number, index: number, answer: number): void {
    this.#seen++
    this.#lineStart = start
    const line = this.#line + index
    this.#sink.candidate(this.#memory.bytes, start, end, line, answer, this.#spans)
  }

  #doubt(start: number, end: number, index: number): number {
    this.#seen++
    const shift = this.#origin - this.#memory.input
    const goOn = this.#sink.doubt(start + shift, end + shift, this.#line + index)
    this.#stopped = !goOn
    return goOn ? 1 : 0
  }
}

function lastFeed(bytes: Uint8Array, start: number, end: number): number {
  const at = bytes.lastIndexOf(0x0a, end - 1)
  return at < start ? -1 : at
}
