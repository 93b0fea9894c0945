import type { Splice } from '../redact/splice.ts'
import { looksLikeJson } from '../redact/collect.ts'
import { LOG_MARK_BASE64 } from '../redact/kinds.ts'
import { Leaf, readInnerTree, readTree, Repeated, type Tree } from '../redact/tree.ts'
import { isAddress } from './addresses.ts'
import { isReserved } from './builtin.ts'
import { isText, namingOf } from './fields.ts'
import { namesInImage } from './image.ts'
import { isNamingLabel } from './labels.ts'
import type { Pseudonyms } from './pseudonyms.ts'
import { namesInSentence, type Replacement } from './sentence.ts'
import { nameOfObject, namesInUri } from './uri.ts'

/** JSON inside JSON that is looked into, in layers. */
const LAYERS_MAX = 8

/**
 * What to replace in an audit event, in order, so that nobody and nothing is called by name. What
 * happened stays, and whoever has a meaning for guardrails.
 * @param event one JSON object, in valid UTF-8
 */
export function pseudonymsIn(event: Uint8Array, pseudonyms: Pseudonyms): Splice[] {
  const tree = readTree(event, 0, event.length)
  if (tree === undefined) throw new Error('the bytes are not one JSON object')
  const renaming = new Renaming(pseudonyms, new Map(), 0)
  renaming.event(tree.root)
  return renaming.splices(tree)
}

type Change = (text: string) => string
type Find = (text: string) => readonly Replacement[]

/** Goes through an event twice: through the fields that are names, and then through its texts. */
class Renaming {
  readonly #pseudonyms: Pseudonyms
  /** Pseudonyms of everything that the event names, to be found in its texts. */
  readonly #known: Map<string, string>
  readonly #layer: number
  readonly #changed = new Map<Leaf, readonly Replacement[]>()
  /** Texts, and what finds the names in them. */
  readonly #texts: [leaf: Leaf, find: Find][] = []

  constructor(pseudonyms: Pseudonyms, known: Map<string, string>, layer: number) {
    this.#pseudonyms = pseudonyms
    this.#known = known
    this.#layer = layer
  }

  event(root: unknown): void {
    const resource = textsOf(
      membersOf(root).find(([key]) => key === 'objectRef')?.[1],
      'resource',
    )[0]
    for (const [key, value] of membersOf(root)) {
      if (key === 'user' || key === 'impersonatedUser') this.#identity(value)
      else if (key === 'objectRef') this.#named(value, resource ?? '')
      else if (key === 'sourceIPs') this.#rename(value, (text) => this.#pseudonyms.address(text))
      else if (key === 'requestURI') this.#later(value, this.#inUri)
      else if (key === 'userAgent' || key === 'annotations') this.#later(value, this.#inText)
      else this.body(value, key, resource ?? '')
    }
  }

  /** @param parent the name of the member that this is the value of */
  body(value: unknown, parent: string, resource: string): void {
    if (value instanceof Leaf) this.#leaf(value, parent)
    else if (Array.isArray(value)) for (const item of value) this.body(item, parent, resource)
    else if (value instanceof Repeated) this.body(value.values, parent, resource)
    else if (typeof value === 'object' && value !== null) this.#object(value, parent, resource)
  }

