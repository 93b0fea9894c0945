import { fromPercent } from '../redact/decoded.ts'
import { isDefinition } from './builtin.ts'
import { isNamingField, isNamingLabel } from './labels.ts'
import type { Pseudonyms } from './pseudonyms.ts'
import type { Replacement } from './sentence.ts'

/** Finds names in a text of a parameter that has no grammar of its own. */
export type Otherwise = (text: string) => readonly Replacement[]

/** Finds the names in a request's address: of its path, and of selectors in its query. */
export function namesInUri(
  uri: string,
  pseudonyms: Pseudonyms,
  otherwise: Otherwise,
): Replacement[] {
  const question = uri.indexOf('?')
  const path = question < 0 ? uri : uri.slice(0, question)
  const found = namesInPath(path, pseudonyms)
  if (question < 0) return found
  let at = question + 1
  for (const parameter of uri.slice(at).split('&')) {
    const equals = parameter.indexOf('=') + 1
    const value = parameter.slice(equals)
    const decoded = fromPercent(value, true)
    const name = equals === 0 ? '' : fromPercent(parameter.slice(0, equals - 1), true).text
    for (const { start, end, text } of inParameter(name, decoded.text, pseudonyms, otherwise)) {
      const [from, to] = [decoded.place(start), decoded.place(end)]
      found.push({ start: at + equals + from, end: at + equals + to, text: encode(text) })
    }
    at += parameter.length + 1
  }
  return found
}

/** The segments of a path that are names: of the namespace, and of the object in it. */
function namesInPath(path: string, pseudonyms: Pseudonyms): Replacement[] {
  const segments = path.split('/')
  const root = segments[1] === 'api' ? 3 : segments[1] === 'apis' ? 4 : 0
  if (root === 0) return []
  const first = segments[root] === 'watch' || segments[root] === 'proxy' ? root + 1 : root
  const found: Replacement[] = []
  const add = (index: number, resource: string): void => {
    const segment = segments[index]
    if (segment === undefined || segment === '') return
    const start = segments.slice(0, index).join('/').length + 1
    const name = fromPercent(segment, false).text
    const text = nameOfObject(name, resource, pseudonyms)
    if (text !== name) found.push({ start, end: start + segment.length, text: encode(text) })
  }
  if (segments[first] === 'namespaces') {
    add(first + 1, 'namespaces')
    add(first + 3, segments[first + 2] ?? '')
  } else add(first + 1, segments[first] ?? '')
  return found
}

/** The pseudonym of an object by its resource; `https:web:8443` names a service and how to reach it. */
export function nameOfObject(name: string, resource: string, pseudonyms: Pseudonyms): string {
  if (isDefinition(resource)) return name
  if (resource === 'users') return pseudonyms.user(name)
  if (resource === 'groups') return pseudonyms.group(name)
  if (!/^(?:services|pods|nodes)$/.test(resource) || !name.includes(':'))
    return pseudonyms.name(name)
  const [, scheme = '', own = '', port = ''] = /^(https?:)?([^:]*)(:.*)?$/.exec(name) ?? []
  return scheme + pseudonyms.name(own) + port
}

function inParameter(
  name: string,
  value: string,
  pseudonyms: Pseudonyms,
  otherwise: Otherwise,
): readonly Replacement[] {
  if (name === 'fieldSelector') return inSelector(value, isNamingField, pseudonyms)
  if (name === 'labelSelector') return inSelector(value, isNamingLabel, pseudonyms)
  if (name !== 'container') return otherwise(value)
  return [{ start: 0, end: value.length, text: pseudonyms.name(value) }]
}

/** `metadata.name=web`, `app!=web`; `app in (web,shop)`. */
const TERM = /([\w./-]+)\s*(?:==?|!=|\s(?:in|notin)\s*\()\s*((?<=\(\s*)[^)]*|[^,()]*)/g

function inSelector(
  selector: string,
  isNaming: (key: string) => boolean,
  pseudonyms: Pseudonyms,
): Replacement[] {
  const found: Replacement[] = []
  for (const { 0: all, 1: key, 2: values, index } of selector.matchAll(TERM)) {
    if (!isNaming(key!)) continue
    const offset = index + all.length - values!.length
    for (const { 0: value, index: at } of values!.matchAll(/[^,\s]+/g)) {
      const start = offset + at
      found.push({ start, end: start + value.length, text: pseudonyms.name(value) })
    }
  }
  return found.filter(({ start, end, text }) => selector.slice(start, end) !== text)
}

function encode(text: string): string {
  // What may stand in a path and a query as it is: names keep their colons.
  return encodeURIComponent(text).replaceAll('%3A', ':').replaceAll('%40', '@')
}
