import { EVENT_DEPTH_MAX } from '../../text/limits.ts'
import type { ScannerMemory } from './memory.ts'
import { slotsBelow, type WatchNode } from './watch.ts'

/** A separator that has grown this long is cut after the next complete value, in bytes. */
const LITERAL_CUT = 48
/** Longest separator that is learned, in bytes. */
const LITERAL_MAX = 2048
/** An object with more names than this is checked without learning it: it is a map. */
const NAMES_MAX = 48
/** Beyond this much memory containers are not learned any more, in bytes. */
const LEARNED_BYTES_MAX = 2 * 1024 * 1024

/** Containers that are not learned stand no deeper than this: the program counts their own depth only. */
const CONTAINER_DEPTH_MAX = 50
/** Members of an event whose few values are taken for a part of its structure … */
const FIXED: ReadonlySet<string> = new Set(['kind', 'apiVersion', 'level', 'stage'])
/** … unless they are longer than this, in bytes. */
const FIXED_MAX = 32

/** A place in the structure of events, by names: `requestObject.spec.containers[]`. */
interface Place {
  readonly members: Map<string, Place>
  element: Place | undefined
  /** It has had too many different names. */
  map: boolean
}

/** An open object or array, with the names that it has had so far. */
interface Frame {
  readonly id: number
  readonly parent: Frame | undefined
  readonly object: boolean
  readonly place: Place
  readonly watch: WatchNode | undefined
  /** The latest name first. */
  readonly names: Names | undefined
}

interface Names {
  readonly name: string
  readonly before: Names | undefined
}

interface State {
  readonly address: number
  readonly kind: number
  /** Undefined at the start of a line. */
  readonly frame: Frame | undefined
  /** Where the slot's end is to be stored that the value here fills; -1 for none. */
  readonly slot: number
}

interface Action {
  readonly address: number
  readonly offset: number
}

/** Thrown inside of this file for a line that is not a plain event; the program hears 0. */
class NotPlain extends Error {}

/**
 * What the scanner has learned of the structure of events: an automaton whose states are places
 * between two values of a line, and whose transitions are the exact bytes from one value to the next
 * (`","verb":"`). An API server writes few shapes, so that nearly every line is walked by comparing
 * such literals; what no transition matches is read here, by JSON's grammar, and learned.
 *
 * Sound because a state determines everything that grammar can depend on: which containers are open,
 * of which kind, and the names that each object has had. Bytes that led from a state to another once
 * do so always. No state is reached with a name twice in an object, a name in a spelling that has
 * another (`\u`, `\/`), a name of the event that audit events do not have, or too much nesting: such
 * lines are not plain, and somebody else's to judge.
 */
export class Shapes {
  readonly #memory: ScannerMemory
  readonly #foreign: ReadonlySet<string>
  readonly #watch: WatchNode
  readonly #kinds: Readonly<Record<'string' | 'number' | 'container' | 'nothing' | 'end', number>>
  readonly #start: number
  readonly #slots: number
  #states = new Map<number, State>()
  #byKey = new Map<string, State>()
  #frames = new Map<string, Frame>()
  #root: Place = newPlace()
  #full = false

