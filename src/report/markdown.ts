import { blindSpotText } from './blind-spots.ts'
import { Groups } from './groups.ts'
import { summaryLines } from './pretty.ts'
import type { Reporter } from './reporter.ts'
import { numberText, whenText } from './words.ts'

/** Rows of the table before the rest is counted. */
const ROWS_SHOWN = 100

/** For pull requests, tickets and step summaries: a table, most urgent first. */
export function markdownReporter(): Reporter {
  const groups = new Groups()
  return {
    finding(finding) {
      groups.add(finding)
      return ''
    },
    end(summary, error) {
      const rows = groups.sorted().flatMap((group) => [...group.rows.values()])
      const lines = ['## Audit log findings', '']
      if (error) lines.push(`**The scan did not finish:** ${markdownText(error.message)}`, '')
      lines.push(...summaryLines(summary).map((line) => `${markdownText(line)}  `), '')
      for (const spot of summary.blindSpots ?? []) {
        lines.push(
          `**Blind spot:** ${blindSpotText(spot)}: ${markdownText(spot.guardrails.join(', '))}`,
          '',
        )
      }
      if (rows.length > 0) {
        lines.push('| Priority | What | Count | When | Guardrail |', '|---|---|---:|---|---|')
      }
      for (const { first, from, to, count } of rows.slice(0, ROWS_SHOWN)) {
        const when = whenText(from, to)
        lines.push(
          `| ${first.priority} | ${markdownText(first.message)} | ${numberText(count)} | ${markdownText(when)} | ${markdownText(first.rule)} |`,
        )
      }
      const hidden = rows.length - ROWS_SHOWN
      if (hidden > 0) lines.push('', `… and ${numberText(hidden)} more rows`)
      return `${lines.join('\n')}\n`
    },
  }
}

/** Text of a log as text of a table cell: no markup, no links, no mentions. */
export function markdownText(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')
    .replaceAll(/[\\`*_{}[\]<>()#|~!]/g, String.raw`\$&`)
    .replaceAll(/@(?=\w)/g, '@\u200b')
}
