import { FOREIGN_MEMBERS } from '../kind.ts'
import { provedEvent } from '../prove.ts'
import type { ProvedEvent } from '../proved.ts'
import type { LineJudge, Spans } from './judge.ts'
import { ScannerMemory } from './memory.ts'
import type { Projection } from './projection.ts'
import { Projector } from './projector.ts'
import { Shapes } from './shapes.ts'
import { watchTree } from './watch.ts'

/** Bytes that are gone through at once; small enough to stay in a processor's cache. */
const WINDOW_BYTES = 256 * 1024

const LINE_FEED = Uint8Array.of(0x0a)
const NOTHING = new Uint8Array(0)

/** A line that is one event, and that the judge did not rule out. Valid until the next `settle` is over. */
export interface Candidate {
  readonly event: ProvedEvent
  /** Counted from 0, the first line of the range. */
  readonly line: number
  /** What the judge's decisions came to. */
  readonly answer: number
  /** The values that the judge watches. Valid during the call. */
  readonly spans: Spans
  /**
   * An object with only these of the event's values; undefined where that cannot be said. Valid
   * until the next projection.
   */
  project(projection: Projection): ProvedEvent | undefined
  /** False where nothing in the event can be confidential, except in the query of an address. */
  mayHoldSecrets(): boolean
}

/** Receives the lines that need a closer look, in their order. */
export interface LineSink {
  candidate(candidate: Candidate): void
  /** Due for the candidates so far: they are gone afterwards. Comes before a line in doubt. */
  settle(): void
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
 *
 * What was learned decides how fast a line is judged, and which lines are in doubt; what is said of
 * a line that is not in doubt is a matter of its own bytes alone.
 */
export class Scanner {
  readonly #memory: ScannerMemory
  readonly #judge: LineJudge
  readonly #shapes: Shapes
  readonly #projector: Projector
  readonly #spans: Spans
  #learner: Shapes
  #root: number
  #sink!: LineSink
  /** Position in the caller's bytes of the window's first byte. */
  #origin = 0
  #line = 0
  #seen = 0
  #lineStart = 0
  #stopped = false
  #isBusy = false

