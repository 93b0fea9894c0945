import type { Document } from '../text/document.ts'
import { ParapetError } from '../text/error.ts'
import type { JsonObject } from '../text/json.ts'
import { parseYaml, yamlGet, yamlValue } from '../text/yaml.ts'
import { yamlScalar } from '../text/yaml-scalar.ts'
import { mergeData } from './merge-data.ts'
import { type Exception, MATCH_KEYS, type MatchTexts } from './exception.ts'
import { recurringStart } from './recurring.ts'

const HEAD = `# Findings that are accepted for a while: \`parapet scan --data FILE\` counts and does not show them.
# An exception covers what has all that its \`match\` names: a text in whole, or up to a * at its end; null
# for "has none". Impersonated requests need an \`as\`. It ends when the date \`until\` (UTC) begins.
`

/** The narrowest \`match\` that covers an event and its like: the same deed on another copy of the object. */
export function matchOf({
  user,
  as,
  verb,
  resource,
  namespace,
  name,
  uri,
}: MatchTexts): JsonObject {
  const who = { user, ...(as === null ? {} : { as }), verb }
  if (resource === null) return { ...who, uri: uri === null ? null : withoutQuery(uri) }
  const kind = /^[^./]*/.exec(resource)![0]
  return { ...who, resource, namespace, name: name === null ? null : recurringStart(kind, name) }
}

/** Queries differ from one request to the next. */
function withoutQuery(uri: string): string {
  const end = uri.indexOf('?')
  return end < 0 ? uri : `${uri.slice(0, end + 1)}*`
}

/** A name that is not taken: `pod-exec-alice`, `pod-exec-alice-2`. */
export function exceptionName(
  guardrail: string,
  user: string | null,
  taken: ReadonlySet<string>,
): string {
  const who = (user ?? '')
    .replace(/^system:(?:serviceaccount:)?/, '')
    .replace(/@.*$/, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
  const base = who === '' ? guardrail : `${guardrail}-${who}`
  for (let n = 1; ; n++) {
    const name = n === 1 ? base : `${base}-${n}`
    if (!taken.has(name)) return name
  }
}

/**
 * A data document with one more exception at its end. What stands in it is not touched.
 *
 * @param document undefined for a new one
 * @throws ParapetError `EXCEPTION_FILE` where the text does not end with its exceptions
 */
export function withException(document: Document | undefined, exception: Exception): string {
  const { name, guardrail, until, reason, match } = exception
  const { documents } = document ? parseYaml(document) : { documents: [] }
  const before = documents[0] ? yamlValue(documents[0]) : {}
  const text = document?.text.trimEnd() ? `${document.text.trimEnd()}\n` : HEAD
  const indent = document ? indentOf(document) : undefined
  const added = `${text}${indent === undefined ? 'org:\n  exceptions:\n' : ''}${entry(exception, indent ?? 4)}`
  const entries = { [name]: { guardrail, until, reason, match } }
  const wanted = mergeData(before ?? {}, { org: { exceptions: entries } })
  const result = parseYaml({ file: '', text: added }).documents
  if (result.length === 1 && JSON.stringify(yamlValue(result[0]!)) === JSON.stringify(wanted)) {
    return added
  }
  throw new ParapetError('EXCEPTION_FILE', 'the exception cannot be put behind what the file has', {
    ...(document ? { file: document.file } : {}),
    help: 'let the file end with its exceptions, a key to a line, or give them a file of their own: --data takes several',
  })
}

/** Blanks before the names of the exceptions; undefined where there are none. */
function indentOf({ file, text }: Document): number | undefined {
  const exceptions = yamlGet(yamlGet(parseYaml({ file, text }).documents[0], 'org'), 'exceptions')
  const first = exceptions?.kind === 'mapping' ? exceptions.pairs[0]?.key.span.start : undefined
  return first === undefined ? undefined : first - (text.lastIndexOf('\n', first - 1) + 1)
}

function entry({ name, guardrail, until, reason, match }: Exception, indent: number): string {
  const patterns = MATCH_KEYS.flatMap((key) => {
    const pattern = match[key]
    return typeof pattern === 'string' || pattern === null
      ? [`    ${key}: ${yamlScalar(pattern)}`]
      : []
  })
  const lines = [
    `${yamlScalar(name)}:`,
    `  guardrail: ${yamlScalar(guardrail)}`,
    `  until: ${yamlScalar(until)}`,
    `  reason: ${yamlScalar(reason)}`,
    '  match:',
    ...patterns,
  ]
  return lines.map((line) => `${' '.repeat(indent)}${line}\n`).join('')
}
