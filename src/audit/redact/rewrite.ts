import { isAccount } from './accounts.ts'
import { echoesOf, looksLikeJson } from './collect.ts'
import type { Echoes } from './echoes.ts'
import { Edits, inLog } from './edits.ts'
import { type Kind, LOG_MARK } from './kinds.ts'
import { isKnownClean } from './memory.ts'
import { eachText, eachTextOfBody, type Text, type Visitor, type Zone } from './places.ts'
import { commandWords } from './programs.ts'
import { inName, inQuery, inText } from './text.ts'
import type { Splice } from './splice.ts'
import { Leaf, readInnerTree, readTree, type Tree } from './tree.ts'

/** JSON inside JSON that is looked into, in layers. */
const LAYERS_MAX = 8

/** Something confidential, and what takes its place. */
export interface Redaction extends Splice {
  readonly kind: Kind
}

/**
 * What to replace in an event, in order, so that nothing confidential is left in it. Everything else
 * stays as it is: the order of members, the digits of numbers, the escapes.
 * @param bytes one JSON object from `start` to before `end`, in valid UTF-8
 */
export function redactionsOf(bytes: Uint8Array, start: number, end: number): Redaction[] {
  const tree = readTree(bytes, start, end)
  if (tree === undefined) throw new Error('the bytes are not one JSON object')
  const root = tree.root as object
  const rewriter = new Rewriter(echoesOf(root), 0)
  eachText(root, rewriter)
  return rewriter.redactions(tree)
}

class Rewriter implements Visitor {
  readonly #echoes: Echoes
  readonly #layer: number
  /** Of the texts in which something was found. */
  readonly #edits = new Map<Leaf, Edits>()
  readonly #numbers: Redaction[] = []

  constructor(echoes: Echoes, layer: number) {
    this.#echoes = echoes
    this.#layer = layer
  }

  confidential(text: Text, kind: Kind, form: string): void {
    const leaf = text as Leaf
    if (leaf.isString) this.#edit(leaf, (edits) => edits.add(0, leaf.text.length, kind, form))
    else this.#numbers.push({ start: leaf.start, end: leaf.end, text: `"${form}"`, kind })
  }

  suspicious(text: Text): void {
    const leaf = text as Leaf
    this.text(leaf, 'text')
    // What is found in it has been taken out before where there is a mark already.
    if (this.#edits.has(leaf) || leaf.text.includes(LOG_MARK)) return
    this.confidential(leaf, 'configmap', LOG_MARK)
  }

  text(text: Text, zone: Zone): void {
    const leaf = text as Leaf
    if (!leaf.isString) return
    const value = leaf.text
    if (zone !== 'text' && zone !== 'address' && this.#isClean(value)) return
    const edits = this.#edits.get(leaf) ?? new Edits(value)
    const inside = looksLikeJson(value) && this.#inside(value, edits)
    if (inside && zone === 'text') this.#echoes.inText(value, edits)
    else if (inside) return this.#keep(leaf, edits)
    else if (zone === 'text') inText(value, this.#echoes, edits)
    else if (zone === 'address') this.#address(value, edits)
    else inName(value, zone === 'identity' && isAccount(value) ? undefined : this.#echoes, edits)
    this.#keep(leaf, edits)
  }

  command(words: readonly Text[]): void {
    const split = (words as readonly Leaf[]).map((leaf) => ({ text: leaf.text, start: 0, leaf }))
    commandWords(split, (word, start, end) => {
      const { leaf } = word as (typeof split)[number]
      this.#edit(leaf, (edits) => edits.add(start, end, 'argument', LOG_MARK))
    })
  }

  redactions({ names }: Tree): Redaction[] {
    const redactions = [...this.#numbers]
    for (const those of names) redactions.push(...this.#names(those))
    for (const [leaf, edits] of this.#edits) {
      const { place } = leaf.decoded
      for (const { start, end, kind, form } of edits.merged()) {
        const text = JSON.stringify(form).slice(1, -1)
        redactions.push({ start: place(start), end: place(end), text, kind })
      }
    }
    return redactions.sort((a, b) => a.start - b.start)
  }

  /** True for a name that has been looked at before, where nothing else can be in it. */
  #isClean(name: string): boolean {
    if (!this.#echoes.isEmpty || !isKnownClean(name)) return false
    return !name.includes('%') && !looksLikeJson(name)
  }

  #edit(leaf: Leaf, change: (edits: Edits) => void): void {
    const edits = this.#edits.get(leaf) ?? new Edits(leaf.text)
    change(edits)
    this.#keep(leaf, edits)
  }

  #keep(leaf: Leaf, edits: Edits): void {
    if (edits.count > 0) this.#edits.set(leaf, edits)
  }

  #address(uri: string, edits: Edits): void {
    const query = uri.indexOf('?')
    inName(query < 0 ? uri : uri.slice(0, query), this.#echoes, edits)
    if (query >= 0) inQuery(uri.slice(query + 1), query + 1, this.#echoes, edits)
  }

  /** Looks into JSON inside a string; false where it is none. */
  #inside(value: string, edits: Edits): boolean {
    const tree = this.#layer < LAYERS_MAX ? readInnerTree(value) : undefined
    if (tree === undefined) {
      // Cut off, perhaps: then nobody can tell what is in it.
      if (/"kind"\s*:\s*"Secret"/.test(value)) edits.add(0, value.length, 'secret', LOG_MARK)
      return false
    }
    const inner = new Rewriter(this.#echoes, this.#layer + 1)
    eachTextOfBody(tree.root, inner)
    for (const { start, end, kind, text } of inner.redactions(tree)) {
      edits.add(tree.unitOf(start), tree.unitOf(end), kind, text)
    }
    return true
  }

  /** A member's name that is a credential is replaced too, by one that the object does not have. */
  #names(names: readonly Leaf[]): Redaction[] {
    const splices: Redaction[] = []
    let taken: Set<string> | undefined
    for (const leaf of names) {
      if (this.#isClean(leaf.text)) continue
      const edits = new Edits(leaf.text)
      inName(leaf.text, this.#echoes, edits)
      if (edits.count === 0) continue
      const merged = edits.merged()
      taken ??= new Set(names.map(({ text }) => text))
      const bare = inLog(leaf.text, merged)
      let name = bare
      for (let n = 2; taken.has(name); n++) name = `${bare}_${n}`
      taken.add(name)
      const text = JSON.stringify(name).slice(1, -1)
      splices.push({ start: leaf.start, end: leaf.end, text, kind: merged[0]!.kind })
    }
    return splices
  }
}
