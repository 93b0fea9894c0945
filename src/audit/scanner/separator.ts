import { EVENT_DEPTH_MAX } from '../../text/limits.ts'
import { mayAnnounce } from '../redact/places.ts'
import type { Frame } from './frame.ts'
import { slotsBelow } from './watch.ts'

/** A separator that has grown this long is cut after the next complete value, in bytes. */
const LITERAL_CUT = 48
/** Longest separator that is learned, in bytes. */
const LITERAL_MAX = 2048
/** Containers that are not learned stand no deeper than this: the program counts their own depth only. */
const CONTAINER_DEPTH_MAX = 50
/** Members of an event whose few values are taken for a part of its structure … */
const FIXED: ReadonlySet<string> = new Set(['kind', 'apiVersion', 'level', 'stage'])
/** … unless they are longer than this, in bytes. */
const FIXED_MAX = 32

/** What follows a separator: a value of this kind, `nothing` where it was cut, or the line's end. */
export type Kind = 'string' | 'number' | 'container' | 'nothing' | 'end'

/** Half of a watched value's place, and the offset in the separator that is its value. */
export interface Mark {
  readonly slot: number
  readonly half: 'start' | 'end'
  readonly offset: number
}

/** A separator that was read. */
export interface Reading {
  /** Position behind it. */
  readonly end: number
  readonly kind: Kind
  /** The innermost open container there; undefined at the line's end. */
  readonly frame: Frame | undefined
  /** The slot that the value fills which follows; -1 for none. */
  readonly slot: number
  readonly marks: readonly Mark[]
}

/** Where a separator begins: behind a value, or at a line's start. */
export interface Origin {
  readonly kind: Kind | 'start'
  readonly frame: Frame | undefined
  readonly slot: number
}

export interface SeparatorOptions {
  /** The outermost object of any event. */
  readonly root: Frame
  /** Names of members that an event does not have; a line with one is not plain. */
  readonly foreign: ReadonlySet<string>
  /** True where containers are not to be learned any more. */
  readonly crowded: boolean
  /** The slot to be filled where a name announces something confidential; undefined for none. */
  readonly alarm: number | undefined
}

/** Thrown for a line that is not a plain event. */
export class NotPlain extends Error {}

const decoder = new TextDecoder('latin1')

/**
 * Reads one separator by JSON's grammar: everything from the end of a value to the beginning of the
 * next one.
 *
 * @throws NotPlain where it breaks the grammar, or where what follows needs a closer look: a name
 *   twice in an object, a name with another spelling or beyond ASCII, too much nesting, and an object
 *   that is, or might be, no audit event.
 */
export function readSeparator(
  bytes: Uint8Array,
  at: number,
  origin: Origin,
  options: SeparatorOptions,
): Reading {
  return new Separator(bytes, at, origin.frame, options).read(origin)
}

class Separator {
  readonly #bytes: Uint8Array
  readonly #start: number
  readonly #options: SeparatorOptions
  readonly #marks: Mark[] = []
  #at: number
  #frame: Frame | undefined

  constructor(bytes: Uint8Array, at: number, frame: Frame | undefined, options: SeparatorOptions) {
    this.#bytes = bytes
    this.#start = at
    this.#options = options
    this.#at = at
    this.#frame = frame
  }

