import { EVENT_DEPTH_MAX, EXPONENT_DIGITS_MAX, NUMBER_BYTES_MAX } from '../text/limits.ts'
import { isHex } from './escape.ts'

/** Why a range of bytes is not one JSON object. */
export interface Flaw {
  readonly code: 'MALFORMED_LINE' | 'TOO_DEEP'
  /** Bytes from the start of the range to where it was noticed. */
  readonly offset: number
  /** Lower case, without anything from the bytes themselves: they may hold secrets. */
  readonly reason: string
}

/** What a walk tells its caller, in order. Positions are offsets into the buffer. */
export interface Visitor {
  /** `{` or `[`. */
  open?(object: boolean): void
  /** `}` or `]`. */
  close?(): void
  /** A member's name, without its quotes. */
  key?(start: number, end: number): void
  /** A string, with its quotes, a number or a literal. */
  scalar?(start: number, end: number): void
}

class Malformed extends Error {
  readonly at: number
  readonly code: Flaw['code']
  constructor(at: number, reason: string, code: Flaw['code'] = 'MALFORMED_LINE') {
    super(reason)
    this.at = at
    this.code = code
  }
}

/** The reason for what has no end. */
export const CUT_OFF = 'it ends too early and looks truncated'

/**
 * Walks bytes that should be exactly one JSON object (RFC 8259) and says what is wrong with them.
 * Complete rather than fast: `prove` answers the question for every event, this one explains its
 * answer for the few that it refuses. No recursion.
 */
export function walk(
  bytes: Uint8Array,
  start: number,
  end: number,
  visitor: Visitor = {},
): Flaw | undefined {
  try {
    new Walker(bytes, start, end, visitor).object()
    return undefined
  } catch (cause) {
    if (!(cause instanceof Malformed)) throw cause
    return { code: cause.code, offset: cause.at - start, reason: cause.message }
  }
}

class Walker {
  readonly #bytes: Uint8Array
  readonly #end: number
  readonly #visitor: Visitor
  #at: number

  constructor(bytes: Uint8Array, start: number, end: number, visitor: Visitor) {
    this.#bytes = bytes
    this.#at = start
    this.#end = end
    this.#visitor = visitor
  }

