import type { BaselineSummary } from '../engine/baseline.ts'
import type { ExceptionUse, ScanSummary } from '../engine/counts.ts'
import { type Finding, type Priority, priorities } from '../engine/finding.ts'
import { clean } from './clean.ts'
import { blindSpotText } from './blind-spots.ts'
import { type Group, Groups, type Row } from './groups.ts'
import { bytesText, countText, numberText, whenText } from './words.ts'
import type { Paint, Reporter, ReporterOptions, Style } from './reporter.ts'

/** Rows shown per rule before the rest is counted. */
const ROWS_SHOWN = 8

const styles: Readonly<Record<Priority, Style>> = {
  Emergency: 'alarm',
  Alert: 'alarm',
  Critical: 'alarm',
  Error: 'alarm',
  Warning: 'caution',
  Notice: 'notice',
  Informational: 'dim',
  Debug: 'dim',
}

/** For people: what matters most first, repeats in one row, and at the end what was looked at. */
export function prettyReporter({ paint }: ReporterOptions): Reporter {
  const groups = new Groups()
  return {
    finding(finding) {
      groups.add(finding)
      return ''
    },
    end(summary) {
      const parts = groups.sorted().map((group) => renderGroup(group, paint))
      return [...parts, renderSummary(summary, paint), ...blindSpots(summary, paint)].join('\n')
    },
  }
}

function renderGroup(group: Group, paint: Paint): string {
  const times = group.count === 1 ? '' : `  ${paint('strong', `×${numberText(group.count)}`)}`
  const priority = paint(styles[group.priority], group.priority.toUpperCase())
  const head = `${priority}  ${paint('strong', clean(group.title))}${times}  ${paint('dim', clean(group.rule))}`
  const rows = [...group.rows.values()]
  const lines = rows.slice(0, ROWS_SHOWN).flatMap((row) => renderRow(row, paint))
  const hidden = rows.slice(ROWS_SHOWN).reduce((sum, row) => sum + row.count, group.others)
  if (hidden > 0) {
    lines.push(paint('dim', `  … and ${numberText(hidden)} more; --format jsonl shows each`))
  }
  return [head, ...lines, ''].join('\n')
}

function renderRow(row: Row, paint: Paint): string[] {
  const { first, count } = row
  const times = count === 1 ? '' : `  ${paint('strong', `×${numberText(count)}`)}`
  const place = `${first.file}:${first.line}${count > 1 ? ' and later' : ''}`
  const facts = [whenText(row.from, row.to), ...actor(first), place]
  return [`  ${clean(first.message)}${times}`, paint('dim', `    ${facts.join(' · ')}`)]
}

/** Who and from where, as far as the sentence above does not say it already. */
function actor({ message, user, sourceIPs }: Finding): string[] {
  const names = [user.name, user.impersonated].filter((name) => name !== null)
  const unsaid = names.filter((name) => !message.includes(name))
  const addresses = sourceIPs.filter((address) => !message.includes(address))
  const who = unsaid.length > 0 ? [unsaid.join(' as ')] : []
  const where = addresses.length > 0 ? [`from ${addresses.join(', ')}`] : []
  return [...who, ...where].map(clean)
}

/** What was found, what was looked at, and what was incomplete: a line each. */
export function summaryLines(summary: ScanSummary): string[] {
  const { events, bytes, findings, malformed, suppressed, seconds, byPriority, byCode } = summary
  const each = priorities.flatMap((priority) => {
    const count = byPriority[priority]
    return count ? [`${numberText(count)} ${priority}`] : []
  })
  const found = findings === 0 ? 'No findings' : countText(findings, 'finding')
  const repeats =
    suppressed > 0
      ? ` (${countText(suppressed, 'repeat')} of the same request at another stage left out)`
      : ''
  const rate = seconds > 0 ? ` (${numberText(Math.round(events / seconds))} events/s)` : ''
  const lines = [
    `${found}${each.length > 0 ? `: ${each.join(', ')}` : ''}${repeats}`,
    `${countText(events, 'event')}, ${bytesText(bytes)}, in ${seconds.toFixed(2)} s${rate}`,
  ]
  for (const use of summary.exceptions ?? []) lines.push(clean(exceptionLine(use)))
  if (summary.baseline) lines.push(clean(baselineLine(summary.baseline)))
  if (malformed > 0) {
    const codes = Object.entries(byCode).map(([code, count]) => `${numberText(count)} ${code}`)
    const what = countText(malformed, 'line or event', 'lines or events')
    lines.push(`Incomplete: ${what} could not be judged (${codes.join(', ')})`)
  }
  return lines
}

/** What an exception covered. */
export function exceptionLine({
  name,
  guardrail,
  until,
  reason,
  findings,
  example,
}: ExceptionUse): string {
  const what = `${countText(findings, 'finding')} of ${guardrail} by ${name} until ${until}`
  return `Excepted: ${what} (${reason}), ${findings === 1 ? '' : 'such as '}“${example}”`
}

function baselineLine({ file, findings, since, entries, unused }: BaselineSummary): string {
  const missing =
    unused === 0
      ? ''
      : `; ${numberText(unused)} of its ${countText(entries, 'entry', 'entries')} saw none`
  if (findings === 0) return `Known: nothing of the baseline ${file}${missing}`
  const when = since === undefined ? '' : ` since ${whenText(since, since)}`
  return `Known: ${countText(findings, 'finding')}${when} of the baseline ${file}, not shown${missing}`
}

function renderSummary(summary: ScanSummary, paint: Paint): string {
  const [found, ...rest] = summaryLines(summary)
  const lines = rest.map((line) => (line.startsWith('Incomplete') ? paint('caution', line) : line))
  return `${[paint('strong', found!), ...lines].join('\n')}\n`
}

/** What guardrails could not see, at the very end: it qualifies everything above it. */
function blindSpots({ blindSpots: spots = [] }: ScanSummary, paint: Paint): string[] {
  return spots.map((spot) => {
    const ids = paint('dim', `  ${clean(spot.guardrails.join(', '))}`)
    return `${paint('caution', `Blind spot: ${blindSpotText(spot)}`)}\n${ids}\n`
  })
}

/** The colour of a priority. */
export function priorityStyle(priority: Priority): Style {
  return styles[priority]
}
