import type { LocatedDiagnostic, Severity } from '../text/diagnostic.ts'
import { fileUri, SARIF_HEAD } from './sarif.ts'

/** What a code means in general, for the list of rules. */
export interface CodeDescription {
  readonly title: string
  readonly about: string
  readonly fix: string
}

export interface DiagnosticsSarifOptions {
  readonly version: string
  readonly describe: (code: string) => CodeDescription | undefined
}

/** SARIF 2.1.0 of a check: a rule for each code that was found, a result for each diagnostic. */
export function diagnosticsSarif(
  diagnostics: readonly LocatedDiagnostic[],
  { version, describe }: DiagnosticsSarifOptions,
): string {
  const codes = [...new Set(diagnostics.map(({ code }) => code))]
  const driver = {
    name: 'Parapet',
    semanticVersion: version,
    rules: codes.map((code) => descriptor(code, describe(code))),
  }
  const results = diagnostics.map((diagnostic) => result(diagnostic, codes))
  const run = { tool: { driver }, columnKind: 'utf16CodeUnits', results }
  return `${JSON.stringify({ ...SARIF_HEAD, runs: [run] }, undefined, 2)}\n`
}

function descriptor(code: string, description: CodeDescription | undefined): object {
  if (!description) return { id: code }
  const { title, about, fix } = description
  return {
    id: code,
    shortDescription: { text: title },
    fullDescription: { text: about },
    help: { text: `${about}\n\n${fix}`, markdown: `${about}\n\n${fix}` },
  }
}

function result(diagnostic: LocatedDiagnostic, codes: readonly string[]): object {
  const { code, severity, message, help, file, line, column } = diagnostic
  const region = line === undefined ? {} : { region: { startLine: line, startColumn: column } }
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: LEVELS[severity],
    message: { text: help === undefined ? message : `${message}\n${help}` },
    ...(file === undefined
      ? {}
      : {
          locations: [
            { physicalLocation: { artifactLocation: { uri: fileUri(file) }, ...region } },
          ],
        }),
  }
}

const LEVELS: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
}
