import { clean } from './clean.ts'
import { atLeast } from '../engine/finding.ts'
import { exceptionLine } from './pretty.ts'
import { countText } from './words.ts'
import type { Reporter } from './reporter.ts'

/** Annotations as GitHub Actions reads them from a step's output. */
export function githubReporter(): Reporter {
  return {
    finding({ priority, file, line, title, rule, message }) {
      const level = atLeast(priority, 'Error')
        ? 'error'
        : atLeast(priority, 'Warning')
          ? 'warning'
          : 'notice'
      const properties = { file, line: String(line), title: `${priority}: ${title} (${rule})` }
      return annotation(level, properties, message)
    },
    end({ findings, events, malformed, exceptions = [] }, error) {
      const lines: string[] = []
      if (error) lines.push(annotation('error', { title: error.code }, failureText(error)))
      if (malformed > 0) {
        const text = `${countText(malformed, 'line or event', 'lines or events')} could not be judged`
        lines.push(annotation('error', { title: 'Incomplete' }, text))
      }
      for (const use of exceptions) {
        lines.push(annotation('notice', { title: `Exception ${use.name}` }, exceptionLine(use)))
      }
      lines.push(`${countText(findings, 'finding')} in ${countText(events, 'event')}\n`)
      return lines.join('')
    },
  }
}

function failureText(error: { message: string; help: string | undefined }): string {
  return error.help === undefined ? error.message : `${error.message}\n${error.help}`
}

/** One workflow command; properties without a value are left out. */
export function annotation(
  level: string,
  properties: Readonly<Record<string, string | number | undefined>>,
  text: string,
): string {
  const list = Object.entries(properties)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${escapeProperty(String(value))}`)
  return `::${level} ${list.join(',')}::${escapeData(text)}\n`
}

/** Its lines stay lines; other control characters would steer whoever reads the log of the step. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').split('\n').map(clean).join('%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
