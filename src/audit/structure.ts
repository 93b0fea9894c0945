import { STRUCTURE_DEPTH_MAX } from '../text/limits.ts'
import { LIST_MEMBERS } from './kind.ts'
import { CUT_OFF, type Flaw } from './walk.ts'

/**
 * What a scan ended with: an element of a list is complete (`item`); the line on which the document
 * ends is over (`end`); the document cannot go on like this (`flaw`); `limit` is reached (`more`).
 */
export type Signal = 'item' | 'end' | 'flaw' | 'more'

/** What the next token may be. */
const NAME_OR_END = 0
const NAME = 1
const COLON = 2
const VALUE = 3
const VALUE_OR_END = 4
const COMMA_OR_END = 5
const NOTHING = 6

/** Inside which token the scan is. */
const BETWEEN = 0
const STRING = 1
const SCALAR = 2

const encoder = new TextEncoder()
const LISTS: readonly (readonly [name: string, bytes: Uint8Array])[] = LIST_MEMBERS.map((name) => [
  name,
  encoder.encode(JSON.stringify(name)),
])
const KIND: Uint8Array = encoder.encode('"kind"')
const EVENT_LIST: Uint8Array = encoder.encode('"EventList"')

/** Firehose writes what a subscription of CloudWatch gives it, one message behind the other. */
const JOINED_LIST = 'logEvents'

/**
 * Follows the brackets and strings of one JSON document through any number of buffers, and finds
 * the elements of a list in it: of an outermost array, or of a member such as `items` of an outermost
 * object that is not known to be something else than an EventList. Notices what makes it lose its
 * way; whether the text is valid JSON in every respect is for `prove` to say.
 *
 * Positions are offsets into the buffer of the last scan; `rebase` moves them when bytes before
 * them are dropped. Byte by byte: the ordinary line of an audit log never comes here.
 */
export class Structure {
  /** The next byte to look at, and its one-based line. */
  at = 0
  line = 1
  /** Where the document began. */
  documentStart = 0
  documentLine = 1
  /** True once the document is known to be a list. */
  list = false
  /** True inside of an element. On the signal `item`, the last one is `itemStart` … `at`. */
  inItem = false
  itemStart = 0
  itemLine = 1
  /** Why the signal is `flaw`. */
  reason = ''
  code: Flaw['code'] = 'MALFORMED_LINE'
  /** Lines begun since the document, or the element, or the end of the last element, began. */
  linesAfter = 0
  /** True where the last token is the first of its line. */
  firstOfLine = false
  /** First of those lines that starts, in its first column, with a bracket. */
  restart: { readonly at: number; readonly line: number } | undefined

  #next = VALUE
  #inside = BETWEEN
  #depth = 0
  /** For every open container 1 for an object and 0 for an array. */
  readonly #objects: Uint8Array = new Uint8Array(STRUCTURE_DEPTH_MAX + 1)
  #tokenStart = 0
  #lineStart = 0
  #newLine = false
  #escaped = false
  /** Depth at which the list's elements stand; -1 outside of the list. */
  #itemDepth = -1
  /** The outermost object's current member, where it matters: `kind`, or one of LIST_MEMBERS. */
  #member: string | undefined
  /** Which of LIST_MEMBERS the list is; undefined for an array. */
  #listMember: string | undefined
  #otherKind = false

  /** Begins a document at `at`, its first byte. */
  start(at: number, line: number): void {
    this.at = this.documentStart = this.#lineStart = at
    this.line = this.documentLine = line
    this.list = this.inItem = this.firstOfLine = false
    this.#otherKind = this.#newLine = this.#escaped = false
    this.reason = ''
    this.code = 'MALFORMED_LINE'
    this.#next = VALUE
    this.#inside = BETWEEN
    this.#depth = 0
    this.#itemDepth = -1
    this.#member = this.#listMember = undefined
    this.#beginPart()
  }

  /** True when the outermost bracket is closed. */
  get closed(): boolean {
    return this.#next === NOTHING
  }