  /** @param details paths that projections may hold */
  constructor(judge: LineJudge, details: readonly (readonly string[])[] = []) {
    this.#judge = judge
    const memory = new ScannerMemory(
      {
        learn: (state, at) => this.#learner.learn(state, at),
        classify: (feature, start, end) => judge.classify(feature, start, end),
        combine: (feature, before, element) => judge.combine(feature, before, element),
        decide: (decision, valueClass) => judge.decide(decision, valueClass),
        candidate: (start, end, index, answer) => this.#candidate(start, end, index, answer),
        doubt: (start, end, index) => this.#doubt(start, end, index),
      },
      { input: WINDOW_BYTES, tables: judge.bytes },
    )
    this.#memory = memory
    const slots = memory.constant('SLOTS')
    this.#shapes = new Shapes(memory, FOREIGN_MEMBERS, watchTree(judge.paths), {
      start: memory.constant('START'),
      slots,
    })
    this.#projector = new Projector(memory, details)
    this.#learner = this.#shapes
    this.#root = judge.place(memory)
    this.#spans = { json: (slot) => this.#json((slots >> 2) + 2 * slot) }
  }

  /**
   * Goes through the whole lines of `bytes[start, end)`, each of which ends with a line feed. Stops
   * behind a line at which the sink says so, and before one that is too long for a window.
   */
  scan(bytes: Uint8Array, start: number, end: number, sink: LineSink): Scanned {
    this.#begin(sink)
    let at = start
    try {
      while (at < end && !this.#stopped) {
        const window = Math.min(at + WINDOW_BYTES, end)
        const last = window === end ? end : lastFeed(bytes, at, window) + 1
        if (last <= at) break
        at = this.#window(bytes, at, last)
      }
    } finally {
      this.#isBusy = false
    }
    this.#judge.observe(this.#line)
    return { end: at, lines: this.#line, clean: this.#line - this.#seen }
  }

  /**
   * The same for one event that does not stand on a line of its own. In doubt is also what is too
   * long for a window, spread over lines, or inside of a line that is being looked at already.
   */
  scanOne(
    bytes: Buffer,
    start: number,
    end: number,
    { candidate, settle }: Pick<LineSink, 'candidate' | 'settle'>,
  ): 'clean' | 'candidate' | 'doubt' {
    if (this.#isBusy || end - start >= WINDOW_BYTES) return 'doubt'
    // Only the event is searched: in a list on one line the next line feed may be far away.
    if (bytes.subarray(start, end).includes(0x0a)) return 'doubt'
    let inDoubt = false
    this.#begin({ candidate, settle, doubt: () => !(inDoubt = true) })
    try {
      this.#window(bytes, start, end, LINE_FEED)
    } finally {
      this.#isBusy = false
    }
    this.#judge.observe(1)
    if (inDoubt) return 'doubt'
    return this.#seen === 0 ? 'clean' : 'candidate'
  }

  #begin(sink: LineSink): void {
    this.#sink = sink
    this.#line = 0
    this.#seen = 0
    this.#stopped = false
    this.#isBusy = true
  }

  #window(bytes: Uint8Array, start: number, end: number, ending = NOTHING): number {
    this.#makeRoom()
    const { input, words } = this.#memory
    const size = end - start + ending.length
    this.#shapes.observe(size)
    this.#projector.shapes.observe(size)
    this.#memory.bytes.set(bytes.subarray(start, end), input)
    this.#memory.bytes.set(ending, input + end - start)
    this.#origin = start
    this.#projector.begin()
    const scanned = this.#memory.scan(input, input + size, this.#root)
    this.#sink.settle()
    this.#line += words[this.#memory.constant('LINES') >> 2]!
    return start + scanned - input
  }

  /** Starts learning afresh where there was no room: what was learned is no part of any answer. */
  #makeRoom(): void {
    if (!this.#shapes.full && !this.#projector.shapes.full && !this.#judge.full) return
    this.#memory.reset()
    this.#shapes.forget()
    this.#projector.forget()
    this.#root = this.#judge.place(this.#memory)
  }

  #candidate(start: number, end: number, index: number, answer: number): void {
    this.#seen++
    this.#lineStart = start
    this.#sink.candidate({
      event: trimmed(this.#memory.bytes, start, end),
      line: this.#line + index,
      answer,
      spans: this.#spans,
      project: (projection) => this.#again((projector) => projector.project(start, projection)),
      mayHoldSecrets: () => this.#again((projector) => projector.mayHoldSecrets(start, end)),
    })
  }

  /** Asks the projector, which learns on its own. */
  #again<Answer>(ask: (projector: Projector) => Answer): Answer {
    this.#learner = this.#projector.shapes
    const answer = ask(this.#projector)
    this.#learner = this.#shapes
    return answer
  }

  #json(slot: number): Buffer | null | undefined {
    const { bytes, words } = this.#memory
    const start = words[slot]!
    const end = words[slot + 1]!
    if (start < this.#lineStart) return null
    return end <= start ? undefined : Buffer.from(bytes.buffer, start, end - start)
  }

  #doubt(start: number, end: number, index: number): number {
    this.#seen++
    this.#sink.settle()
    const shift = this.#origin - this.#memory.input
    const goOn = this.#sink.doubt(start + shift, end + shift, this.#line + index)
    this.#stopped = !goOn
    return goOn ? 1 : 0
  }
}

/** The event on a line that is proved, without the white space around it. */
function trimmed(bytes: Uint8Array, start: number, end: number): ProvedEvent {
  let first = start
  let last = end
  while (bytes[first]! <= 0x20) first++
  while (bytes[last - 1]! <= 0x20) last--
  return provedEvent(bytes, first, last)
}

function lastFeed(bytes: Uint8Array, start: number, end: number): number {
  const at = bytes.lastIndexOf(0x0a, end - 1)
  return at < start ? -1 : at
}
