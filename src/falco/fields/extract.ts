/**
 * How each field is read from an event. Follows k8saudit 0.18 and json 0.7, with what they get
 * wrong: what production does is what a rule's author must see.
 */
import { cString } from '../event/byte-string.ts'
import { uriParameter } from '../event/uri.ts'
import type { EventView } from '../event/view.ts'
import { bindings } from './bindings.ts'
import { containerField } from './containers.ts'
import { eventFields } from './event-fields.ts'
import { jsonFields } from './json-fields.ts'
import { pods } from './pods.ts'
import type { ResolvedField } from './resolve.ts'

/** A value before it becomes a C string; undefined where the field is missing. */
export type Extracted = string | readonly string[] | bigint | boolean | undefined

export type Extractor = (view: EventView, field: ResolvedField) => Extracted

const request: Readonly<Record<string, Extractor>> = {
  uriParameter: (view, field) => {
    const uri = view.root.get('requestURI')?.text()
    return uri === undefined ? undefined : uriParameter(uri, field.key!)
  },
  targetPodName: (view) => {
    const target = view.root.get('objectRef')
    const text = (key: string): string => {
      const value = target?.get(key)
      return value?.kind === 'string' ? value.text() : ''
    }
    if (text('resource') !== 'pods' || text('subresource') !== '') return undefined
    return view.root.get('responseObject', 'metadata', 'name')?.text()
  },
  alwaysTrue: () => 'true',
}

const extractors: Readonly<Record<string, Extractor>> = {
  ...request,
  ...bindings,
  ...pods,
  ...jsonFields,
  ...eventFields,
}

/** The function that reads a field. Its texts are cut at NULs, its lists are never empty. */
export function extractorOf(field: ResolvedField): (view: EventView) => Extracted {
  const read = readerOf(field)
  if (field.class !== 'k8saudit') return (view) => asC(read(view, field))
  return (view) => (view.hasAuditId ? asC(read(view, field)) : undefined)
}

function readerOf({ info }: ResolvedField): Extractor {
  const { from } = info
  if ('path' in from) return info.list ? listAt(from.path) : textAt(from.path)
  const [kind, list, part] = from.computed.split(':')
  if (kind === 'container') return containerField(list!, part!)
  return extractors[from.computed]!
}

function textAt(path: readonly string[]): Extractor {
  return (view) => view.root.get(...path)?.text()
}

/** The elements as text. What is no array is a missing field. */
function listAt(path: readonly string[]): Extractor {
  return (view) => {
    const value = view.root.get(...path)
    return value?.kind === 'array' ? value.items().map((item) => item.text()) : undefined
  }
}

function asC(value: Extracted): Extracted {
  if (typeof value === 'string') return cString(value)
  if (!Array.isArray(value)) return value
  return value.length === 0 ? undefined : (value as readonly string[]).map(cString)
}
