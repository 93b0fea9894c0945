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
  const owner = ownerOfResource(event)
  for (const key in event) {
    each((event as Record<string, unknown>)[key], (value) => member(key, value, owner, visitor))
  }
}

/** Visits every text of an API object, or of whatever else JSON inside a string is. */
export function eachTextOfBody(value: unknown, visitor: Visitor): void {
  body(value, undefined, 'name', visitor)
}

function member(key: string, value: unknown, owner: Owner, visitor: Visitor): void {
  switch (key) {
    case 'requestObject':
    case 'responseObject':
      return body(value, owner, 'name', visitor)
    case 'requestURI':
      return body(value, undefined, 'address', visitor)
    case 'userAgent':
      return body(value, undefined, 'text', visitor)
    case 'responseStatus':
      return body(value, undefined, 'name', visitor)
    case 'annotations':
      return annotations(value, visitor)
    default:
      return body(value, undefined, 'identity', visitor)
  }
}

/** Of the event itself: a decision is a name, its reason a text. */
function annotations(value: unknown, visitor: Visitor): void {
  if (!isObject(value)) return body(value, undefined, 'text', visitor)
  for (const key in value) {
    each(value[key], (note) => {
      const sentence = isText(note) && /\s/.test(textOf(note))
      body({ [key]: note }, undefined, sentence ? 'text' : 'name', visitor)
    })
  }
}

function body(value: unknown, owner: Owner, zone: Zone, visitor: Visitor): void {
  if (isText(value)) visitor.text(value, zone)
  else if (Array.isArray(value)) for (const item of value) body(item, owner, zone, visitor)
  else if (value instanceof Repeated) {
    for (const item of value.values) body(item, owner, zone, visitor)
  } else if (isObject(value)) object(value, owner, zone, visitor)
}

function object(value: JsonLike, outer: Owner, zone: Zone, visitor: Visitor): void {
  const owner = ownerOf(value, outer)
  const name = firstText(value['name']) ?? firstText(value['key'])
  const path = firstText(value['path'])
  for (const key in value) {
    each(value[key], (item) => {
      if (owner !== undefined && DATA.has(key)) data(item, owner, key, visitor)
      else if (key === 'value' && path?.startsWith('/')) patched(path, item, owner, visitor)
      else if (key === 'value' && name !== undefined) named(name, item, owner, visitor)
      else if (isCredentialName(key) && holdsTexts(item)) {
        leaves(item, (leaf) => visitor.confidential(leaf, 'field', LOG_MARK))
      } else body(item, owner, TEXTS.has(key) ? 'text' : zone, visitor)
    })
  }
  const { command, args } = value
  if (Array.isArray(command) || Array.isArray(args)) {
    visitor.command([command, args].flat().filter((word): word is Text => isText(word)))
  }
}

/** What a Secret or ConfigMap holds, and what a patch of one changes. */
function data(value: unknown, owner: Owner, field: string, visitor: Visitor): void {
  if (!isObject(value)) return leaves(value, (leaf) => entry('', leaf, owner, field, visitor))
  for (const key in value) leaves(value[key], (leaf) => entry(key, leaf, owner, field, visitor))
}

function entry(key: string, value: Text, owner: Owner, field: string, visitor: Visitor): void {
  const encoded = owner === 'Secret' ? field !== 'stringData' : field === 'binaryData'
  const form = encoded ? LOG_MARK_BASE64 : LOG_MARK
  if (owner === 'Secret') return visitor.confidential(value, 'secret', form)
  const confidence = keyConfidence(key)
  if (confidence === 'whole') visitor.confidential(value, 'configmap', form)
  else if (confidence === 'found or whole') visitor.suspicious(value)
  else visitor.text(value, 'text')
}

/** `{name: DB_PASSWORD, value: …}`: variables of containers, headers of probes, parameters of charts. */
function named(name: string, value: unknown, owner: Owner, visitor: Visitor): void {
  if (isCredentialName(name) && holdsTexts(value)) {
    leaves(value, (leaf) => visitor.confidential(leaf, 'environment', LOG_MARK))
  } else body(value, owner, 'text', visitor)
}

/** The value of a JSON Patch operation, judged by the path that it is written to. */
function patched(path: string, value: unknown, owner: Owner, visitor: Visitor): void {
  const steps = path.split('/').map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  const [, first = '', second] = steps
  const last = steps.at(-1)!
  if (owner !== undefined && DATA.has(first)) {
    const under = second === undefined ? value : { [steps.slice(2).join('/')]: value }
    data(under, owner, first, visitor)
  } else if (isCredentialName(last) && holdsTexts(value)) {
    leaves(value, (leaf) => visitor.confidential(leaf, 'field', LOG_MARK))
  } else body(value, owner, steps.some((step) => TEXTS.has(step)) ? 'text' : 'name', visitor)
}

/** Strings, or an array of nothing else: a map below `password` has members that tell more. */
function holdsTexts(value: unknown): boolean {
  return isString(value) || (Array.isArray(value) && value.every((item) => isString(item)))
}

function isString(value: unknown): boolean {
  return typeof value === 'string' || (value instanceof Leaf && value.isString)
}

function leaves(value: unknown, visit: (leaf: Text) => void): void {
  if (isText(value)) visit(value)
  else if (Array.isArray(value)) for (const item of value) leaves(item, visit)
  else if (value instanceof Repeated) for (const item of value.values) leaves(item, visit)
  else if (isObject(value)) for (const key in value) leaves(value[key], visit)
}

type JsonLike = Readonly<Record<string, unknown>>

function isObject(value: unknown): value is JsonLike {
  return typeof value === 'object' && value !== null && !(value instanceof Leaf)
}

export function isText(value: unknown): value is Text {
  return typeof value === 'string' || typeof value === 'number' || value instanceof Leaf
}

/** A text's characters; a number's digits. */
export function textOf(text: Text): string {
  return text instanceof Leaf ? text.text : String(text)
}

function firstText(value: unknown): string | undefined {
  if (value instanceof Repeated) return value.values.map(firstText).find((text) => text)
  return typeof value === 'string' || value instanceof Leaf ? textOf(value) : undefined
}

function each(value: unknown, visit: (value: unknown) => void): void {
  if (value instanceof Repeated) for (const item of value.values) visit(item)
  else visit(value)
}

/** By the kind that the object says it is, or that the one around it said: items of a list say nothing. */
function ownerOf(value: JsonLike, outer: Owner): Owner {
  if (outer === 'Secret' || value['kind'] === undefined) return outer
  const kinds = textsOf(value['kind']).map((kind) => kind.replace(/List$/, ''))
  return kinds.includes('Secret') ? 'Secret' : kinds.includes('ConfigMap') ? 'ConfigMap' : outer
}

function ownerOfResource(event: object): Owner {
  const resources: string[] = []
  each((event as JsonLike)['objectRef'], (reference) => {
    if (isObject(reference)) resources.push(...textsOf(reference['resource']))
  })
  if (resources.includes('secrets')) return 'Secret'
  return resources.includes('configmaps') ? 'ConfigMap' : undefined
}

function textsOf(value: unknown): string[] {
  const texts: string[] = []
  each(value, (item) => {
    if (isText(item)) texts.push(textOf(item))
  })
  return texts
}
