import { objectOf } from '../../text/json.ts'
import { Echoes } from './echoes.ts'
import { Edits } from './edits.ts'
import { eachText, eachTextOfBody, type Text, textOf, type Visitor } from './places.ts'
import { commandWords } from './programs.ts'
import { shapes } from './shapes.ts'
import { inQuery } from './text.ts'
import { Leaf } from './tree.ts'

/** JSON inside JSON that is looked into, in layers. */
const LAYERS_MAX = 8

/** The confidential values of an event, parsed or as a tree, to be found where they are repeated. */
export function echoesOf(event: object): Echoes {
  const echoes = new Echoes(() => identityOf(event))
  eachText(event, new Collector(echoes, 0))
  return echoes
}

/** What a finding shows of its event besides the message, as one text. */
function identityOf(event: object): string {
  const found: string[] = []
  const add = (value: unknown): void => {
    if (typeof value === 'string') found.push(value)
    else if (value instanceof Leaf) found.push(value.text)
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(add)
  }
  const { user, impersonatedUser, objectRef, sourceIPs, verb } = objectOf(event)
  const names = [user, impersonatedUser].map((someone) => objectOf(someone))
  for (const { username, groups } of names) add([username, groups])
  add([objectRef, sourceIPs, verb])
  return found.join('\n')
}

class Collector implements Visitor {
  readonly #echoes: Echoes
  readonly #layer: number

  constructor(echoes: Echoes, layer: number) {
    this.#echoes = echoes
    this.#layer = layer
  }

  confidential(text: Text): void {
    this.#echoes.add(textOf(text))
  }

  suspicious(text: Text): void {
    const value = textOf(text)
    const edits = new Edits(value)
    shapes(value, edits)
    if (edits.count === 0) this.#echoes.add(value)
    else this.#addFound(value, edits)
    this.text(text)
  }

  text(text: Text, zone?: string): void {
    if (typeof text === 'number') return
    const value = textOf(text)
    if (zone === 'address') this.#address(value)
    else if (this.#layer < LAYERS_MAX) {
      const inner = innerJson(value)
      if (inner !== undefined) eachTextOfBody(inner, new Collector(this.#echoes, this.#layer + 1))
    }
  }

  command(words: readonly Text[]): void {
    const split = words.map((word) => ({ text: textOf(word), start: 0 }))
    commandWords(split, ({ text }, start, end) => this.#echoes.add(text.slice(start, end)))
  }

  #address(uri: string): void {
    const query = uri.indexOf('?') + 1
    if (query === 0) return
    const edits = new Edits(uri)
    inQuery(uri.slice(query), query, undefined, edits)
    this.#addFound(uri, edits)
  }

  #addFound(text: string, edits: Edits): void {
    for (const { start, end } of edits.merged()) this.#echoes.add(text.slice(start, end))
  }
}

/** The object or array that a string is the JSON of; undefined for anything else. */
function innerJson(text: string): object | undefined {
  if (!looksLikeJson(text)) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

/** True for what begins as the JSON of an object or array. */
export function looksLikeJson(text: string): boolean {
  const first = text.charCodeAt(0) <= 0x20 ? text.trimStart().charCodeAt(0) : text.charCodeAt(0)
  return first === 0x7b || first === 0x5b
}