  read(origin: Origin): Reading {
    if (origin.kind === 'string') this.#at++
    if (origin.slot >= 0) this.#mark(origin.slot, 'end')
    let kind = origin.kind === 'start' ? this.#event() : undefined
    while (kind === undefined) {
      if (this.#at - this.#start > LITERAL_MAX) throw new NotPlain()
      kind = this.#afterValue()
    }
    const slot = kind === 'nothing' || kind === 'end' ? -1 : (this.#frame?.watched?.slot ?? -1)
    return { end: this.#at, kind, frame: this.#frame, slot, marks: this.#marks }
  }

  /** The opening brace of the whole. */
  #event(): Kind | undefined {
    if (this.#space() !== 0x7b) throw new NotPlain()
    return this.#into(this.#options.root)
  }

  /** What comes behind a complete value. */
  #afterValue(): Kind | undefined {
    const frame = this.#frame
    const byte = this.#space()
    if (frame === undefined) {
      if (byte !== 0x0a) throw new NotPlain()
      this.#at++
      return 'end'
    }
    if (byte === 0x2c) {
      if (this.#isLong) return 'nothing'
      this.#at++
      if (frame.isObject) this.#name()
      return this.#value()
    }
    if (byte !== (frame.isObject ? 0x7d : 0x5d)) throw new NotPlain()
    this.#close()
    return this.#isLong && this.#frame ? 'nothing' : undefined
  }

  get #isLong(): boolean {
    return this.#at - this.#start >= LITERAL_CUT
  }

  /** Goes up to the text of a string or number, or over any other value; undefined when it is over. */
  #value(): Kind | undefined {
    const byte = this.#space()
    const frame = this.#frame!
    const slot = frame.watched?.slot ?? -1
    if (slot >= 0) this.#mark(slot, 'start')
    if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) return 'number'
    if (byte === 0x7b || byte === 0x5b) return this.#container(frame, byte === 0x7b)
    if (byte === 0x22) {
      this.#at++
      if (!this.#isFixed(frame)) return 'string'
    } else {
      const word = ['true', 'false', 'null'].find((text) => this.#startsWith(text))
      if (word === undefined) throw new NotPlain()
      this.#at += word.length
    }
    if (slot >= 0) this.#mark(slot, 'end')
    return undefined
  }

  /**
   * Goes over the text of a member of the event that has few values, which makes it a part of the
   * separator, and sees to it that the object is an audit event.
   */
  #isFixed(frame: Frame): boolean {
    const name = frame.parent === undefined ? frame.name! : ''
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

  #container(frame: Frame, isObject: boolean): Kind | undefined {
    if (frame.depth >= EVENT_DEPTH_MAX) throw new NotPlain()
    if (!this.#options.crowded && !frame.valuePlace.isMap) return this.#into(frame.open(isObject))
    if (frame.depth > CONTAINER_DEPTH_MAX) throw new NotPlain()
    for (const slot of frame.watched ? slotsBelow(frame.watched) : []) this.#unknown(slot)
    this.#sound()
    return 'container'
  }

  /** Goes over a container's opening bracket, and over all of it where it is empty. */
  #into(frame: Frame): Kind | undefined {
    this.#frame = frame
    this.#at++
    const byte = this.#space()
    if (byte === (frame.isObject ? 0x7d : 0x5d)) {
      this.#close()
      return undefined
    }
    if (frame.isObject) this.#name()
    return this.#value()
  }

  #close(): void {
    this.#at++
    const frame = this.#frame!
    // Without a kind the other members decide whether it is an event, which is not done here.
    if (frame.parent === undefined && !frame.has('kind')) throw new NotPlain()
    this.#frame = frame.parent
    const slot = frame.parent?.watched?.slot ?? -1
    if (slot >= 0) this.#mark(slot, 'end')
  }

  /** A name and the colon behind it. */
  #name(): void {
    if (this.#space() !== 0x22) throw new NotPlain()
    const start = ++this.#at
    for (;;) {
      const byte = this.#bytes[this.#at]!
      if (byte === 0x22) break
      if (byte < 0x20 || byte >= 0x80) throw new NotPlain()
      if (byte === 0x5c && !'"\\bfnrt'.includes(String.fromCharCode(this.#bytes[++this.#at]!))) {
        throw new NotPlain()
      }
      this.#at++
    }
    const text = decoder.decode(this.#bytes.subarray(start, this.#at))
    const name = text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text
    const frame = this.#frame!
    if (frame.parent === undefined && this.#options.foreign.has(name)) throw new NotPlain()
    if (frame.has(name)) throw new NotPlain()
    if (this.#options.alarm !== undefined && mayAnnounce(name)) this.#sound()
    this.#frame = frame.named(name)
    this.#at++
    if (this.#space() !== 0x3a) throw new NotPlain()
    this.#at++
  }

  #mark(slot: number, half: Mark['half']): void {
    this.#marks.push({ slot, half, offset: this.#at - this.#start })
  }

  #sound(): void {
    if (this.#options.alarm !== undefined) this.#mark(this.#options.alarm, 'start')
  }

  /** A start that lies behind the end. */
  #unknown(slot: number): void {
    this.#marks.push({ slot, half: 'start', offset: 1 }, { slot, half: 'end', offset: 0 })
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

function isPlainText(byte: number): boolean {
  return byte >= 0x20 && byte < 0x80 && byte !== 0x22 && byte !== 0x5c
}
