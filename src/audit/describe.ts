import { type JsonObject, objectOf, textOf, textsOf } from '../text/json.ts'
import { deedOf } from './deed.ts'
import { isClusterScoped } from './resource-words.ts'
import { shown } from './shown.ts'

/**
 * Who did what, where, from where and when, in words that need no knowledge of Kubernetes' API. Each
 * takes a parsed event and makes do with whatever is there: members may be missing or of another
 * type. Nothing of request or response bodies, of queries or of messages is shown; names are, and
 * go through redaction like all else that is printed.
 */

const PARTS_OF_CLUSTER: Readonly<Record<string, string>> = {
  'system:anonymous': 'somebody without credentials',
  'system:apiserver': 'the API server itself',
  'system:kube-controller-manager': 'the controller manager',
  'system:kube-scheduler': 'the scheduler',
}

const FAILURES: Readonly<Record<number, string>> = {
  404: 'not found',
  409: 'in conflict with what is there',
  422: 'refused as invalid',
  429: 'too many requests',
}

/** `alice@example.com`, `service account prod/ci`, `alice@example.com (acting as bob)`. */
export function who(event: JsonObject): string {
  const name = textOf(objectOf(event['user'])['username']) ?? ''
  const impersonated = textOf(objectOf(event['impersonatedUser'])['username']) ?? ''
  const user = name === '' ? nobody(event) : userText(name)
  return impersonated === '' ? user : `${user} (acting as ${userText(impersonated)})`
}

function nobody(event: JsonObject): string {
  return codeOf(event) === 401 ? 'somebody with invalid credentials' : 'an unknown user'
}

function userText(name: string): string {
  if (Object.hasOwn(PARTS_OF_CLUSTER, name)) return PARTS_OF_CLUSTER[name]!
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name)
  if (account) return shown(`service account ${account[1]}/${account[2]}`)
  const node = /^system:node:(.+)$/s.exec(name)
  return shown(node ? `node ${node[1]}` : name)
}

/**
 * `opened a shell in pod ledger-0`; `tried to read secret db (not allowed)` where it was refused;
 * `asked to delete pod web-0` before there was an answer.
 */
export function what(event: JsonObject): string {
  const { done, todo } = deedOf(event)
  const code = codeOf(event)
  if (event['stage'] === 'Panic') return `tried to ${todo} (the API server failed)`
  if (code === 401) return `tried to ${todo} (not authenticated)`
  if (code === 403) return `tried to ${todo} (not allowed)`
  if (code >= 400) return `tried to ${todo} (${FAILURES[code] ?? `failed with ${code}`})`
  if (event['stage'] === 'RequestReceived') return `asked to ${todo}`
  return isDryRun(event) ? `${done} (as a dry run)` : done
}

function codeOf(event: JsonObject): number {
  const code = objectOf(event['responseStatus'])['code']
  return typeof code === 'number' ? code : 0
}

function isDryRun(event: JsonObject): boolean {
  return /[?&]dryRun=All(?:&|$)/.test(textOf(event['requestURI']) ?? '')
}

/** `namespace payments`, `all namespaces`, `the whole cluster`, `the API server`. */
export function where(event: JsonObject): string {
  const reference = objectOf(event['objectRef'])
  const namespace = textOf(reference['namespace']) ?? ''
  if (namespace !== '') return `namespace ${shown(namespace)}`
  const resource = textOf(reference['resource']) ?? ''
  if (resource === '') return 'the API server'
  const everywhere = /^(?:list|watch)$/.test(textOf(event['verb']) ?? '') && !reference['name']
  return everywhere && !isClusterScoped(resource) ? 'all namespaces' : 'the whole cluster'
}

/**
 * The address of the connection, `10.0.3.7`; before it, what the client says about where it came
 * from: `203.0.113.9 by way of 10.0.3.7`. Null where the event has none.
 */
export function from(event: JsonObject): string | null {
  const addresses = textsOf(event['sourceIPs'])
  const last = addresses.at(-1)
  if (last === undefined) return null
  const first = addresses[0]!
  return first === last ? shown(last) : `${shown(first)} by way of ${shown(last)}`
}

/** `2026-11-24 02:43:01 UTC`, the time of the stage, or else of the request; null for none. */
export function when(event: JsonObject): string | null {
  const text =
    textOf(event['stageTimestamp']) ??
    textOf(event['requestReceivedTimestamp']) ??
    textOf(event['timestamp'])
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(text ?? '')
  return match ? `${match[1]} ${match[2]} ${match[3] === 'Z' ? 'UTC' : match[3]}` : null
}
