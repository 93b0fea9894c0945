import { objectOf, textOf, type JsonObject } from '../text/json.ts'
import { manyOf, oneOf, someOf } from './resource-words.ts'
import { shown } from './shown.ts'

/** What somebody did: `opened a shell in pod ledger-0`, as a deed done and as one to do. */
export interface Deed {
  readonly done: string
  readonly todo: string
}

/** Verbs of Kubernetes: what was done, and what was to be done. */
const VERBS: Readonly<Record<string, readonly [done: string, todo: string]>> = {
  get: ['read', 'read'],
  list: ['listed', 'list'],
  watch: ['watched', 'watch'],
  create: ['created', 'create'],
  update: ['replaced', 'replace'],
  patch: ['changed', 'change'],
  delete: ['deleted', 'delete'],
  deletecollection: ['deleted', 'delete'],
}

/** Programs that take commands, and so anything. */
const SHELLS: ReadonlySet<string> = new Set([
  'sh',
  'bash',
  'ash',
  'dash',
  'zsh',
  'ksh',
  'fish',
  'pwsh',
])

type Sentence = (target: string, event: JsonObject) => Deed

const simply =
  (done: string, todo: string): Sentence =>
  (target) => ({ done: `${done} ${target}`, todo: `${todo} ${target}` })

/** Requests that mean something of their own, by resource and subresource; `*` for any resource. */
const SENTENCES: Readonly<Record<string, Sentence>> = {
  'pods/exec': ran,
  'pods/attach': simply('attached to', 'attach to'),
  'pods/portforward': simply('opened a tunnel to', 'open a tunnel to'),
  'pods/log': simply('read the logs of', 'read the logs of'),
  'pods/ephemeralcontainers': simply(
    'put a debugging container into',
    'put a debugging container into',
  ),
  'pods/eviction': simply('evicted', 'evict'),
  'pods/binding': simply('assigned a node to', 'assign a node to'),
  '*/proxy': simply(
    'sent a request through the API server to',
    'send a request through the API server to',
  ),
  'serviceaccounts/token': simply('requested a token for', 'request a token for'),
  'certificatesigningrequests/approval': simply('decided on', 'decide on'),
  tokenreviews: always('checked a token', 'check a token'),
  subjectaccessreviews: always('asked what somebody may do', 'ask what somebody may do'),
  localsubjectaccessreviews: always('asked what somebody may do', 'ask what somebody may do'),
  selfsubjectaccessreviews: always('asked what they may do', 'ask what they may do'),
  selfsubjectrulesreviews: always('asked what they may do', 'ask what they may do'),
  selfsubjectreviews: always('asked who they are', 'ask who they are'),
}

/** Requests that read these are no deed of their own. */
const READING: ReadonlySet<string> = new Set(['get', 'list', 'watch'])

/** Names what an event's request was for, whether or not it was granted. */
export function deedOf(event: JsonObject): Deed {
  const verb = textOf(event['verb']) ?? ''
  const reference = objectOf(event['objectRef'])
  const resource = textOf(reference['resource'])
  if (resource === null || resource === '') return requestTo(event, verb)
  const subresource = textOf(reference['subresource']) ?? ''
  const target = targetOf(verb, resource, textOf(reference['name']), subresource !== '')
  const sentence = sentenceFor(resource, subresource, verb)
  if (sentence) return sentence(target, event)
  const what = subresource === '' ? target : `the ${shown(subresource)} of ${target}`
  const [done, todo] = Object.hasOwn(VERBS, verb)
    ? VERBS[verb]!
    : [`used the verb ${shown(verb) || '?'} on`, `use the verb ${shown(verb) || '?'} on`]
  return { done: `${done} ${what}`, todo: `${todo} ${what}` }
}

function sentenceFor(resource: string, subresource: string, verb: string): Sentence | undefined {
  const key = subresource === '' ? resource : `${resource}/${subresource}`
  const found = [key, `*/${subresource}`].find((name) => Object.hasOwn(SENTENCES, name))
  if (found === undefined) return undefined
  // Over the current protocol exec, attach and portforward are a `get`; of the others it reads.
  const connects = /\/(?:exec|attach|portforward|proxy|log)$/.test(found)
  return connects || !READING.has(verb) ? SENTENCES[found] : undefined
}

/** `pod ledger-0`; without a name `pods`, and `a pod` for one that has no name yet. */
function targetOf(verb: string, resource: string, name: string | null, part: boolean): string {
  if (name !== null && name !== '') return `${shown(oneOf(resource))} ${shown(name)}`
  if (verb === 'deletecollection') return `all ${shown(manyOf(resource))}`
  if (verb === 'create' || part) return shown(someOf(resource))
  return shown(manyOf(resource))
}

function always(done: string, todo: string): Sentence {
  return () => ({ done, todo })
}

/** Exec: a shell that waits for commands, or a program; its arguments may be secrets. */
function ran(target: string, event: JsonObject): Deed {
  const command = commandOf(textOf(event['requestURI']) ?? '')
  const program = shown(command[0]?.split('/').at(-1) ?? '')
  if (program === '')
    return { done: `ran a command in ${target}`, todo: `run a command in ${target}` }
  if (
    SHELLS.has(program) &&
    !command.slice(1).some((argument) => !argument.startsWith('-') || argument === '-c')
  ) {
    return { done: `opened a shell in ${target}`, todo: `open a shell in ${target}` }
  }
  return { done: `ran ${program} in ${target}`, todo: `run ${program} in ${target}` }
}

function commandOf(requestURI: string): string[] {
  const query = requestURI.indexOf('?')
  return query < 0 ? [] : new URLSearchParams(requestURI.slice(query + 1)).getAll('command')
}

/** A request that is about no resource: the path, without its query. */
function requestTo(event: JsonObject, verb: string): Deed {
  const path = shown((textOf(event['requestURI']) ?? '').split('?')[0]!)
  const where = path === '' ? 'the API server' : path
  if (verb === '' || verb === 'get') return { done: `requested ${where}`, todo: `request ${where}` }
  const method = shown(verb).toUpperCase()
  return { done: `sent ${method} to ${where}`, todo: `send ${method} to ${where}` }
}
