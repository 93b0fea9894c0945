/**
 * JSON read in place, the way the plugins' parser (fastjson) does: nothing is decoded before it is
 * asked for, numbers keep their source text, and the first of several equal keys wins. Texts are
 * byte strings: one character is one byte, so that comparisons are Falco's.
 *
 * INVARIANT: the bytes are proved to be well-formed JSON in UTF-8 and of bounded depth.
 */
import { compactText, skipBlanks, skipString, skipValue, unescapedText } from './json-bytes.ts'

export type JsonKind = 'string' | 'number' | 'true' | 'false' | 'null' | 'object' | 'array'

interface Member {
  readonly start: number
  readonly end: number
  readonly escaped: boolean
  readonly value: JsonValue
}

export class JsonValue {
  readonly kind: JsonKind
  readonly #bytes: Uint8Array
  readonly #start: number
  #end = -1
  #members: Member[] | undefined
  #items: JsonValue[] | undefined

  /** @param start offset of the value's first byte. */
  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes
    this.#start = start
    this.kind = kindOf(bytes[start]!)
  }

  /** Offset behind the value. */
  get end(): number {
    if (this.#end < 0) this.#end = skipValue(this.#bytes, this.#start)
    return this.#end
  }

  /** What is at these keys: members of objects, decimal indexes of arrays. Undefined where nothing is. */
  get(...keys: readonly string[]): JsonValue | undefined {
    let [value] = keys.length > 0 ? [this.#child(keys[0]!)] : [this]
    for (let i = 1; value && i < keys.length; i++) value = value.#child(keys[i]!)
    return value
  }

  /** The elements of an array; none for anything else. */
  items(): readonly JsonValue[] {
    if (this.kind !== 'array') return []
    return (this.#items ??= this.#readItems())
  }

  /** The keys of an object in source order, repeated ones included; none for anything else. */
  keys(): string[] {
    return this.#object().map((member) => this.#keyText(member))
  }

  /** A string unescaped, anything else as JSON without blanks. */
  text(): string {
    return this.kind === 'string'
      ? unescapedText(this.#bytes, this.#start + 1, this.end - 1)
      : compactText(this.#bytes, this.#start, this.end)
  }

  #child(key: string): JsonValue | undefined {
    if (this.kind === 'array') {
      const index = arrayIndex(key)
      return index === undefined ? undefined : this.items()[index]
    }
    const members = this.#object()
    // Keys without escapes are compared first, and only then those that need unescaping.
    const plain = key.includes('\\')
      ? undefined
      : members.find((member) => this.#isKey(member, key))
    if (plain) return plain.value
    return members.some((member) => member.escaped) || key.includes('\\')
      ? members.find((member) => this.#keyText(member) === key)?.value
      : undefined
  }

  #isKey(member: Member, key: string): boolean {
    if (member.end - member.start !== key.length) return false
    for (let i = 0; i < key.length; i++) {
      if (this.#bytes[member.start + i] !== key.charCodeAt(i)) return false
    }
    return true
  }

  #keyText(member: Member): string {
    return unescapedText(this.#bytes, member.start, member.end)
  }

  #object(): Member[] {
    if (this.kind !== 'object') return []
    return (this.#members ??= this.#readMembers())
  }

  #readMembers(): Member[] {
    const bytes = this.#bytes
    const members: Member[] = []
    let at = skipBlanks(bytes, this.#start + 1)
    while (bytes[at] !== 0x7d) {
      const start = at + 1
      at = skipString(bytes, at)
      const end = at - 1
      at = skipBlanks(bytes, skipBlanks(bytes, at) + 1)
      const value = new JsonValue(bytes, at)
      members.push({ start, end, escaped: bytes.subarray(start, end).includes(0x5c), value })
      at = skipBlanks(bytes, value.end)
      if (bytes[at] === 0x2c) at = skipBlanks(bytes, at + 1)
    }
    this.#end = at + 1
    return members
  }

  #readItems(): JsonValue[] {
    const bytes = this.#bytes
    const items: JsonValue[] = []
    let at = skipBlanks(bytes, this.#start + 1)
    while (bytes[at] !== 0x5d) {
      const value = new JsonValue(bytes, at)
      items.push(value)
      at = skipBlanks(bytes, value.end)
      if (bytes[at] === 0x2c) at = skipBlanks(bytes, at + 1)
    }
    this.#end = at + 1
    return items
  }
}

/** Go's `strconv.Atoi`: a sign and leading zeros are fine. */
function arrayIndex(key: string): number | undefined {
  if (!/^[+-]?[0-9]{1,15}$/.test(key)) return undefined
  const index = Number(key)
  return index >= 0 ? Math.abs(index) : undefined
}

function kindOf(byte: number): JsonKind {
  switch (byte) {
    case 0x22:
      return 'string'
    case 0x7b:
      return 'object'
    case 0x5b:
      return 'array'
    case 0x74:
      return 'true'
    case 0x66:
      return 'false'
    case 0x6e:
      return 'null'
    default:
      return 'number'
  }
}