  /** @param foreign names of members that an event does not have; a line with one is not plain */
  constructor(memory: ScannerMemory, foreign: ReadonlySet<string>, watch: WatchNode) {
    this.#memory = memory
    this.#foreign = foreign
    this.#watch = watch
    this.#kinds = {
      string: memory.constant('KIND_STRING'),
      number: memory.constant('KIND_NUMBER'),
      container: memory.constant('KIND_CONTAINER'),
      nothing: memory.constant('KIND_NOTHING'),
      end: memory.constant('KIND_END'),
    }
    this.#start = memory.constant('START')
    this.#slots = memory.constant('SLOTS')
    this.forget()
  }

  /** True when there was no room for something new; `forget` makes room. */
  get full(): boolean {
    return this.#full
  }

  /** Number of states, for curiosity. */
  get size(): number {
    return this.#states.size
  }

  /** Forgets everything; the memory is the caller's to reset. */
  forget(): void {
    this.#states = new Map()
    this.#byKey = new Map()
    this.#frames = new Map()
    this.#root = newPlace()
    this.#full = false
    const kind = this.#kinds.nothing
    this.#states.set(this.#start, { address: this.#start, kind, frame: undefined, slot: -1 })
    this.#memory.words[this.#start >> 2] = 0
    this.#memory.words[(this.#start >> 2) + 1] = kind
  }

  /** Reads the separator at `at`, behind the value of `state`, and adds it; see the program's `learn`. */
  learn(address: number, at: number): number {
    const state = this.#states.get(address)!
    try {
      const reader = new Separator(this.#memory.bytes, at, this.#foreign, (frame) =>
        this.#intern(frame),
      )
      return this.#add(state, at, this.#read(reader, state))
    } catch (error) {
      if (error instanceof NotPlain) return 0
      throw error
    }
  }

  #read(reader: Separator, state: State): Reading {
    return reader.read(state, this.#kinds, {
      root: this.#root,
      watch: this.#watch,
      slots: this.#slots,
      crowded: this.#memory.used > LEARNED_BYTES_MAX,
    })
  }

  #intern(frame: Omit<Frame, 'id'>): Frame {
    // Names are compared by the list's head, which is made once for each extension of a list.
    const key = `${frame.parent?.id ?? 0} ${frame.object} ${namesKey(frame.names)}`
    let found = this.#frames.get(key)
    if (!found) this.#frames.set(key, (found = { ...frame, id: this.#frames.size + 1 }))
    return found
  }

  #add(from: State, at: number, reading: Reading): number {
    const { words, bytes } = this.#memory
    const length = reading.end - at
    const target = this.#state(reading)
    const literal = this.#memory.constant('TRANSITION_LITERAL')
    const transition = target && this.#memory.allocate(literal + length + 16)
    const actions = transition && this.#actions(reading.actions)
    if (!target || transition === undefined || actions === undefined) {
      this.#full = true
      return 0
    }
    bytes.copyWithin(transition + literal, at, reading.end)
    const first = from.address >> 2
    words[transition >> 2] = words[first]!
    words[(transition >> 2) + 1] = length
    words[(transition >> 2) + 2] = target.address
    words[(transition >> 2) + 3] = actions
    words[first] = transition
    return transition
  }

  #actions(actions: readonly Action[]): number | undefined {
    if (actions.length === 0) return 0
    const address = this.#memory.allocate(4 + 8 * actions.length)
    if (address === undefined) return undefined
    const { words } = this.#memory
    let word = address >> 2
    words[word++] = actions.length
    for (const action of actions) {
      words[word++] = action.address
      words[word++] = action.offset
    }
    return address
  }

  #state({ kind, frame, slot }: Reading): State | undefined {
    const key = `${frame?.id ?? 0} ${kind} ${slot}`
    const found = this.#byKey.get(key)
    if (found) return found
    const address = this.#memory.allocate(8)
    if (address === undefined) return undefined
    this.#memory.words[(address >> 2) + 1] = kind
    const state: State = { address, kind, frame, slot }
    this.#byKey.set(key, state)
    this.#states.set(address, state)
    return state
  }
}

function newPlace(): Place {
  return { members: new Map(), element: undefined, map: false }
}

function namesKey(names: Names | undefined): string {
  let key = ''
  for (let at = names; at; at = at.before) key += `${JSON.stringify(at.name)},`
  return key
}

interface Reading {
  readonly end: number
  readonly kind: number
  readonly frame: Frame | undefined
  readonly slot: number
  readonly actions: readonly Action[]
}

interface Surroundings {
  readonly root: Place
  readonly watch: WatchNode
  readonly slots: number
  readonly crowded: boolean
}

const decoder = new TextDecoder('latin1')

/** Reads one separator by JSON's grammar. */
class Separator {
  readonly #bytes: Uint8Array
  readonly #start: number
  readonly #foreign: ReadonlySet<string>
  readonly #intern: (frame: Omit<Frame, 'id'>) => Frame
  readonly #actions: Action[] = []
  #at: number
  #frame: Frame | undefined
  #around!: Surroundings

