import type { ScanSummary } from '../engine/counts.ts'
import { type Priority, priorities } from '../engine/finding.ts'
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
      return [...parts, renderSummary(summary, paint)].join('\n')
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
  const address = first.sourceIPs.length > 0 ? ` from ${first.sourceIPs.map(clean).join(', ')}` : ''
  const acting = first.user.impersonated ? ` as ${clean(first.user.impersonated)}` : ''
  const actor = `${clean(first.user.name ?? 'unknown user')}${acting}${address}`
  const place = `${first.file}:${first.line}${count > 1 ? ' and later' : ''}`
  return [
    `  ${clean(first.message)}${times}`,
    paint('dim', `    ${whenText(row.from, row.to)} · ${actor} · ${place}`),
  ]
}

function renderSummary(summary: ScanSummary, paint: Paint): string {
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
  const lines = [
    paint('strong', `${found}${each.length > 0 ? `: ${each.join(', ')}` : ''}`) + repeats,
    `${countText(events, 'event')}, ${bytesText(bytes)}, in ${seconds.toFixed(2)} s` +
      (seconds > 0 ? ` (${numberText(Math.round(events / seconds))} events/s)` : ''),
  ]
  if (malformed > 0) {
    const codes = Object.entries(byCode).map(([code, count]) => `${numberText(count)} ${code}`)
    const what = countText(malformed, 'line or event', 'lines or events')
    lines.push(paint('caution', `Incomplete: ${what} could not be judged (${codes.join(', ')})`))
  }
  return `${lines.join('\n')}\n`
}

/** Keeps a log's control characters from steering the reader's terminal. */
function clean(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    '\ufffd',
  )
}
