import type { Document, Span } from '../text/document.ts'
import { EXCEPTION_DAYS_MAX } from '../text/limits.ts'
import { parseYaml, yamlGet, type YamlNode } from '../text/yaml.ts'
import { isDateOrTime } from './exceptions.ts'

const DAY_MS = 86_400_000

/** Whole days until an exception ends, rounded up; 0 and less where it has ended. */
export function daysLeft(until: string, now: number): number {
  return Math.ceil((Date.parse(until) - now) / DAY_MS)
}

export interface DateFault {
  readonly code: 'EXCEPTION_EXPIRED' | 'EXCEPTION_TOO_LONG'
  /** Goes behind the exception's name. */
  readonly message: string
  readonly help: string
}

/** What is wrong with the end of an exception, seen from today; undefined where it is fine. */
export function dateFault(until: string, now: number): DateFault | undefined {
  const left = daysLeft(until, now)
  if (left <= 0) {
    const ago = left === 0 ? 'today' : `${-left} ${left === -1 ? 'day' : 'days'} ago`
    const help = 'delete it, or give it a later date where it is still accepted'
    return { code: 'EXCEPTION_EXPIRED', message: `ended on ${until}, ${ago}`, help }
  }
  if (left <= EXCEPTION_DAYS_MAX) return undefined
  const help =
    'give it an earlier date; what is accepted for good belongs into the guardrail or its data'
  const message = `holds for ${left} days, longer than ${EXCEPTION_DAYS_MAX}`
  return { code: 'EXCEPTION_TOO_LONG', message, help }
}

/** An exception in a data document, and what is wrong with its end. */
export interface ExceptionEnd {
  readonly name: string
  readonly until: string
  /** Id of the guardrail, and where it is written; undefined where that is no text. */
  readonly guardrail: { readonly id: string; readonly span: Span } | undefined
  /** Of the date. */
  readonly span: Span
  readonly fault: DateFault | undefined
}

/**
 * The ends of all exceptions in a data document, in its order.
 *
 * @param now in milliseconds since 1970
 * @param mount where the document is in the data: `['org']` for `org/data.yaml` of a policy
 */
export function exceptionEnds(
  document: Document,
  now: number,
  mount: readonly string[] = [],
): ExceptionEnd[] {
  const path = ['org', 'exceptions']
  if (mount.some((name, i) => name !== path[i])) return []
  let node: YamlNode | undefined = parseYaml(document).documents[0]
  for (const key of path.slice(mount.length)) node = yamlGet(node, key)
  if (node?.kind !== 'mapping') return []
  return node.pairs.flatMap(({ key, value }) => {
    const until = yamlGet(value, 'until')
    if (key.kind !== 'scalar' || until?.kind !== 'scalar' || !isDateOrTime(until.text)) return []
    const { text, span } = until
    const named = yamlGet(value, 'guardrail')
    const guardrail = named?.kind === 'scalar' ? { id: named.text, span: named.span } : undefined
    return [{ name: key.text, until: text, guardrail, span, fault: dateFault(text, now) }]
  })
}