  constructor(
    bytes: Uint8Array,
    at: number,
    foreign: ReadonlySet<string>,
    intern: (frame: Omit<Frame, 'id'>) => Frame,
  ) {
    this.#bytes = bytes
    this.#start = at
    this.#at = at
    this.#foreign = foreign
    this.#intern = intern
  }

  read(
    state: State,
    kinds: Readonly<Record<'string' | 'number' | 'container' | 'nothing' | 'end', number>>,
    around: Surroundings,
  ): Reading {
    this.#around = around
    this.#frame = state.frame
    if (state.kind === kinds.string) this.#at++
    if (state.slot >= 0) this.#end(state.slot)
    let value = state.frame === undefined
    if (value && this.#space() !== 0x7b) throw new NotPlain()
    for (;;) {
      if (value) {
        const kind = this.#value()
        if (kind !== undefined) return this.#reading(kinds[kind])
      }
      value = false
      const byte = this.#space()
      if (this.#frame === undefined) {
        if (byte !== 0x0a) throw new NotPlain()
        this.#at++
        return {
          end: this.#at,
          kind: kinds.end,
          frame: undefined,
          slot: -1,
          actions: this.#actions,
        }
      }
      if (this.#at - this.#start > LITERAL_MAX) throw new NotPlain()
      if (byte === (this.#frame.object ? 0x7d : 0x5d)) {
        this.#close()
        if (this.#at - this.#start >= LITERAL_CUT && this.#frame) return this.#cut(kinds.nothing)
      } else if (byte === 0x2c) {
        if (this.#at - this.#start >= LITERAL_CUT) return this.#cut(kinds.nothing)
        this.#at++
        if (this.#frame.object) this.#name()
        value = true
      } else throw new NotPlain()
    }
  }

  #cut(kind: number): Reading {
    return { end: this.#at, kind, frame: this.#frame, slot: -1, actions: this.#actions }
  }

  #reading(kind: number): Reading {
    const slot = this.#member()?.slot ?? -1
    return { end: this.#at, kind, frame: this.#frame, slot, actions: this.#actions }
  }

  /** What is watched at the member whose value comes or came last. */
  #member(): WatchNode | undefined {
    const frame = this.#frame
    return frame?.names && frame.watch?.children.get(frame.names.name)
  }

  /** Goes up to the text of a string or number, or over any other value; undefined when it is over. */
  #value(): 'string' | 'number' | 'container' | undefined {
    const byte = this.#space()
    const watched = this.#frame && this.#member()
    if (watched && watched.slot >= 0) this.#begin(watched.slot)
    if (byte === 0x22) {
      this.#at++
      if (!this.#isFixed()) return 'string'
      if (watched && watched.slot >= 0) this.#end(watched.slot)
      return undefined
    }
    if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) return 'number'
    if (byte === 0x7b || byte === 0x5b) return this.#open(byte === 0x7b, watched)
    const word = ['true', 'false', 'null'].find((text) => this.#startsWith(text))
    if (word === undefined) throw new NotPlain()
    this.#at += word.length
    if (watched && watched.slot >= 0) this.#end(watched.slot)
    return undefined
  }

  /**
   * Goes over the text of a member of the event that has few values, which makes it a part of the
   * separator, and sees to it that the object is an audit event.
   */
  #isFixed(): boolean {
    const frame = this.#frame!
    const name = frame.parent === undefined ? frame.names!.name : ''
    if (!FIXED.has(name)) return false
    let end = this.#at
    while (isPlainText(this.#bytes[end]!)) end++
    const text = decoder.decode(this.#bytes.subarray(this.#at, end))
    const whole = this.#bytes[end] === 0x22 && text.length <= FIXED_MAX
    if (name === 'kind' && !(whole && text === 'Event')) throw new NotPlain()
    if (name === 'apiVersion' && !(whole && text.startsWith('audit.k8s.io/'))) throw new NotPlain()
    if (whole) this.#at = end + 1
    return whole
  }

  #open(
    object: boolean,
    watch: WatchNode | undefined,
  ): 'string' | 'number' | 'container' | undefined {
    const { root, crowded } = this.#around
    const parent = this.#frame
    const place = parent ? placeOf(parent) : root
    if (parent && (place.map || crowded)) {
      if (depthOf(parent) > CONTAINER_DEPTH_MAX) throw new NotPlain()
      if (watch) for (const slot of slotsBelow(watch)) this.#unknown(slot)
      return 'container'
    }
    if (depthOf(parent) >= EVENT_DEPTH_MAX) throw new NotPlain()
    const watched = parent ? (object ? watch : undefined) : this.#around.watch
    this.#frame = this.#intern({ parent, object, place, watch: watched, names: undefined })
    this.#at++
    const byte = this.#space()
    if (byte === (object ? 0x7d : 0x5d)) {
      this.#close()
      return undefined
    }
    if (object) this.#name()
    return this.#value()
  }

  #close(): void {
    this.#at++
    const { parent, names } = this.#frame!
    // Without a kind the other members decide whether it is an event, which is not done here.
    if (parent === undefined && !has(names, 'kind')) throw new NotPlain()
    this.#frame = parent
    const watched = this.#member()
    if (watched && watched.slot >= 0) this.#end(watched.slot)
  }

  /** A name and the colon behind it. */
  #name(): void {
    if (this.#space() !== 0x22) throw new NotPlain()
    const start = ++this.#at
    for (;;) {
      const byte = this.#bytes[this.#at]!
      if (byte === 0x22) break
      // Names that are not ASCII, or that have another spelling, are not plain.
      if (byte < 0x20 || byte >= 0x80) throw new NotPlain()
      if (byte === 0x5c && !'"\\bfnrt'.includes(String.fromCharCode(this.#bytes[++this.#at]!))) {
        throw new NotPlain()
      }
      this.#at++
    }
    this.#enter(decoder.decode(this.#bytes.subarray(start, this.#at)))
    this.#at++
    if (this.#space() !== 0x3a) throw new NotPlain()
    this.#at++
  }

  #enter(name: string): void {
    const frame = this.#frame!
    if (frame.parent === undefined && this.#foreign.has(name)) throw new NotPlain()
    if (has(frame.names, name)) throw new NotPlain()
    if (!frame.place.members.has(name)) {
      frame.place.members.set(name, newPlace())
      if (frame.place.members.size > NAMES_MAX) frame.place.map = true
    }
    const { parent, object, place, watch } = frame
    const names: Names = { name, before: frame.names }
    this.#frame = this.#intern({ parent, object, place, watch, names })
  }

  #begin(slot: number): void {
    this.#actions.push({ address: this.#around.slots + 8 * slot, offset: this.#at - this.#start })
  }

  #end(slot: number): void {
    this.#actions.push({
      address: this.#around.slots + 8 * slot + 4,
      offset: this.#at - this.#start,
    })
  }

  /** A start that lies behind the end. */
  #unknown(slot: number): void {
    const address = this.#around.slots + 8 * slot
    this.#actions.push({ address, offset: 1 }, { address: address + 4, offset: 0 })
  }

  #space(): number {
    for (;;) {
      const byte = this.#bytes[this.#at]!
      if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return byte
      this.#at++
    }
  }

  #startsWith(text: string): boolean {
    for (let i = 0; i < text.length; i++) {
      if (this.#bytes[this.#at + i] !== text.charCodeAt(i)) return false
    }
    return true
  }
}

function has(names: Names | undefined, name: string): boolean {
  for (let at = names; at; at = at.before) if (at.name === name) return true
  return false
}

function isPlainText(byte: number): boolean {
  return byte >= 0x20 && byte < 0x80 && byte !== 0x22 && byte !== 0x5c
}

/** The place of the value that comes next in this container. */
function placeOf({ place, object, names }: Frame): Place {
  if (object) return place.members.get(names!.name)!
  return (place.element ??= newPlace())
}

function depthOf(frame: Frame | undefined): number {
  let depth = 0
  for (let at = frame; at; at = at.parent) depth++
  return depth
}