  /** True, on the signal `end`, where another document begins on the line of this one. */
  get isJoined(): boolean {
    return this.closed && this.#listMember === JOINED_LIST && !this.#newLine
  }

  get inString(): boolean {
    return this.#inside === STRING
  }

  /** True where the last token is a bracket or what else stands in the first column of a line. */
  get firstColumn(): boolean {
    return this.firstOfLine && this.#tokenStart === this.#lineStart
  }

  /** The first byte that the scan or its caller may still need. */
  get keep(): number {
    if (!this.list) return this.documentStart
    if (this.inItem) return this.itemStart
    return this.#inside === BETWEEN ? this.at : this.#tokenStart
  }

  /** Says that the buffer of the next scan begins `count` bytes later. */
  rebase(count: number): void {
    this.at -= count
    this.documentStart -= count
    this.itemStart -= count
    this.#tokenStart -= count
    this.#lineStart -= count
    if (this.restart) this.restart = { at: this.restart.at - count, line: this.restart.line }
  }

  scan(bytes: Uint8Array, limit: number): Signal {
    while (this.at < limit) {
      if (this.#inside === BETWEEN) {
        const byte = bytes[this.at]!
        if (byte <= 0x20) {
          if (this.#space(byte)) return 'end'
          continue
        }
        if (this.#isNext(byte)) return 'end'
        this.#beginToken(byte)
        if (!this.#token(bytes, byte)) return 'flaw'
        if (this.#inside !== BETWEEN) continue
      } else if (this.#inside === STRING) {
        if (!this.#string(bytes, limit)) return this.reason ? 'flaw' : 'more'
      } else if (!this.#scalar(bytes, limit)) return 'more'
      if (this.inItem && this.#next === COMMA_OR_END && this.#depth === this.#itemDepth) {
        this.inItem = false
        this.#beginPart()
        return 'item'
      }
    }
    return 'more'
  }

  /** Whether another document begins here, on the line of this one. */
  #isNext(byte: number): boolean {
    return byte === 0x7b && this.#next === NOTHING && this.#listMember === JOINED_LIST
  }

  /** Takes white space; true for the end of the line on which the document ends. */
  #space(byte: number): boolean {
    this.at++
    if (byte !== 0x0a) return false
    this.line++
    this.#newLine = true
    this.#lineStart = this.at
    return this.#next === NOTHING
  }

  #beginPart(): void {
    this.linesAfter = 0
    this.restart = undefined
  }

  #beginToken(byte: number): void {
    this.#tokenStart = this.at
    this.firstOfLine = this.#newLine
    if (!this.#newLine) return
    this.#newLine = false
    this.linesAfter++
    if (this.at === this.#lineStart && !this.restart && (byte === 0x7b || byte === 0x5b)) {
      this.restart = { at: this.at, line: this.line }
    }
  }

  /** Takes a punctuation mark or begins a longer token. False, with the reason set, for a flaw. */
  #token(bytes: Uint8Array, byte: number): boolean {
    const next = this.#next
    switch (byte) {
      case 0x22:
        if (next === COLON || next >= COMMA_OR_END) return this.#unexpected(bytes)
        if (next > COLON) this.#beginValue()
        this.#inside = STRING
        break
      case 0x2c:
        if (next !== COMMA_OR_END) return this.#unexpected(bytes)
        this.#next = this.#objects[this.#depth] ? NAME : VALUE
        break
      case 0x3a:
        if (next !== COLON) return this.#unexpected(bytes)
        this.#next = VALUE
        break
      case 0x7b:
      case 0x5b:
        return this.#open(bytes, byte === 0x7b)
      case 0x7d:
      case 0x5d:
        return this.#close(bytes, byte === 0x7d)
      default:
        if (next !== VALUE && next !== VALUE_OR_END) return this.#unexpected(bytes)
        this.#beginValue()
        this.#inside = SCALAR
    }
    this.at++
    return true
  }

  #beginValue(): void {
    if (this.#depth !== this.#itemDepth) return
    this.inItem = true
    this.itemStart = this.at
    this.itemLine = this.line
    this.#beginPart()
  }

  #open(bytes: Uint8Array, object: boolean): boolean {
    if (this.#next !== VALUE && this.#next !== VALUE_OR_END) return this.#unexpected(bytes)
    if (this.#depth === STRUCTURE_DEPTH_MAX) {
      this.code = 'TOO_DEEP'
      this.reason = `it is nested deeper than ${STRUCTURE_DEPTH_MAX} levels`
      return false
    }
    this.#beginValue()
    const member = this.#member === 'kind' ? undefined : this.#member
    const items = this.#depth === 0 || (this.#depth === 1 && member !== undefined)
    this.#objects[++this.#depth] = object ? 1 : 0
    if (items && !object && !this.#otherKind) {
      this.list = true
      this.#listMember = member
      this.#itemDepth = this.#depth
    }
    this.#next = object ? NAME_OR_END : VALUE_OR_END
    this.at++
    return true
  }

  #close(bytes: Uint8Array, object: boolean): boolean {
    const empty = object ? NAME_OR_END : VALUE_OR_END
    const fits = this.#next === COMMA_OR_END || this.#next === empty
    if (!fits || this.#objects[this.#depth] !== (object ? 1 : 0)) return this.#unexpected(bytes)
    if (this.#depth === this.#itemDepth) this.#itemDepth = -1
    this.#depth--
    this.#member = undefined
    this.#next = this.#depth === 0 ? NOTHING : COMMA_OR_END
    this.at++
    return true
  }

  /** Goes on inside of a string. False at `limit`, and, with the reason set, for a flaw. */
  #string(bytes: Uint8Array, limit: number): boolean {
    for (; this.at < limit; this.at++) {
      const byte = bytes[this.at]!
      if (byte === 0x0a) {
        this.reason = 'a line ends inside a string, which looks truncated'
        return false
      }
      if (this.#escaped) this.#escaped = false
      else if (byte === 0x5c) this.#escaped = true
      else if (byte === 0x22) {
        this.at++
        this.#inside = BETWEEN
        return this.#endString(bytes)
      }
    }
    return false
  }

  #endString(bytes: Uint8Array): boolean {
    const name = this.#next <= NAME
    this.#next = name ? COLON : COMMA_OR_END
    if (this.#depth !== 1) return true
    const is = (text: Uint8Array): boolean => equal(bytes, this.#tokenStart, this.at, text)
    if (!name) {
      if (this.#member === 'kind') this.#otherKind = !is(EVENT_LIST)
      return true
    }
    const list = LISTS.find(([, text]) => is(text))?.[0]
    this.#member = is(KIND) ? 'kind' : list
    if (list === undefined || !this.list) return true
    this.reason =
      list === this.#listMember
        ? `the list has the member \`${list}\` twice`
        : `the list has the members \`${this.#listMember}\` and \`${list}\``
    return false
  }

  /** Goes on inside of a number or a literal, or whatever stands in its place. False at `limit`. */
  #scalar(bytes: Uint8Array, limit: number): boolean {
    while (this.at < limit) {
      const byte = bytes[this.at]!
      if (byte <= 0x20 || byte === 0x2c || byte === 0x5d || byte === 0x7d || byte === 0x3a) {
        this.#inside = BETWEEN
        this.#next = COMMA_OR_END
        return true
      }
      this.at++
    }
    return false
  }

  #unexpected(bytes: Uint8Array): boolean {
    const bracket = bytes[this.at] === 0x7b || bytes[this.at] === 0x5b
    if (this.#next === NOTHING) this.reason = 'there is more text after the JSON value'
    else if (this.firstColumn && bracket) this.reason = CUT_OFF
    else if (this.firstOfLine) this.reason = 'a line does not continue the one before it'
    else this.reason = 'it is not valid JSON'
    return false
  }
}

function equal(bytes: Uint8Array, start: number, end: number, text: Uint8Array): boolean {
  if (end - start !== text.length) return false
  return text.every((byte, i) => bytes[start + i] === byte)
}
