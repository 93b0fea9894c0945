import { redactShapes } from '../audit/credentials.ts'
import { starMatcher, starQuote } from '../text/star.ts'
import { atLeast, type Finding, type Priority } from './finding.ts'
import { recurringText } from './recurring.ts'

/** What a baseline says of findings by their texts; each is a pattern (star.ts), null for "has none". */
export const PATTERN_KEYS = ['user', 'as', 'verb', 'resource', 'namespace', 'message'] as const

type PatternKey = (typeof PATTERN_KEYS)[number]

/** Findings that are known: what they have in common. What is left out is not compared. */
export type KnownFinding = {
  /** Guardrail id or Falco rule name. */
  readonly rule: string
  readonly engine?: 'rego' | 'falco'
  /** The highest that is known: a more urgent finding is a new one. */
  readonly priority?: Priority
  /** How many there were when the baseline was written. */
  readonly count: number
  /** RFC 3339, the time of the first. */
  readonly since?: string
  /** Why it is accepted, in words of the baseline's owner. */
  readonly reason?: string
} & { readonly [key in PatternKey]?: string | null }

/**
 * What identifies a finding from one log to the next: who did what to which kind of thing where, in
 * the words of its message. Neither auditID, time nor address are in it, and generated parts of names
 * are stars. The same whether or not the finding is redacted.
 */
export function knownAs(finding: Finding): KnownFinding {
  const { rule, engine, priority, message, user, verb, resource, time } = finding
  const quoted = (text: string | null): string | null => text && starQuote(redactShapes(text))
  return {
    rule,
    ...(engine === 'falco' ? { engine } : {}),
    priority,
    user: quoted(user.name),
    ...(user.impersonated === null ? {} : { as: quoted(user.impersonated) }),
    verb: quoted(verb),
    resource: quoted(resourceText(finding)),
    namespace: quoted(resource?.namespace ?? null),
    message: recurringText(redactShapes(message), resource?.resource ?? '', resource?.name ?? ''),
    count: 1,
    ...(time === null ? {} : { since: time }),
  }
}

/** As `kubectl` names it: `pods/exec`, `deployments.apps`; null for non-resource requests. */
function resourceText({ resource }: Finding): string | null {
  if (resource?.resource == null) return null
  const group = resource.group ? `.${resource.group}` : ''
  return `${resource.resource}${group}${resource.subresource ? `/${resource.subresource}` : ''}`
}

/** What `scan` says of a baseline when it is through. */
export interface BaselineSummary {
  /** Its name for messages. */
  readonly file: string
  /** Findings that it knew. */
  readonly findings: number
  /** When the first of the entries that knew them was first seen; RFC 3339. */
  readonly since: string | undefined
  readonly entries: number
  /** Entries that knew none of the findings. */
  readonly unused: number
}

interface Entry {
  readonly known: KnownFinding
  readonly matches: (finding: KnownFinding) => boolean
}

/** Tells findings that are known from new ones, and counts. */
export class Baseline {
  readonly #file: string
  readonly #entries: readonly KnownFinding[]
  /** Entries that say all there is to say, by `exactKey`. */
  readonly #exact = new Map<string, KnownFinding>()
  readonly #byRule = new Map<string, Entry[]>()
  readonly #used = new Set<KnownFinding>()
  #findings = 0

  /** @param file the name for messages */
  constructor(entries: readonly KnownFinding[], file: string) {
    this.#file = file
    this.#entries = entries
    for (const known of entries) {
      this.#exact.set(exactKey(known), known)
      const others = this.#byRule.get(known.rule) ?? []
      others.push({ known, matches: matcher(known) })
      this.#byRule.set(known.rule, others)
    }
  }

  /** The entry that knows a finding; undefined for a new one. */
  know(finding: Finding): KnownFinding | undefined {
    const as = knownAs(finding)
    const entry =
      this.#exact.get(exactKey(as)) ??
      this.#byRule.get(as.rule)?.find(({ matches }) => matches(described(finding, as)))?.known
    if (!entry) return undefined
    this.#findings++
    this.#used.add(entry)
    return entry
  }

  summary(): BaselineSummary {
    const times = [...this.#used].flatMap(({ since }) => since ?? []).sort()
    const entries = this.#entries.length
    const unused = entries - this.#used.size
    return { file: this.#file, findings: this.#findings, since: times[0], entries, unused }
  }
}

/** The finding's own texts, which patterns are matched against. */
function described(finding: Finding, as: KnownFinding): KnownFinding {
  const { user, verb, resource } = finding
  const plain = (text: string | null): string | null => text && redactShapes(text)
  return {
    ...as,
    engine: finding.engine,
    user: plain(user.name),
    as: plain(user.impersonated),
    verb: plain(verb),
    resource: plain(resourceText(finding)),
    namespace: plain(resource?.namespace ?? null),
    message: redactShapes(finding.message),
  }
}

function matcher(known: KnownFinding): (finding: KnownFinding) => boolean {
  const texts = PATTERN_KEYS.flatMap((key) => {
    const pattern = known[key]
    if (pattern === undefined) return []
    const matches = pattern === null ? undefined : starMatcher(pattern)
    return [
      (finding: KnownFinding): boolean => {
        const text = finding[key]
        return typeof text === 'string' ? matches?.(text) === true : !matches
      },
    ]
  })
  return (finding) =>
    (known.engine === undefined || known.engine === finding.engine) &&
    (known.priority === undefined || atLeast(known.priority, finding.priority!)) &&
    texts.every((matches) => matches(finding))
}

function exactKey(known: KnownFinding): string {
  const { rule, engine = 'rego', priority } = known
  return JSON.stringify([rule, engine, priority, PATTERN_KEYS.map((key) => known[key])])
}

/** Adds up findings as a baseline lists them: each once, with its count and its first time, in order. */
export class BaselineWriter {
  readonly #known = new Map<string, { entry: KnownFinding; count: number; since?: string }>()
  readonly #kept: readonly KnownFinding[]

  /** @param kept entries that are written as they are */
  constructor(kept: readonly KnownFinding[] = []) {
    this.#kept = kept
  }

  add(finding: Finding): void {
    const entry = knownAs(finding)
    const key = exactKey(entry)
    const row = this.#known.get(key)
    if (!row) {
      this.#known.set(key, { entry, count: 1, ...(entry.since ? { since: entry.since } : {}) })
      return
    }
    row.count++
    if (entry.since && (!row.since || entry.since < row.since)) row.since = entry.since
  }

  entries(): KnownFinding[] {
    const added = [...this.#known.values()].map(({ entry, count, since }) => ({
      ...entry,
      count,
      ...(since === undefined ? {} : { since }),
    }))
    return [...this.#kept, ...added].sort(byPlace)
  }
}

const ORDER = [
  'rule',
  'namespace',
  'user',
  'as',
  'resource',
  'verb',
  'message',
  'priority',
] as const

function byPlace(a: KnownFinding, b: KnownFinding): number {
  for (const key of ORDER) {
    const [left, right] = [a[key] ?? '', b[key] ?? '']
    if (left !== right) return left < right ? -1 : 1
  }
  return 0
}
