import { Frame } from './frame.ts'
import type { ScannerMemory } from './memory.ts'
import {
  type Kind,
  type Mark,
  NotPlain,
  type Origin,
  type Reading,
  readSeparator,
} from './separator.ts'
import type { WatchNode } from './watch.ts'

/** Beyond this much memory containers are not learned any more, in bytes. */
const LEARNED_BYTES_MAX = 2 * 1024 * 1024
/** Most separators that are kept; then it starts afresh. Clusters come to a few thousand. */
const SEPARATORS_MAX = 30_000
/** An object in which more different separators follow the same names is a map. */
const FAN_MAX = 64
/** Separators that may be learned at once … */
const CREDIT_MAX = 20_000
/** … and one more for so many bytes of input. A log of ever new shapes is faster evaluated than learned. */
const BYTES_PER_CREDIT = 4096

interface State extends Origin {
  readonly address: number
  /** Transitions from here. */
  fan: number
}

/**
 * What the scanner has learned of the structure of events: an automaton whose states are places
 * between two values of a line, and whose transitions are the exact bytes from one value to the next
 * (`","verb":"`). An API server writes few shapes, so that nearly every line is walked by comparing
 * such literals; what no transition matches is read here, by JSON's grammar, and learned.
 *
 * Sound because a state determines everything that grammar can depend on: which containers are open,
 * of which kind, and the names that each object has had. Bytes that led from one state to another
 * once do so always. What is not plain (see separator.ts) leads nowhere: such a line is in doubt,
 * and somebody else's to judge.
 */
export class Shapes {
  readonly #memory: ScannerMemory
  readonly #foreign: ReadonlySet<string>
  readonly #watch: WatchNode
  readonly #kinds: Readonly<Record<Kind, number>>
  readonly #start: number
  readonly #slots: number
  readonly #alarm: number | undefined
  #states = new Map<number, State>()
  #byFrame = new Map<Frame | undefined, Partial<Record<Kind, State>>>()
  #root: Frame
  #learned = 0
  /** Memory that what is learned takes. */
  #bytes = 0
  #full = false
  #credit = CREDIT_MAX

  /**
   * @param foreign names of members that an event does not have; a line with one is not plain
   * @param places address of the state in which lines begin, and of the first slot; the number of a
   *   slot to be filled where a line has a name that announces something confidential
   */
  constructor(
    memory: ScannerMemory,
    foreign: ReadonlySet<string>,
    watch: WatchNode,
    places: { readonly start: number; readonly slots: number; readonly alarm?: number },
  ) {
    this.#memory = memory
    this.#foreign = foreign
    this.#watch = watch
    this.#start = places.start
    this.#slots = places.slots
    this.#alarm = places.alarm
    this.#kinds = {
      string: memory.constant('KIND_STRING'),
      number: memory.constant('KIND_NUMBER'),
      container: memory.constant('KIND_CONTAINER'),
      nothing: memory.constant('KIND_NOTHING'),
      end: memory.constant('KIND_END'),
    }
    this.#root = Frame.root(watch)
    this.forget()
  }

  /** True when there was no room for something new; `forget` makes room. */
  get full(): boolean {
    return this.#full
  }

  /** Forgets everything; the memory is the caller's to reset. */
  forget(): void {
    this.#states = new Map()
    this.#byFrame = new Map()
    this.#root = Frame.root(this.#watch)
    this.#learned = 0
    this.#bytes = 0
    this.#full = false
    const start: State = {
      address: this.#start,
      kind: 'start',
      frame: undefined,
      slot: -1,
      fan: 0,
    }
    this.#states.set(this.#start, start)
    this.#memory.words[this.#start >> 2] = 0
    this.#memory.words[(this.#start >> 2) + 1] = this.#kinds.nothing
  }

  /** Says that so many bytes are about to be scanned. */
  observe(bytes: number): void {
    this.#credit = Math.min(this.#credit + bytes / BYTES_PER_CREDIT, CREDIT_MAX)
  }

  /**
   * Reads the separator at `at`, behind the value of the state at `address`, and adds it: the new
   * transition's address; 0 where the line is not plain, or not to be learned.
   */
  learn(address: number, at: number): number {
    if (this.#credit < 1 || this.#full) return 0
    this.#credit--
    const state = this.#states.get(address)!
    let reading: Reading
    try {
      reading = readSeparator(this.#memory.bytes, at, state, {
        root: this.#root,
        foreign: this.#foreign,
        crowded: this.#bytes > LEARNED_BYTES_MAX,
        alarm: this.#alarm,
      })
    } catch (error) {
      if (error instanceof NotPlain) return 0
      throw error
    }
    const transition = this.#add(state, at, reading)
    this.#full = transition === undefined || ++this.#learned >= SEPARATORS_MAX
    return transition ?? 0
  }

  #add(from: State, at: number, reading: Reading): number | undefined {
    const { words, bytes } = this.#memory
    const length = reading.end - at
    const target = this.#state(reading)
    const actions = this.#actions(reading.marks)
    const literal = this.#memory.constant('TRANSITION_LITERAL')
    const transition = this.#allocate(literal + length + 16)
    if (target === undefined || actions === undefined || transition === undefined) return undefined
    bytes.copyWithin(transition + literal, at, reading.end)
    const first = from.address >> 2
    const record = transition >> 2
    words[record] = words[first]!
    words[record + 1] = length
    words[record + 2] = target.address
    words[record + 3] = actions
    words[first] = transition
    if (++from.fan > FAN_MAX) from.frame?.markMap()
    return transition
  }

  #allocate(bytes: number): number | undefined {
    const before = this.#memory.used
    const address = this.#memory.allocate(bytes)
    this.#bytes += this.#memory.used - before
    return address
  }

  #actions(marks: readonly Mark[]): number | undefined {
    if (marks.length === 0) return 0
    const address = this.#allocate(4 + 8 * marks.length)
    if (address === undefined) return undefined
    const { words } = this.#memory
    let word = address >> 2
    words[word++] = marks.length
    for (const { slot, half, offset } of marks) {
      words[word++] = this.#slots + 8 * slot + (half === 'start' ? 0 : 4)
      words[word++] = offset
    }
    return address
  }

  /** The state behind a separator; what is watched there follows from the frame. */
  #state({ kind, frame, slot }: Reading): State | undefined {
    let states = this.#byFrame.get(frame)
    if (!states) this.#byFrame.set(frame, (states = {}))
    const found = states[kind]
    if (found) return found
    const address = this.#allocate(8)
    if (address === undefined) return undefined
    this.#memory.words[(address >> 2) + 1] = this.#kinds[kind]
    const state: State = { address, kind, frame, slot, fan: 0 }
    states[kind] = state
    this.#states.set(address, state)
    return state
  }
}
