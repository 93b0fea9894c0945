import { redactShapes } from './credentials.ts'
import { closingQuote, eachMember } from './members.ts'

/** How the API server begins every event; then the same after Python's `json` or a database wrote it. */
const BEGINNINGS: readonly Uint8Array[] = [
  '{"kind":"Event","apiVersion":"audit.k8s.io/v1',
  '{"kind": "Event", "apiVersion": "audit.k8s.io/v1',
].map((text) => new TextEncoder().encode(text))

/** Members that an audit event has at any level and stage; two of them are enough to believe it. */
const OF_EVENTS = ['auditID', 'stage', 'requestURI', 'level']

/** What GKE writes in place of audit events. */
export const CLOUD_LOG_ENTRY = 'a Google Cloud log entry'

/** What else turns up in logs, by a member that gives it away. */
const OF_OTHERS: readonly (readonly [member: string, what: string])[] = [
  ['protoPayload', CLOUD_LOG_ENTRY],
  ['insertId', CLOUD_LOG_ENTRY],
  ['operationName', 'an Azure diagnostic record'],
  ['logEvents', 'a CloudWatch Logs message'],
  ['involvedObject', 'a core Kubernetes Event'],
  ['regarding', 'a core Kubernetes Event'],
]

/**
 * Members that hold the elements of a list: of an EventList; of what Azure stores and streams; of
 * CloudWatch's messages to subscribers, and of its API's answers.
 */
export const LIST_MEMBERS: readonly string[] = ['items', 'records', 'logEvents', 'events']

/**
 * Members that an object cannot have if it is to count as an audit event without a closer look:
 * those of other documents, and those that may make a list of it.
 */
export const FOREIGN_MEMBERS: ReadonlySet<string> = new Set([
  ...LIST_MEMBERS,
  ...OF_OTHERS.map(([member]) => member),
])

/** Kinds are quoted in messages; what is no word is not: it may be anything, a secret included. */
function isPlainName(kind: string): boolean {
  return /^[A-Z][A-Za-z]{1,62}$/.test(kind) && redactShapes(kind) === kind
}

/** True where the bytes begin as nearly every audit event does. */
export function beginsAsEvent(bytes: Uint8Array, start: number, end: number): boolean {
  for (const beginning of BEGINNINGS) {
    let length = 0
    while (length < beginning.length && bytes[start + length] === beginning[length]) length++
    if (length === beginning.length && start + length <= end) return true
  }
  return false
}

/**
 * Says what a proved object is where it is no audit event (`an object of kind `Pod``); undefined
 * where it is one. An event has the kind Event and an apiVersion in audit.k8s.io. Exporters leave
 * out either, so a missing apiVersion is no objection, and without a kind the members decide.
 */
export function notAnEvent(bytes: Uint8Array, start: number, end: number): string | undefined {
  if (beginsAsEvent(bytes, start, end)) return undefined
  const members = outermost(bytes, start, end)
  const kind = members.get('kind')
  const version = members.get('apiVersion')
  const other = OF_OTHERS.find(([member]) => members.has(member))?.[1]
  if (kind === undefined) {
    const known = OF_EVENTS.filter((member) => members.has(member)).length
    return other ?? (known >= 2 ? undefined : 'an object without a kind')
  }
  if (kind !== 'Event') {
    return `an object of kind ${isPlainName(kind) ? `\`${kind}\`` : 'other than `Event`'}`
  }
  if (version === undefined) return other
  if (version.startsWith('audit.k8s.io/')) return undefined
  return 'a core Kubernetes Event'
}

/** Names of the outermost object's members, with the values that are strings; '' for the others. */
function outermost(bytes: Uint8Array, start: number, end: number): Map<string, string> {
  const members = new Map<string, string>()
  eachMember(bytes, start, end, (from, to, value) => {
    const text =
      bytes[value] === 0x22 ? latin1(bytes, value + 1, closingQuote(bytes, value + 1, end)) : ''
    members.set(latin1(bytes, from, to), text)
    // The two that decide are nearly always early, long before the bodies.
    return !(members.has('kind') && members.has('apiVersion'))
  })
  return members
}

/** A name's bytes as text; names with escapes or beyond ASCII match nothing that is looked for. */
function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1')
}
