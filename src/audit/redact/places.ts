import type { Kind } from './kinds.ts'
import { LOG_MARK, LOG_MARK_BASE64 } from './kinds.ts'
import { isCredentialName, keyConfidence } from './names.ts'
import { Leaf, Repeated } from './tree.ts'

/** A string or number of an event: parsed, or with its place in the bytes. */
export type Text = string | number | Leaf

/**
 * What may be taken out of a text that is not confidential as a whole. From an `identity`, which
 * says who did it, and from a `name`, which says what, as little as possible: a value that the
 * event's author chose must not be able to black out the author's own name, or what guardrails
 * read. From a `text` everything that is confidential anywhere in the event. An `address` is a name
 * up to its query, which is text.
 */
export type Zone = 'identity' | 'name' | 'text' | 'address'

/** Told of every text in an event. */
export interface Visitor {
  /** Confidential as a whole, because of where it stands. */
  confidential(text: Text, kind: Kind, form: string): void
  /** A value of a ConfigMap in which a credential is to be expected: all of it, unless some is found. */
  suspicious(text: Text): void
  text(text: Text, zone: Zone): void
  /** The words of one command, each of which comes to `text` as well. */
  command(words: readonly Text[]): void
}

/** Objects whose `data` is confidential. A Secret stays one, whatever claims to be inside. */
type Owner = 'Secret' | 'ConfigMap' | undefined

const DATA = new Set(['data', 'stringData', 'binaryData'])
/** Members that are read together with those beside them. */
const NEIGHBOURS = new Set(['value', 'command', 'args'])

/**
 * True for names by which, or below which, something is found to be confidential because of where it
 * stands. In an event without any of them, only texts can hold something: JSON, and addresses.
 */
export function mayAnnounce(name: string): boolean {
  return DATA.has(name) || NEIGHBOURS.has(name) || isCredentialName(name)
}

/** Members of the event by what they say; all others say who, what, where and when. */
const EVENT_ZONES: Readonly<Record<string, Zone>> = {
  requestURI: 'address',
  userAgent: 'text',
  responseStatus: 'name',
}

/** Members of API objects that hold sentences, scripts and settings. */
const TEXTS = new Set([
  'annotations',
  'args',
  'command',
  'config',
  'content',
  'contents',
  'data',
  'description',
  'message',
  'note',
  'query',
  'script',
  'stdin',
  'stringData',
  'userData',
  'values',
])

/** Visits every text of an audit event, parsed or as a tree. */
export function eachText(event: object, visitor: Visitor): void {
  new Walker(visitor).event(event as JsonLike)
}

/** Visits every text of an API object, or of whatever else JSON inside a string is. */
export function eachTextOfBody(value: unknown, visitor: Visitor): void {
  new Walker(visitor).body(value, undefined, 'name')
}

type JsonLike = Readonly<Record<string, unknown>>

/** One visit. Written without closures: every event goes through it that a finding is made of. */
class Walker {
  readonly #visitor: Visitor

  constructor(visitor: Visitor) {
    this.#visitor = visitor
  }

  event(event: JsonLike): void {
    const owner = ownerOfResource(event)
    for (const key in event) {
      const value = event[key]
      if (key === 'requestObject' || key === 'responseObject') this.body(value, owner, 'name')
      else if (key === 'annotations') this.#annotations(value)
      else this.body(value, undefined, EVENT_ZONES[key] ?? 'identity')
    }
  }

  body(value: unknown, owner: Owner, zone: Zone): void {
    if (isText(value)) this.#visitor.text(value, zone)
    else if (Array.isArray(value)) for (const item of value) this.body(item, owner, zone)
    else if (value instanceof Repeated) this.body(value.values, owner, zone)
    else if (isObject(value)) this.#object(value, owner, zone)
  }

