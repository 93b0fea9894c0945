import { decodings, encodings } from './base64.ts'
import type { Edits } from './edits.ts'
import { isMark, LOG_MARK } from './kinds.ts'

/**
 * Shortest secret that is looked for by value, in characters. Shorter ones are everyday words and
 * numbers, and would black out half of a message.
 */
const VALUE_LENGTH_MIN = 4
/** Shortest line of a longer value that is looked for by itself, in characters. */
const LINE_LENGTH_MIN = 8
/** Most texts that are looked for one by one; more are found by how they begin. */
const ONE_BY_ONE_MAX = 16

/** Shortest part of a name that can be no name, in characters. */
const UNMISTAKABLE_LENGTH_MIN = 12
/** How often letters and digits take turns in it, at least. */
const UNMISTAKABLE_TURNS_MIN = 3

/**
 * The confidential values of one event, to be found wherever they are repeated: as they stand, as
 * what they are the base64 of, in base64, and in the escapes of URLs.
 */
export class Echoes {
  readonly #values = new Set<string>()
  /** What the event says of its author and object, which is shown anyway. */
  readonly #identity: () => string
  #texts: Finder | undefined
  #parts: Finder | undefined

  /** @param identity asked for where there is a value: nearly all events have none */
  constructor(identity: () => string) {
    this.#identity = identity
  }

  add(value: string): void {
    for (const text of [value, ...decodings(value)]) {
      const trimmed = text.trim()
      this.#addText(trimmed)
      if (!trimmed.includes('\n')) continue
      // A message may quote one line of a longer value.
      for (const line of trimmed.split('\n')) {
        if (line.trim().length >= LINE_LENGTH_MIN) this.#addText(line.trim())
      }
      for (const leaf of leavesOfJson(trimmed)) this.#addText(leaf)
    }
  }

  #addText(text: string): void {
    if (text.length < VALUE_LENGTH_MIN || isMark(text)) return
    this.#values.add(text)
  }

  get isEmpty(): boolean {
    return this.#values.size === 0
  }

  /**
   * Finds the values in a text that somebody wrote. A value that the event shows as its author's
   * name, or any other part of who did what, is not confidential by being put into a Secret too.
   */
  inText(text: string, edits: Edits): void {
    if (this.#values.size === 0) return
    this.#texts ??= new Finder(this.#spellings())
    this.#texts.find(text, edits)
  }

  /**
   * Finds in a name only what can be no name: parts of the values that are too long and too mixed.
   * Else the author of an event could black out names by choosing them as values.
   */
  inName(text: string, edits: Edits): void {
    if (this.#values.size === 0 || text.length < UNMISTAKABLE_LENGTH_MIN) return
    this.#parts ??= new Finder(this.#unmistakable())
    this.#parts.find(text, edits)
  }

  #spellings(): Set<string> {
    const spellings = new Set<string>()
    const identity = this.#identity()
    for (const value of this.#values) {
      if (identity.includes(value) && unmistakableParts(value).length === 0) continue
      spellings.add(value)
      const escaped = encodeURIComponent(Buffer.from(value).toString())
      spellings.add(escaped)
      spellings.add(escaped.replaceAll('%20', '+'))
      for (const encoded of encodings(value)) spellings.add(encoded)
    }
    return spellings
  }

  #unmistakable(): Set<string> {
    const parts = new Set<string>()
    for (const value of this.#values) {
      for (const part of unmistakableParts(value)) parts.add(part)
      for (const encoded of encodings(value)) {
        for (const part of unmistakableParts(encoded)) parts.add(part)
      }
    }
    return parts
  }
}

/** False for a text in which `inText` finds nothing, whatever the values are. */
export function mayRepeat(text: string): boolean {
  return text.length >= VALUE_LENGTH_MIN
}

/** False for a name in which `inName` finds nothing, with its escapes resolved or not. */
export function mayRepeatInName(text: string): boolean {
  return text.includes('%') || text.includes('\\') || hasUnmistakablePart(text)
}

/** The parts of a value between the marks that join words, as far as they can be no words. */
function unmistakableParts(value: string): string[] {
  return value.split(/[^A-Za-z0-9+]+/).filter(hasUnmistakablePart)
}

/** Goes over every name that a finding shows. */
function hasUnmistakablePart(text: string): boolean {
  let length = 0
  let turns = 0
  let before = mark
  for (let at = 0; at < text.length; at++) {
    const kind = kinds[text.charCodeAt(at)] ?? mark
    if (kind === mark) length = turns = 0
    else {
      if (length > 0 && takesTurns(before, kind)) turns++
      if (++length >= UNMISTAKABLE_LENGTH_MIN && turns >= UNMISTAKABLE_TURNS_MIN) return true
    }
    before = kind
  }
  return false
}

/** A letter follows a digit, a digit a letter, or a large letter a small one. */
function takesTurns(before: number, kind: number): boolean {
  return (before === digit) !== (kind === digit) || (before === small && kind === large)
}

/** What a character is in a part, by its code; a `mark` ends parts. */
const mark = 0
const digit = 1
const small = 2
const large = 3
const plus = 4
const kinds = Uint8Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code)
  if (/[0-9]/.test(char)) return digit
  if (/[a-z]/.test(char)) return small
  if (/[A-Z]/.test(char)) return large
  return char === '+' ? plus : mark
})

/** A settings file in a Secret: its values, as far as it is JSON. */
function leavesOfJson(text: string): string[] {
  if (!/^[{[]/.test(text)) return []
  const leaves: string[] = []
  try {
    JSON.parse(text, (_, value: unknown) => {
      if (typeof value === 'string') leaves.push(value, ...decodings(value))
      return value
    })
  } catch {
    return []
  }
  return leaves
}

/** Finds any of a set of texts in another. */
class Finder {
  /** The longest first, so that no value hides a part of a longer one. */
  readonly #texts: readonly string[]
  readonly #byBeginning: Map<string, string[]> | undefined

  constructor(texts: ReadonlySet<string>) {
    this.#texts = [...texts].sort((a, b) => b.length - a.length)
    if (texts.size <= ONE_BY_ONE_MAX) return
    this.#byBeginning = new Map()
    for (const text of this.#texts) {
      const beginning = text.slice(0, VALUE_LENGTH_MIN)
      const others = this.#byBeginning.get(beginning)
      if (others) others.push(text)
      else this.#byBeginning.set(beginning, [text])
    }
  }

  find(text: string, edits: Edits): void {
    if (this.#byBeginning) this.#findByBeginning(text, this.#byBeginning, edits)
    else this.#findOneByOne(text, edits)
  }

  #findOneByOne(text: string, edits: Edits): void {
    for (const value of this.#texts) {
      for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length)) {
        edits.add(at, at + value.length, 'repeated', LOG_MARK)
      }
    }
  }

  #findByBeginning(text: string, index: Map<string, string[]>, edits: Edits): void {
    for (let at = 0; at + VALUE_LENGTH_MIN <= text.length; at++) {
      const value = index
        .get(text.slice(at, at + VALUE_LENGTH_MIN))
        ?.find((candidate) => text.startsWith(candidate, at))
      if (value === undefined) continue
      edits.add(at, at + value.length, 'repeated', LOG_MARK)
    }
  }
}
