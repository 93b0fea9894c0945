import Table from 'cli-table3'
import { Groups } from './groups.ts'
import { clean } from './clean.ts'
import { priorityStyle, summaryLines } from './pretty.ts'
import type { Reporter, ReporterOptions } from './reporter.ts'
import { numberText, whenText } from './words.ts'

/** One row for each thing that happened, most urgent first. */
export function tableReporter({ paint }: ReporterOptions): Reporter {
  const groups = new Groups()
  return {
    finding(finding) {
      groups.add(finding)
      return ''
    },
    end(summary) {
      const table = new Table({
        head: ['PRIORITY', 'GUARDRAIL', 'COUNT', 'WHEN', 'WHAT', 'WHERE'],
        style: { head: [], border: [], compact: true },
        colAligns: ['left', 'left', 'right', 'left', 'left', 'left'],
        chars: plainBorders,
      })
      let hidden = 0
      for (const group of groups.sorted()) {
        hidden += group.others
        for (const { first, from, to, count } of group.rows.values()) {
          table.push([
            paint(priorityStyle(first.priority), first.priority),
            clean(first.rule),
            numberText(count),
            whenText(from, to),
            clean(first.message),
            `${first.file}:${first.line}`,
          ])
        }
      }
      const lines = table.length > 0 ? [table.toString().replaceAll(/ +$/gm, ''), ''] : []
      if (hidden > 0) lines.push(`… and ${numberText(hidden)} more`)
      return `${[...lines, ...summaryLines(summary)].join('\n')}\n`
    },
  }
}

const plainBorders = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' ',
}
