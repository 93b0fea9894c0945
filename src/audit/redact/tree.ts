import { walk } from '../walk.ts'
import { fromBytes, fromJsonString, undecoded, type Decoded } from './decoded.ts'

/** A string or number of a JSON text, with its place there. */
export class Leaf {
  /** Positions in the bytes: of a string, without its quotes. */
  readonly start: number
  readonly end: number
  readonly isString: boolean
  readonly #source: Source
  #text: string | undefined

  constructor(source: Source, start: number, end: number, isString: boolean) {
    this.#source = source
    this.start = start
    this.end = end
    this.isString = isString
  }

  /** The string with its escapes resolved; a number as it is written. */
  get text(): string {
    this.#text ??= this.#source.text(this.start, this.end)
    return this.#text
  }

  /** The same with the place of each of its characters in the bytes. */
  get decoded(): Decoded {
    return this.#source.decoded(this.start, this.end)
  }
}

/** The members of an object that have the same name. */
export class Repeated {
  readonly values: unknown[]

  constructor(values: unknown[]) {
    this.values = values
  }
}

/** A JSON text as values: objects and arrays as `JSON.parse` makes them, with leaves for its scalars. */
export interface Tree {
  readonly root: unknown
  /** The names of all objects' members, as leaves, an array for each object. */
  readonly names: readonly (readonly Leaf[])[]
}

class Source {
  readonly #bytes: Uint8Array
  readonly #offset: number
  readonly #latin1: string

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes
    this.#offset = start
    const part = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
    this.#latin1 = part.toString('latin1')
  }

  raw(start: number, end: number): string {
    return this.#latin1.slice(start - this.#offset, end - this.#offset)
  }

  text(start: number, end: number): string {
    const raw = this.raw(start, end)
    if (isPlain(raw)) return raw
    const { buffer, byteOffset } = this.#bytes
    const text = Buffer.from(buffer, byteOffset + start, end - start).toString()
    return JSON.parse(`"${text}"`) as string
  }

  decoded(start: number, end: number): Decoded {
    const raw = this.raw(start, end)
    return isPlain(raw) ? undecoded(raw, start) : fromJsonString(this.#bytes, start, end)
  }
}

/** True where bytes, escapes and characters are the same. */
function isPlain(raw: string): boolean {
  // oxlint-disable-next-line no-control-regex
  return !/[^\0-[\]-\x7f]/.test(raw)
}

interface Open {
  readonly value: Record<string, unknown> | unknown[]
  readonly names: Leaf[]
  name: string
}

/**
 * Reads a JSON object whose every string can be found again in the bytes. Nothing is lost: of
 * members with the same name, all are kept. Undefined where the bytes are not one JSON object.
 */
export function readTree(bytes: Uint8Array, start: number, end: number): Tree | undefined {
  const source = new Source(bytes, start, end)
  const names: Leaf[][] = []
  const open: Open[] = []
  let root: unknown
  const put = (value: unknown): void => {
    const container = open.at(-1)
    if (container === undefined) root = value
    else if (Array.isArray(container.value)) container.value.push(value)
    else putMember(container.value, container.name, value)
  }
  const flaw = walk(bytes, start, end, {
    open(isObject) {
      const value = isObject ? {} : []
      const container = { value, names: [], name: '' }
      put(value)
      open.push(container)
      if (isObject) names.push(container.names)
    },
    close() {
      open.pop()
    },
    key(from, to) {
      const container = open.at(-1)!
      const name = new Leaf(source, from, to, true)
      container.names.push(name)
      container.name = name.text
    },
    scalar(from, to) {
      put(scalarOf(source, bytes[from]!, from, to))
    },
  })
  return flaw ? undefined : { root, names }
}

/** A tree of JSON that stands inside a string. */
export interface InnerTree extends Tree {
  /** The position in the string, in UTF-16 units, of a byte that the tree speaks of. */
  unitOf(byte: number): number
}

/** What is put around it, because it need not be an object. */
const BEFORE = '{"":'
const BEHIND = '}'

/** Reads the JSON that a string is, as `readTree` does; undefined where it is none. */
export function readInnerTree(json: string): InnerTree | undefined {
  const bytes = Buffer.from(BEFORE + json + BEHIND)
  const tree = readTree(bytes, 0, bytes.length)
  if (tree === undefined) return undefined
  const unit = fromBytes(json, bytes.length - BEFORE.length - BEHIND.length)
  const root = (tree.root as Record<string, unknown>)['']
  return { root, names: tree.names, unitOf: (byte) => unit(byte - BEFORE.length) }
}

function scalarOf(source: Source, first: number, from: number, to: number): unknown {
  if (first === 0x22) return new Leaf(source, from + 1, to - 1, true)
  if (first === 0x74) return true
  if (first === 0x66) return false
  return first === 0x6e ? null : new Leaf(source, from, to, false)
}

function putMember(object: Record<string, unknown>, name: string, value: unknown): void {
  // Assigning to this name would set the prototype.
  if (name === '__proto__') return putMember(object, '__proto__ ', value)
  const before = object[name]
  if (before === undefined || !Object.hasOwn(object, name)) object[name] = value
  else if (before instanceof Repeated) before.values.push(value)
  else object[name] = new Repeated([before, value])
}