  #leaf(leaf: Leaf, parent: string): void {
    if (!leaf.isString) return
    if (isAddress(leaf.text)) this.#rename(leaf, (text) => this.#pseudonyms.address(text))
    else if (parent === 'image') this.#later(leaf, (text) => namesInImage(text, this.#known))
    else if (isText(parent)) this.#later(leaf, this.#inText)
  }

  #object(object: object, parent: string, outer: string): void {
    const resource = textsOf(object, 'kind')[0] ?? outer
    if (parent === 'subjects') return this.#subject(object, resource)
    const path = textsOf(object, 'path')[0]
    const isIdentity = 'username' in object || ('user' in object && isReview(object))
    if (isIdentity) this.#identity(object)
    for (const [key, value] of membersOf(object)) {
      const naming = namingOf(parent, key)
      if (isIdentity && /^(?:username|user|groups|uid|extra)$/.test(key) && isPlain(value)) continue
      if (key === 'value' && path?.startsWith('/')) this.#patched(path, value, resource)
      else if (isLabels(key)) this.#labels(value)
      else if (key === 'matchExpressions') this.#expressions(value)
      else if (isCertificate(resource, key)) this.#rename(value, () => LOG_MARK_BASE64)
      else if (isText(key)) this.#text(value, key, resource)
      else if (naming === 'user' && isPlain(value)) this.#rename(value, this.#user)
      else if (naming === 'name' && isPlain(value)) this.#names(value, parent, resource)
      else this.body(value, key, resource)
    }
  }

  /** Who asks: the authenticated user, and whoever is asked about in reviews and certificates. */
  #identity(value: unknown): void {
    const isOwn = textsOf(value, 'username').every(isReserved)
    for (const [key, item] of membersOf(value)) {
      if (key === 'username' || key === 'user') this.#rename(item, this.#user)
      else if (key === 'groups') this.#rename(item, (text) => this.#pseudonyms.group(text))
      else if (key === 'uid' && !isOwn) this.#rename(item, (text) => this.#pseudonyms.id(text))
      else if (key === 'extra') this.#extra(item)
    }
  }

  /** What the authenticator says besides. Of Kubernetes' own remarks only two are names. */
  #extra(value: unknown): void {
    for (const [key, item] of membersOf(value)) {
      if (/\/(?:pod|node)-name$/.test(key)) this.#rename(item, this.#name)
      else if (!key.startsWith('authentication.kubernetes.io/')) {
        this.#rename(item, (text) => this.#pseudonyms.other(text))
      }
    }
  }

  #named(value: unknown, resource: string): void {
    for (const [key, item] of membersOf(value)) {
      if (key === 'namespace') this.#rename(item, this.#name)
      else if (key === 'name') this.#names(item, 'metadata', resource)
    }
  }

  #names(value: unknown, parent: string, resource: string): void {
    const ofDefinition = parent === 'metadata' || parent === 'details' ? resource : ''
    this.#rename(value, (text) => nameOfObject(text, ofDefinition, this.#pseudonyms))
  }

  #subject(subject: object, kind: string): void {
    for (const [key, value] of membersOf(subject)) {
      if (key === 'namespace') this.#rename(value, this.#name)
      else if (key !== 'name') continue
      else if (kind === 'Group') this.#rename(value, (text) => this.#pseudonyms.group(text))
      else this.#rename(value, kind === 'ServiceAccount' ? this.#name : this.#user)
    }
  }

  /** The value of a JSON Patch operation, as the member that it becomes. */
  #patched(path: string, value: unknown, resource: string): void {
    const steps = path.split('/').filter((step) => step !== '' && !/^(?:\d+|-)$/.test(step))
    const key = (steps.at(-1) ?? '').replaceAll('~1', '/').replaceAll('~0', '~')
    const parent = steps.at(-2) ?? ''
    if (isLabels(parent)) this.#labels({ [key]: value })
    else if (isText(parent)) this.#text(value, parent, resource)
    else this.body({ [key]: value }, parent, resource)
  }

  #labels(value: unknown): void {
    for (const [key, item] of membersOf(value)) {
      if (isPlain(item) && isNamingLabel(key)) this.#rename(item, this.#name)
      else if (isLabels(key)) this.#labels(item)
      else if (key === 'matchExpressions') this.#expressions(item)
      else this.body(item, key, '')
    }
  }

  #expressions(value: unknown): void {
    for (const item of Array.isArray(value) ? value : []) {
      if (!textsOf(item, 'key').some(isNamingLabel)) continue
      for (const [key, values] of membersOf(item)) {
        if (key === 'values') this.#rename(values, this.#name)
      }
    }
  }

  /** Everything below is text, but what is an object of its own. */
  #text(value: unknown, key: string, resource: string): void {
    if (isPlain(value)) this.#later(value, this.#inText)
    else if (Array.isArray(value)) for (const item of value) this.#text(item, key, resource)
    else if (/^(?:values?|server|content|hosts?)$/.test(key)) this.body(value, key, resource)
    else for (const [, item] of membersOf(value)) this.#later(item, this.#inText)
  }

  readonly #name: Change = (text) => this.#pseudonyms.name(text)
  readonly #user: Change = (text) => this.#pseudonyms.user(text)
  readonly #inText: Find = (text) => namesInSentence(text, this.#known, this.#pseudonyms)
  readonly #inUri: Find = (text) => namesInUri(text, this.#pseudonyms, this.#inText)

  #rename(value: unknown, change: Change): void {
    eachString(value, (leaf) => {
      const text = change(leaf.text)
      if (text === leaf.text) return
      this.#learn(leaf.text, text)
      this.#changed.set(leaf, [{ start: 0, end: leaf.text.length, text }])
    })
  }

  /** Accounts and nodes are known by their own names too. */
  #learn(name: string, pseudonym: string): void {
    this.#known.set(name, pseudonym)
    const parts = pseudonym.split(':')
    if (!/^system:(?:serviceaccounts?|node):/.test(name)) return
    for (const [index, part] of name.split(':').entries()) {
      if (part !== parts[index]) this.#known.set(part, parts[index]!)
    }
  }

  #later(value: unknown, find: Find): void {
    eachString(value, (leaf) => this.#texts.push([leaf, find]))
  }

  splices({ names }: Tree): Splice[] {
    for (const [leaf, find] of this.#texts) {
      const inside = looksLikeJson(leaf.text) ? this.#inside(leaf.text) : undefined
      this.#changed.set(leaf, inside ?? find(leaf.text))
    }
    // Fields that belong to an element of a list are recorded under its name.
    for (const name of names.flat()) {
      if (/^[kv]:/.test(name.text)) this.#changed.set(name, this.#inText(name.text))
    }
    const splices: Splice[] = []
    for (const [leaf, replacements] of this.#changed) {
      if (replacements.length === 0) continue
      const { place } = leaf.decoded
      for (const { start, end, text } of replacements) {
        const escaped = JSON.stringify(text).slice(1, -1)
        splices.push({ start: place(start), end: place(end), text: escaped })
      }
    }
    return splices.sort((a, b) => a.start - b.start)
  }

  #inside(json: string): readonly Replacement[] | undefined {
    const tree = this.#layer < LAYERS_MAX ? readInnerTree(json) : undefined
    if (tree === undefined) return undefined
    const inner = new Renaming(this.#pseudonyms, this.#known, this.#layer + 1)
    inner.body(tree.root, '', '')
    return inner.splices(tree).map(({ start, end, text }) => ({
      start: tree.unitOf(start),
      end: tree.unitOf(end),
      text,
    }))
  }
}

