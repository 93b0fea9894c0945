import { atLeast, type Finding } from '../engine/finding.ts'
import type { RuleInfo } from '../engine/rule-info.ts'
import type { Reporter, ReporterOptions } from './reporter.ts'
import { numberText } from './words.ts'
import { attributes, escapeText } from './xml.ts'

/** Findings listed in one failure before the rest is counted. */
const LISTED_MAX = 50

interface Case {
  readonly info: Pick<RuleInfo, 'id' | 'engine' | 'title'>
  failures: number
  readonly listed: string[]
  /** Findings less urgent than what fails. */
  readonly remarks: string[]
}

/**
 * One test case for each guardrail or rule: it fails where it has findings that `--fail-on` names,
 * and keeps the others as its output. What could not be judged is a case with an error.
 */
export function junitReporter({ rules, failOn }: ReporterOptions): Reporter {
  const cases = new Map<string, Case>()
  const caseOf = (info: Case['info']): Case => {
    const key = `${info.engine} ${info.id}`
    const found = cases.get(key) ?? { info, failures: 0, listed: [], remarks: [] }
    cases.set(key, found)
    return found
  }
  for (const rule of rules) caseOf(rule)
  return {
    finding(finding) {
      const { rule: id, engine, title, priority } = finding
      const entry = caseOf({ id, engine, title })
      const fails = failOn !== undefined && atLeast(priority, failOn)
      if (fails) entry.failures += 1
      const list = fails ? entry.listed : entry.remarks
      if (list.length < LISTED_MAX) list.push(line(finding))
      return ''
    },
    end(summary, error) {
      const list = [...cases.values()]
      const errors = (error ? 1 : 0) + (summary.malformed > 0 ? 1 : 0)
      const input: string[] = []
      if (error) input.push(errorCase('scan', error.code, error.message))
      if (summary.malformed > 0) {
        const codes = Object.entries(summary.byCode).map(([code, count]) => `${code}: ${count}`)
        input.push(
          errorCase('input', 'INCOMPLETE', `not all could be judged (${codes.join(', ')})`),
        )
      }
      const counts = attributes({
        name: 'parapet scan',
        tests: list.length + errors,
        failures: list.filter((entry) => entry.failures > 0).length,
        errors,
        time: summary.seconds.toFixed(3),
      })
      return [
        '<?xml version="1.0" encoding="UTF-8"?>',
        `<testsuites ${counts}>`,
        `<testsuite ${counts}>`,
        ...list.map(testCase),
        ...input,
        '</testsuite>',
        '</testsuites>',
        '',
      ].join('\n')
    },
  }
}

function testCase({ info, failures, listed, remarks }: Case): string {
  const head = `<testcase ${attributes({ classname: `parapet.${info.engine}`, name: `${info.id}: ${info.title}` })}`
  const parts: string[] = []
  if (failures > 0) {
    const message = failures === 1 ? listed[0]! : `${numberText(failures)} findings`
    const more =
      failures > listed.length ? `\n… and ${numberText(failures - listed.length)} more` : ''
    const body = escapeText(`${listed.join('\n')}${more}`)
    parts.push(`<failure ${attributes({ message, type: 'finding' })}>${body}</failure>`)
  }
  if (remarks.length > 0) parts.push(`<system-out>${escapeText(remarks.join('\n'))}</system-out>`)
  return parts.length === 0 ? `${head}/>` : `${head}>${parts.join('')}</testcase>`
}

function errorCase(name: string, type: string, message: string): string {
  return `<testcase ${attributes({ classname: 'parapet', name })}><error ${attributes({ message, type })}/></testcase>`
}

function line({ priority, message, time, file, line }: Finding): string {
  return `${priority}: ${message} (${time ?? 'time unknown'}, ${file}:${line})`
}
