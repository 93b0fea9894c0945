import { type LocatedDiagnostic, renderDiagnostic } from '../text/diagnostic.ts'
import { annotation } from './github.ts'

/** Renders what a check found: a text, a JSON document, or annotations of GitHub Actions. */
export function diagnosticsText(
  diagnostics: readonly LocatedDiagnostic[],
  format: string,
  answer: Readonly<Record<string, unknown>> = {},
): string {
  if (format === 'json') return `${JSON.stringify({ ...answer, diagnostics }, undefined, 2)}\n`
  if (format !== 'github') return diagnostics.map((item) => `${renderDiagnostic(item)}\n`).join('')
  return diagnostics
    .map(({ severity, code, message, help, file, line, column }) => {
      const level = severity === 'info' ? 'notice' : severity
      const place = { file, line, col: column, title: code }
      return annotation(level, place, help === undefined ? message : `${message}\n${help}`)
    })
    .join('')
}