  object(): void {
    if (this.#space() !== 0x7b) throw this.#wrong('it is not a JSON object')
    this.#containers()
    if (this.#space() === -1) return
    throw this.#wrong('there is more text after the JSON object')
  }

  /** Everything from the outermost brace to its partner. */
  #containers(): void {
    const open: boolean[] = []
    do {
      const byte = this.#space()
      if (byte === 0x7b || byte === 0x5b) {
        if (open.length === EVENT_DEPTH_MAX) {
          throw this.#wrong(`it is nested deeper than ${EVENT_DEPTH_MAX} levels`, 'TOO_DEEP')
        }
        open.push(byte === 0x7b)
        this.#visitor.open?.(byte === 0x7b)
        this.#at++
        if (this.#closes(open)) this.#afterValue(open)
        else if (byte === 0x7b) this.#name()
      } else {
        this.#scalar(byte)
        this.#afterValue(open)
      }
    } while (open.length > 0)
  }

  /** Takes a closing bracket of the innermost container, where it comes next. */
  #closes(open: boolean[]): boolean {
    if (this.#space() !== (open.at(-1) ? 0x7d : 0x5d)) return false
    open.pop()
    this.#visitor.close?.()
    this.#at++
    return true
  }

  /** Closing brackets, then a comma and what it announces. */
  #afterValue(open: boolean[]): void {
    while (open.length > 0 && this.#closes(open));
    if (open.length === 0) return
    const object = open.at(-1) === true
    if (this.#space() !== 0x2c) {
      throw this.#wrong(`a comma or a closing ${object ? 'brace' : 'bracket'} is missing`)
    }
    this.#at++
    if (object) this.#name()
  }

  #name(): void {
    if (this.#space() !== 0x22) throw this.#wrong('the name of a member is missing')
    const start = this.#at + 1
    this.#string()
    this.#visitor.key?.(start, this.#at - 1)
    if (this.#space() !== 0x3a) throw this.#wrong('the colon after a name is missing')
    this.#at++
  }

  #scalar(byte: number): void {
    const start = this.#at
    if (byte === 0x22) this.#string()
    else if (byte === 0x2d || isDigit(byte)) this.#number()
    else if (!['true', 'false', 'null'].some((word) => this.#word(word))) {
      throw this.#wrong('a value is missing or is no JSON value')
    }
    this.#visitor.scalar?.(start, this.#at)
  }

  #word(word: string): boolean {
    for (let i = 0; i < word.length; i++) {
      if (this.#peek(i) !== word.charCodeAt(i)) return false
    }
    this.#at += word.length
    return true
  }

  #string(): void {
    this.#at++
    for (;;) {
      const byte = this.#peek()
      if (byte === 0x22) break
      if (byte === 0x5c) this.#escape()
      else if (byte < 0x20) throw this.#wrong(control(byte))
      else this.#at++
    }
    this.#at++
  }

  #escape(): void {
    const kind = this.#peek(1)
    const digits = kind === 0x75 ? 4 : 0
    let valid = digits > 0 || '"\\/bfnrt'.includes(String.fromCharCode(kind))
    for (let i = 0; i < digits && valid; i++) valid = isHex(this.#peek(2 + i))
    if (!valid) throw this.#wrong('an escape sequence in a string is not valid')
    this.#at += 2 + digits
  }

  #number(): void {
    const start = this.#at
    if (this.#peek() === 0x2d) this.#at++
    if (this.#peek() === 0x30) this.#at++
    else this.#digits()
    if (isDigit(this.#peek())) throw this.#wrong('a number has a leading zero')
    if (this.#peek() === 0x2e) {
      this.#at++
      this.#digits()
    }
    if ((this.#peek() | 0x20) === 0x65) this.#exponent()
    if (this.#at - start > NUMBER_BYTES_MAX) {
      throw this.#wrong(`a number is longer than ${NUMBER_BYTES_MAX} bytes`)
    }
  }

  #exponent(): void {
    this.#at++
    if (this.#peek() === 0x2b || this.#peek() === 0x2d) this.#at++
    let significant = this.#at
    this.#digits()
    while (this.#bytes[significant] === 0x30) significant++
    if (this.#at - significant <= EXPONENT_DIGITS_MAX) return
    throw this.#wrong('a number has an exponent outside of what OPA evaluates')
  }

  #digits(): void {
    if (!isDigit(this.#peek())) throw this.#wrong('a digit is missing in a number')
    while (isDigit(this.#peek())) this.#at++
  }

  /** Skips white space; the next byte, -1 at the end. */
  #space(): number {
    for (; this.#at < this.#end; this.#at++) {
      const byte = this.#bytes[this.#at]!
      if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) return byte
    }
    return -1
  }

  #peek(ahead = 0): number {
    const at = this.#at + ahead
    if (at < this.#end) return this.#bytes[at]!
    this.#at = this.#end
    throw this.#wrong(CUT_OFF)
  }

  /** `otherwise`, unless what stands here says more. */
  #wrong(otherwise: string, code?: Flaw['code']): Malformed {
    const { [this.#at]: a, [this.#at + 1]: b, [this.#at + 2]: c } = this.#bytes
    if (this.#at >= this.#end) return new Malformed(this.#end, CUT_OFF)
    if (a === 0xef && b === 0xbb && c === 0xbf) {
      return new Malformed(this.#at, 'there is a byte-order mark where none may be')
    }
    return new Malformed(this.#at, a! < 0x20 ? control(a!) : otherwise, code)
  }
}

function control(byte: number): string {
  if (byte === 0) return 'there is a NUL byte'
  if (byte === 0x0a) return 'a line ends inside a string, which looks truncated'
  return 'there is a raw control character'
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}
