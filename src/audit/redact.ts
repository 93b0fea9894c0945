import { type JsonObject, objectOf } from '../text/json.ts'
import { isCredentialName, REDACTED, redactShapes } from './credentials.ts'

/**
 * Shortest secret that is looked for by value, in characters. Shorter ones are everyday words and
 * numbers, and would black out half of a message.
 */
const VALUE_LENGTH_MIN = 4
/** Deepest structure that is searched for secrets; deeper parts of an event are not shown anywhere. */
const DEPTH_MAX = 64

/** Takes out of texts what the event holds in confidence. */
export interface Redactor {
  /** For what an engine wrote about the event. */
  text(text: string): string
  /** The same for every string inside a JSON value. */
  value<T>(value: T): T
  /**
   * For who and what: removes only what is a credential by its shape. A value that the event's
   * author chose must not be able to black out the author's own name.
   */
  identity<T>(value: T): T
}

/**
 * A redactor for texts about one event: it knows the values of the Secrets and ConfigMaps in the
 * event, of issued tokens and of credential-like variables, and removes them wherever they stand,
 * besides what is a credential by its shape.
 */
export function redactorFor(event: JsonObject): Redactor {
  const values = [...confidentialValues(event)].sort((a, b) => b.length - a.length)
  const clean = (text: string): string => {
    let result = text
    for (const value of values) result = result.replaceAll(value, REDACTED)
    return redactShapes(result)
  }
  return {
    text: clean,
    value: (value) => mapStrings(value, clean) as typeof value,
    identity: (value) => mapStrings(value, redactShapes) as typeof value,
  }
}

/** Every value in the event that must not be printed, as it stands and base64-decoded. */
function confidentialValues(event: JsonObject): Set<string> {
  const found = new Set<string>()
  const add = (text: string): void => {
    if (text.length >= VALUE_LENGTH_MIN) found.add(text)
  }
  const resource = objectOf(event['objectRef'])['resource']
  const owner = resource === 'secrets' || resource === 'configmaps'
  for (const part of ['requestObject', 'responseObject']) {
    collect(event[part], owner, (text, encoded) => {
      add(text)
      if (encoded) for (const decoded of decodings(text)) add(decoded)
    })
  }
  return found
}

type Add = (text: string, encoded: boolean) => void

/** Walks an API object. `owner` is true inside an object whose `data` is confidential. */
function collect(value: unknown, owner: boolean, add: Add, depth = 0): void {
  if (depth > DEPTH_MAX) return
  if (Array.isArray(value)) {
    for (const item of value) collect(item, owner, add, depth + 1)
    return
  }
  if (typeof value !== 'object' || value === null) return
  const object = value as JsonObject
  const kind = object['kind']
  const holds = owner || (typeof kind === 'string' && /^(?:Secret|ConfigMap)(?:List)?$/.test(kind))
  collectNamed(object, add)
  for (const [key, item] of Object.entries(object)) {
    if (holds && (key === 'data' || key === 'stringData' || key === 'binaryData')) {
      leaves(item, (text) => add(text, true))
    } else if (typeof item === 'string') {
      if (isCredentialName(key) && key !== 'kind') add(item, true)
      else if (looksLikeJson(item)) collect(parsed(item), holds, add, depth + 1)
    } else {
      collect(item, holds, add, depth + 1)
    }
  }
}

/** `{name: DB_PASSWORD, value: …}` of container variables, and JSON Patch operations on `/data/…`. */
function collectNamed(object: JsonObject, add: Add): void {
  const { name, path, value } = object
  if (typeof name === 'string' && typeof value === 'string' && isCredentialName(name)) {
    add(value, true)
  }
  if (typeof path === 'string' && /^\/(?:data|stringData|binaryData)(?:\/|$)/.test(path)) {
    leaves(value, (text) => add(text, true))
  }
}

function leaves(value: unknown, add: (text: string) => void, depth = 0): void {
  if (typeof value === 'string') {
    add(value)
    // A message may quote one line of a longer value.
    if (value.includes('\n')) for (const line of value.split('\n')) add(line.trim())
  } else if (typeof value === 'object' && value !== null && depth < DEPTH_MAX) {
    for (const item of Object.values(value)) leaves(item, add, depth + 1)
  }
}

function decodings(text: string): string[] {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return []
  const decoded = Buffer.from(text, 'base64').toString()
  return decoded.includes('\ufffd')
    ? []
    : [decoded, ...decoded.split('\n').map((line) => line.trim())]
}

function looksLikeJson(text: string): boolean {
  return text.startsWith('{') && text.trimEnd().endsWith('}')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function mapStrings(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value)
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, map))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, mapStrings(item, map)]),
  )
}
