import type { ProvedEvent } from '../audit/proved.ts'
import type { Projection } from '../audit/scanner/projection.ts'
import { type Candidate, type LineSink, type Scanned, Scanner } from '../audit/scanner/scanner.ts'
import { EventIndex, type Indexed } from '../rego/event-index.ts'
import { watchedNames } from '../rego/index-leaf.ts'
import { matchAtom } from '../rego/match-atom.ts'
import type { Evaluator } from './evaluator.ts'

/** An event that something may match. Valid during the call that it is handed to. */
export interface Chosen {
  readonly event: ProvedEvent
  /** Counted from 0, the first line of the range. */
  readonly line: number
  /** What is to be evaluated: for each evaluator its parts, `all`, or nothing. */
  readonly parts: readonly (readonly number[] | 'all')[]
  /**
   * What these parts of an evaluator read of the event, as an object of its own; undefined where
   * that is not known. Valid until the next call.
   */
  input(evaluator: number): ProvedEvent | undefined
  /** True where what these parts say of their input never changes. */
  isPure(evaluator: number): boolean
}

/** Receives what `Screen.lines` does not settle, in the order of the lines. */
export interface ScreenSink {
  /** Events whose lines came one behind the other, but for settled ones between them. */
  events(chosen: readonly Chosen[]): void
  /** A line that is not proved to be one event; see LineSink. */
  doubt: LineSink['doubt']
}

type Owner = readonly [evaluator: number, part: number | 'all']

const NOTHING: readonly number[] = []
/** Sets of parts whose projections are remembered; a log comes to few. */
const PROJECTIONS_MAX = 1000

/**
 * Settles the events that nothing can match, without evaluating them: the scanner proves lines to be
 * events, and the index says from a few of their values which evaluators' parts are left.
 */
export class Screen {
  readonly #parts: readonly (readonly Indexed[])[]
  readonly #index: EventIndex
  readonly #scanner: Scanner
  /** The evaluator and its part that each of the index's rules stands for. */
  readonly #owners: readonly Owner[]
  readonly #projections = new Map<string, Projection | undefined>()

  constructor(evaluators: readonly Evaluator[]) {
    this.#parts = evaluators.map(({ parts }) => parts ?? [{ residual: undefined }])
    this.#owners = evaluators.flatMap(({ parts }, evaluator) =>
      parts ? parts.map((_, part): Owner => [evaluator, part]) : [[evaluator, 'all'] as Owner],
    )
    this.#index = new EventIndex(this.#parts.flat(), matchAtom)
    const parts = this.#parts.flat()
    const read = [parts.flatMap((part) => namesRead(part) ?? []), parts.flatMap(namesOfPresence)]
    this.#scanner = new Scanner(this.#index, distinct(read.flat()))
  }

  /** Goes through whole lines; see Scanner. */
  lines(bytes: Uint8Array, start: number, end: number, sink: ScreenSink): Scanned {
    const queue = this.#queue(sink.events)
    const scanned = this.#scanner.scan(bytes, start, end, { ...queue, doubt: sink.doubt })
    return { ...scanned, clean: scanned.clean + queue.settled }
  }

  /** The same for one event that does not stand on a line of its own. */
  one(
    bytes: Uint8Array,
    start: number,
    end: number,
    take: ScreenSink['events'],
  ): 'settled' | 'taken' | 'doubt' {
    const buffer = Buffer.isBuffer(bytes)
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    const queue = this.#queue(take)
    const found = this.#scanner.scanOne(buffer, start, end, queue)
    if (found === 'candidate') return queue.settled === 0 ? 'taken' : 'settled'
    return found === 'clean' ? 'settled' : 'doubt'
  }

  /** Holds back what is left of candidates until it is due; counts those of which nothing is. */
  #queue(take: ScreenSink['events']): Pick<LineSink, 'candidate' | 'settle'> & { settled: number } {
    let waiting: Chosen[] = []
    const queue = {
      settled: 0,
      candidate: (candidate: Candidate) => {
        const rules = this.#index.candidates(candidate.answer, candidate.spans)
        if (rules.length === 0) queue.settled++
        else waiting.push(this.#chosen(candidate, rules))
      },
      settle: () => {
        if (waiting.length === 0) return
        const due = waiting
        waiting = []
        take(due)
      },
    }
    return queue
  }

  #chosen(candidate: Candidate, rules: readonly number[]): Chosen {
    const chosen: (number[] | 'all' | undefined)[] = []
    for (const rule of rules) {
      const [evaluator, part] = this.#owners[rule]!
      const before = chosen[evaluator]
      if (part === 'all') chosen[evaluator] = 'all'
      else if (before === undefined) chosen[evaluator] = [part]
      else if (before !== 'all') before.push(part)
    }
    const parts = this.#parts.map((_, evaluator) => chosen[evaluator] ?? NOTHING)
    const project = (projection: Projection | undefined): ProvedEvent | undefined =>
      projection && candidate.project(projection)
    return {
      event: candidate.event,
      line: candidate.line,
      parts,
      input: (evaluator) => project(this.#projection(evaluator, parts[evaluator]!)),
      isPure: (evaluator) => this.#isPure(evaluator, parts[evaluator]!),
    }
  }

  #isPure(evaluator: number, parts: readonly number[] | 'all'): boolean {
    return parts !== 'all' && parts.every((part) => this.#parts[evaluator]![part]!.pure === true)
  }

  /** What some parts of an evaluator read together. */
  #projection(evaluator: number, parts: readonly number[] | 'all'): Projection | undefined {
    if (parts === 'all') return undefined
    const key = `${evaluator} ${parts.join()}`
    if (this.#projections.has(key)) return this.#projections.get(key)
    const indexed = parts.map((part) => this.#parts[evaluator]![part]!)
    const read = indexed.map(namesRead)
    const known = read.every((names) => names !== undefined)
    const presence = distinct(indexed.flatMap(namesOfPresence))
    const projection = known ? { paths: distinct(read.flat()), presence } : undefined
    if (this.#projections.size < PROJECTIONS_MAX) this.#projections.set(key, projection)
    return projection
  }
}

/** The members that a part reads; undefined where it reads the event as a whole, or nobody knows. */
function namesRead({ reads }: Indexed): readonly (readonly string[])[] | undefined {
  const names = reads?.map(watchedNames)
  return names?.every((path) => path.length > 0) === true ? names : undefined
}

function namesOfPresence({ presence }: Indexed): readonly (readonly string[])[] {
  return (presence ?? []).map(watchedNames)
}

function distinct(paths: readonly (readonly string[])[]): (readonly string[])[] {
  return [...new Map(paths.map((path) => [JSON.stringify(path), path])).values()]
}
