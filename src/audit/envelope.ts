import { closingQuote, valueEnd } from './members.ts'
import { skipSpace } from './space.ts'

/** What a provider's record of its own holds. */
export type Content =
  /** An event in place, `bytes[start, end)` of the record. */
  | { readonly kind: 'object'; readonly start: number; readonly end: number }
  /** A string, quotes included, whose text is an event. */
  | { readonly kind: 'text'; readonly start: number; readonly end: number }
  /** Another log than the audit log, by a name for messages. */
  | { readonly kind: 'other'; readonly what: string }

/** The categories of Azure diagnostic records that hold audit events. */
const AUDIT_CATEGORY = /^kube-audit(?:-admin)?$/
/** What is shown of a category, which anybody may have written. */
const PLAIN_NAME = /^[\w.-]{1,64}$/

interface Value {
  readonly start: number
  readonly end: number
}

/**
 * Opens a record in which a provider hands out audit events, one in each:
 *
 *   - Azure's diagnostic records (AKS): `{"category": "kube-audit", "properties": {"log": …}}`, the
 *     event as a JSON text or as an object;
 *   - log events of CloudWatch (EKS), as its subscriptions and its API give them:
 *     `{"timestamp": …, "message": …}`, the event as a JSON text.
 *
 * Undefined for whatever else it is, or where a member that decides is there twice. For bytes that
 * are one JSON object.
 */
export function openEnvelope(bytes: Uint8Array, start: number, end: number): Content | undefined {
  const record = members(bytes, start, end, ['properties', 'category', 'message', 'timestamp'])
  const properties = record?.get('properties')
  if (properties && bytes[properties.start] === 0x7b) {
    const log = members(bytes, properties.start, properties.end, ['log'])?.get('log')
    return log && diagnosticRecord(bytes, log, record?.get('category'))
  }
  const message = record?.get('message')
  if (!message || bytes[message.start] !== 0x22 || !record?.has('timestamp')) return undefined
  if (beginsObject(bytes, message)) return { kind: 'text', ...message }
  return { kind: 'other', what: 'messages that are not JSON' }
}

function diagnosticRecord(
  bytes: Uint8Array,
  log: Value,
  category: Value | undefined,
): Content | undefined {
  const name = category ? latin1(bytes, category.start + 1, category.end - 1) : 'kube-audit'
  if (!AUDIT_CATEGORY.test(name)) {
    return { kind: 'other', what: PLAIN_NAME.test(name) ? name : 'another category' }
  }
  if (bytes[log.start] === 0x7b) return { kind: 'object', ...log }
  return bytes[log.start] === 0x22 ? { kind: 'text', ...log } : undefined
}

/** The members with these names; undefined where one of them is there twice. */
function members(
  bytes: Uint8Array,
  start: number,
  end: number,
  names: readonly string[],
): Map<string, Value> | undefined {
  const found = new Map<string, Value>()
  let at = skipSpace(bytes, start + 1, end)
  while (bytes[at] === 0x22) {
    const nameEnd = closingQuote(bytes, at + 1, end)
    const name = latin1(bytes, at + 1, nameEnd)
    const colon = skipSpace(bytes, nameEnd + 1, end)
    const value = skipSpace(bytes, colon + 1, end)
    const after = valueEnd(bytes, value, end)
    if (names.includes(name)) {
      if (found.has(name)) return undefined
      found.set(name, { start: value, end: after })
    }
    const comma = skipSpace(bytes, after, end)
    at = skipSpace(bytes, comma + 1, end)
  }
  return found
}

/** Whether a string's text begins with a brace, white space and its escapes aside. */
function beginsObject(bytes: Uint8Array, { start, end }: Value): boolean {
  let at = start + 1
  while (at < end - 1) {
    const byte = bytes[at]!
    if (byte === 0x7b) return true
    if (byte === 0x5c && 'ntr'.includes(String.fromCharCode(bytes[at + 1]!))) at += 2
    else if (byte === 0x20) at++
    else return false
  }
  return false
}

/**
 * The text of a JSON string, quotes included, as UTF-8; half a surrogate pair becomes U+FFFD.
 * @param bytes a string as `prove` accepts it, sanitised where it had to be
 */
export function unescaped(bytes: Uint8Array): Buffer {
  if (!bytes.includes(0x5c))
    return Buffer.from(bytes.subarray(1, closingQuote(bytes, 1, bytes.length)))
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString()
  return Buffer.from(JSON.parse(text) as string)
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1')
}