  /** Of the event itself: a decision is a name, its reason a text. */
  #annotations(value: unknown): void {
    if (!isObject(value)) return this.body(value, undefined, 'text')
    for (const key in value) {
      const note = value[key]
      const zone = isText(note) && /\s/.test(textOf(note)) ? 'text' : 'name'
      this.#member(key, note, undefined, zone)
    }
  }

  #object(object: JsonLike, outer: Owner, zone: Zone): void {
    const owner = object['kind'] === undefined ? outer : ownerOf(object['kind'], outer)
    for (const key in object) {
      const value = object[key]
      if (owner !== undefined && DATA.has(key)) this.#data(value, owner, key)
      else if (key === 'value') this.#value(object, value, owner, zone)
      else this.#member(key, value, owner, zone)
    }
    const { command, args } = object
    if (Array.isArray(command) || Array.isArray(args)) {
      const words = [command, args].flat().filter((word): word is Text => isText(word))
      this.#visitor.command(words)
    }
  }

  #member(key: string, value: unknown, owner: Owner, zone: Zone): void {
    if (value instanceof Repeated) {
      for (const item of value.values) this.#member(key, item, owner, zone)
    } else if (isCredentialName(key) && holdsTexts(value)) this.#confidential(value, 'field')
    else this.body(value, owner, TEXTS.has(key) ? 'text' : zone)
  }

  /**
   * What is called `value` is named by its neighbours. `{name: DB_PASSWORD, value: …}`: variables of
   * containers, headers of probes, parameters of charts. `{path: /data/password, value: …}`: an
   * operation of a JSON Patch.
   */
  #value(object: JsonLike, value: unknown, owner: Owner, zone: Zone): void {
    const path = firstText(object['path'])
    if (path?.startsWith('/')) return this.#patched(path, value, owner)
    const name = firstText(object['name']) ?? firstText(object['key'])
    if (name === undefined) this.body(value, owner, zone)
    else if (isCredentialName(name) && holdsTexts(value)) this.#confidential(value, 'environment')
    else this.body(value, owner, 'text')
  }

  #patched(path: string, value: unknown, owner: Owner): void {
    const steps = path.split('/').map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    const [, first = '', second] = steps
    if (owner !== undefined && DATA.has(first)) {
      this.#data(second === undefined ? value : { [second]: value }, owner, first)
    } else if (isCredentialName(steps.at(-1)!) && holdsTexts(value)) {
      this.#confidential(value, 'field')
    } else this.body(value, owner, steps.some((step) => TEXTS.has(step)) ? 'text' : 'name')
  }

  /** What a Secret or ConfigMap holds, or what a patch of one changes. */
  #data(value: unknown, owner: Owner, field: string): void {
    if (value instanceof Repeated) for (const item of value.values) this.#data(item, owner, field)
    else if (isObject(value)) {
      for (const key in value) {
        for (const leaf of leavesOf(value[key])) this.#entry(key, leaf, owner, field)
      }
    } else for (const leaf of leavesOf(value)) this.#entry('', leaf, owner, field)
  }

  #entry(key: string, value: Text, owner: Owner, field: string): void {
    const encoded = owner === 'Secret' ? field !== 'stringData' : field === 'binaryData'
    const form = encoded ? LOG_MARK_BASE64 : LOG_MARK
    if (owner === 'Secret') return this.#visitor.confidential(value, 'secret', form)
    const confidence = keyConfidence(key)
    if (confidence === 'whole') this.#visitor.confidential(value, 'configmap', form)
    else if (confidence === 'found or whole') this.#visitor.suspicious(value)
    else this.#visitor.text(value, 'text')
  }

  #confidential(value: unknown, kind: Kind): void {
    for (const leaf of leavesOf(value)) this.#visitor.confidential(leaf, kind, LOG_MARK)
  }
}

/** Strings, or an array of nothing else: a map below `password` has members that tell more. */
function holdsTexts(value: unknown): boolean {
  return isString(value) || (Array.isArray(value) && value.every((item) => isString(item)))
}

function isString(value: unknown): boolean {
  return typeof value === 'string' || (value instanceof Leaf && value.isString)
}

function leavesOf(value: unknown): Text[] {
  if (isText(value)) return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value instanceof Repeated ? value.values : value).flatMap(leavesOf)
}

function isObject(value: unknown): value is JsonLike {
  return typeof value === 'object' && value !== null && !(value instanceof Leaf)
}

function isText(value: unknown): value is Text {
  return typeof value === 'string' || typeof value === 'number' || value instanceof Leaf
}

/** A text's characters; a number's digits. */
export function textOf(text: Text): string {
  return text instanceof Leaf ? text.text : String(text)
}

function firstText(value: unknown): string | undefined {
  return textsOf(value)[0]
}

/** A string member; all of them where a name is there more than once. */
function textsOf(value: unknown): string[] {
  if (value instanceof Repeated) return value.values.flatMap(textsOf)
  return isString(value) ? [textOf(value as Text)] : []
}

/** By the kind that the object says it is, or that the one around it said: items of a list say nothing. */
function ownerOf(kind: unknown, outer: Owner): Owner {
  if (outer === 'Secret') return outer
  const kinds = textsOf(kind).map((text) => text.replace(/List$/, ''))
  return kinds.includes('Secret') ? 'Secret' : kinds.includes('ConfigMap') ? 'ConfigMap' : outer
}

function ownerOfResource(event: JsonLike): Owner {
  const references =
    event['objectRef'] instanceof Repeated ? event['objectRef'].values : [event['objectRef']]
  const resources = references.flatMap((reference) =>
    isObject(reference) ? textsOf(reference['resource']) : [],
  )
  if (resources.includes('secrets')) return 'Secret'
  return resources.includes('configmaps') ? 'ConfigMap' : undefined
}
