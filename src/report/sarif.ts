import type { KnownFinding } from '../engine/baseline.ts'
import type { ScanSummary } from '../engine/counts.ts'
import type { Exception } from '../engine/exception.ts'
import { atLeast, type Finding, type Priority } from '../engine/finding.ts'
import type { RuleInfo } from '../engine/rule-info.ts'
import type { ParapetError } from '../text/error.ts'
import { blindSpotText } from './blind-spots.ts'
import type { Reporter, ReporterOptions } from './reporter.ts'

/** How every SARIF document begins. */
export const SARIF_HEAD = {
  $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
  version: '2.1.0',
} as const

/** How code scanning ranks a rule, 0 to 10. */
const securitySeverity: Readonly<Record<Priority, string>> = {
  Emergency: '10.0',
  Alert: '9.5',
  Critical: '9.0',
  Error: '8.0',
  Warning: '5.5',
  Notice: '3.0',
  Informational: '1.0',
  Debug: '0.0',
}

/**
 * SARIF 2.1.0: one run with a rule for each guardrail, and a result for each finding. Results are
 * written as they come, because the format lets the rules and the invocation stand behind them.
 */
export function sarifReporter({ rules, version }: ReporterOptions): Reporter {
  const known = new Map(rules.map((rule) => [rule.id, descriptor(rule)]))
  let started = false
  const open = (): string => {
    const text = started
      ? ',\n'
      : `{"$schema": ${JSON.stringify(SARIF_HEAD.$schema)}, "version": "2.1.0", "runs": [{"results": [\n`
    started = true
    return text
  }
  const indexOf = (finding: Finding): number => {
    if (!known.has(finding.rule)) known.set(finding.rule, bareDescriptor(finding))
    return [...known.keys()].indexOf(finding.rule)
  }
  const suppressed = (finding: Finding, justification: string): string => {
    const suppressions = [{ kind: 'external', status: 'accepted', justification }]
    return open() + JSON.stringify({ ...result(finding, indexOf(finding)), suppressions })
  }
  return {
    finding: (finding) => open() + JSON.stringify(result(finding, indexOf(finding))),
    known: (finding, entry) => suppressed(finding, knownText(entry)),
    excepted: (finding, exception) => suppressed(finding, exceptionText(exception)),
    end(summary, error) {
      const head = started ? '' : open()
      const driver = { name: 'Parapet', semanticVersion: version, rules: [...known.values()] }
      const rest = {
        tool: { driver },
        columnKind: 'utf16CodeUnits',
        invocations: [invocation(summary, error)],
      }
      return `${head}\n],\n${JSON.stringify(rest).slice(1, -1)}}]}\n`
    },
  }
}

function descriptor(rule: RuleInfo): object {
  const { id, title, description, priority, tags, controls, references, notes } = rule
  const sections = Object.entries(notes)
  const links = references.map(({ ref, description: text }) => `[${text ?? ref}](${ref})`)
  const markdown = [
    description,
    ...sections.map(([heading, text]) => `**${heading}.** ${text}`),
    ...(links.length > 0 ? [`**References.** ${links.join(', ')}`] : []),
  ]
  const controlTags = Object.entries(controls).flatMap(([name, ids]) =>
    ids.map((item) => `${name}:${item}`),
  )
  return {
    id,
    name: title,
    shortDescription: { text: title },
    fullDescription: { text: description },
    help: {
      text: [description, ...sections.map(([heading, text]) => `${heading}. ${text}`)].join('\n\n'),
      markdown: markdown.join('\n\n'),
    },
    ...(references[0] ? { helpUri: references[0].ref } : {}),
    defaultConfiguration: { level: levelOf(priority) },
    properties: {
      tags: ['security', ...tags, ...controlTags],
      precision: 'high',
      'security-severity': securitySeverity[priority],
    },
  }
}

function bareDescriptor({ rule, title, priority, tags }: Finding): object {
  return {
    id: rule,
    name: title,
    shortDescription: { text: title },
    defaultConfiguration: { level: levelOf(priority) },
    properties: { tags: ['security', ...tags], 'security-severity': securitySeverity[priority] },
  }
}

function result(finding: Finding, ruleIndex: number): object {
  const { rule, priority, message, file, line, fingerprint, user, resource, time, auditID } =
    finding
  return {
    ruleId: rule,
    ruleIndex,
    level: levelOf(priority),
    message: { text: message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: fileUri(file) },
          region: { startLine: line },
        },
      },
    ],
    partialFingerprints: { 'parapet/v1': fingerprint },
    properties: {
      priority,
      time,
      auditID,
      user: user.name,
      namespace: resource?.namespace ?? null,
    },
  }
}

function knownText({ since, reason }: KnownFinding): string {
  const when = since === undefined ? '' : ` since ${since}`
  return reason ?? `known in the baseline${when}`
}

function exceptionText({ name, until, reason }: Exception): string {
  return `exception ${name} until ${until}: ${reason}`
}

function invocation(summary: ScanSummary, error: ParapetError | undefined): object {
  const notifications: object[] = Object.entries(summary.byCode).map(([code, count]) => ({
    level: 'error',
    descriptor: { id: code },
    message: { text: `${count} lines or events could not be judged (${code})` },
  }))
  for (const spot of summary.blindSpots ?? []) {
    const text = `${blindSpotText(spot)}: ${spot.guardrails.join(', ')}`
    notifications.push({ level: 'warning', descriptor: { id: 'BLIND_SPOT' }, message: { text } })
  }
  if (error) {
    const text = error.help === undefined ? error.message : `${error.message}; ${error.help}`
    notifications.push({ level: 'error', descriptor: { id: error.code }, message: { text } })
  }
  return { executionSuccessful: !error, toolExecutionNotifications: notifications }
}

function levelOf(priority: Priority): string {
  if (atLeast(priority, 'Error')) return 'error'
  return atLeast(priority, 'Warning') ? 'warning' : 'note'
}

/** A file as SARIF names it. */
export function fileUri(file: string): string {
  if (file === '<stdin>') return 'stdin'
  const path = encodeURI(file.replaceAll('\\', '/').replace(/^\.\//, '')).replaceAll(
    /[?#]/g,
    encodeURIComponent,
  )
  return path.startsWith('/') ? `file://${path}` : path
}
