import { summaryDocument } from './jsonl.ts'
import type { Reporter } from './reporter.ts'

/** One document: `{"findings": […], "summary": {…}}`, and `error` where there was one. */
export function jsonReporter(): Reporter {
  let started = false
  const open = (): string => {
    const text = started ? ',\n' : '{"findings": [\n'
    started = true
    return text
  }
  return {
    finding: (finding) => open() + JSON.stringify(finding),
    end(summary, error) {
      const head = started ? '\n]' : '{"findings": []'
      const failure = error ? `,\n"error": ${JSON.stringify(error.document().error)}` : ''
      return `${head}${failure},\n"summary": ${JSON.stringify(summaryDocument(summary))}}\n`
    },
  }
}