function isLabels(key: string): boolean {
  return /^(?:labels|matchLabels|selector|nodeSelector|podSelector)$/.test(key)
}

/** What is asked of an authorizer names the user in another field than all else. */
function isReview(object: object): boolean {
  return 'groups' in object || 'resourceAttributes' in object || 'nonResourceAttributes' in object
}

/** A certificate, or the request for one, has its owner's name in it. */
function isCertificate(kind: string, key: string): boolean {
  return /^certificatesigningrequests?$/i.test(kind) && /^(?:request|certificate)$/.test(key)
}

/** A string, or a list of strings. */
function isPlain(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isPlain)
  return (value instanceof Leaf && value.isString) || value instanceof Repeated
}

function eachString(value: unknown, visit: (leaf: Leaf) => void): void {
  if (value instanceof Leaf) {
    if (value.isString) visit(value)
  } else if (value instanceof Repeated) eachString(value.values, visit)
  else if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) eachString(item, visit)
  }
}

/** The members of an object, each value for itself where a name is there more than once. */
function membersOf(value: unknown): [name: string, value: unknown][] {
  if (value instanceof Repeated) return value.values.flatMap(membersOf)
  if (typeof value !== 'object' || value === null || value instanceof Leaf) return []
  return Object.entries(value).flatMap(([name, item]): [string, unknown][] =>
    item instanceof Repeated ? item.values.map((one) => [name, one]) : [[name, item]],
  )
}

function textsOf(value: unknown, name: string): string[] {
  return membersOf(value)
    .filter(([key, item]) => key === name && item instanceof Leaf)
    .map(([, item]) => (item as Leaf).text)
}
