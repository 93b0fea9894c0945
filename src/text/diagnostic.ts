import { type Document, LineIndex, type Span } from './document.ts'

export type Severity = 'error' | 'warning' | 'info'

/**
 * A statement about a text. Loaders, linters and compilers return these beside their value; they
 * throw only for what no text can cause. Messages are lower case without a full stop, quote user
 * input in backticks and never hold a newline; what to do about it goes into `help`.
 */
export interface Diagnostic {
  /** Stable and upper case: `REGO_TYPE_ERROR`, `LOAD_ERR_YAML_PARSE`. */
  readonly code: string
  readonly severity: Severity
  readonly message: string
  /** The document's name, where the diagnostic is about one. */
  readonly file?: string
  readonly span?: Span
  readonly help?: string
}

/** A diagnostic with its place resolved for a reader. */
export interface LocatedDiagnostic extends Omit<Diagnostic, 'span'> {
  readonly line?: number
  readonly column?: number
}

/** Resolves a diagnostic's span to line and column of its document. */
export function locate(diagnostic: Diagnostic, documents: readonly Document[]): LocatedDiagnostic {
  const { span, ...rest } = diagnostic
  const document = documents.find((d) => d.file === diagnostic.file)
  if (!span || !document) return rest
  return { ...rest, ...new LineIndex(document.text).at(span.start) }
}

/** One line for a terminal: `file:line:column: severity: message [CODE]`, and the help below it. */
export function renderDiagnostic(diagnostic: LocatedDiagnostic): string {
  const { file, line, column, severity, message, code, help } = diagnostic
  const place = [file, line, column].filter((part) => part !== undefined).join(':')
  const head = `${place ? `${place}: ` : ''}${severity}: ${message} [${code}]`
  return help ? `${head}\n  ${help}` : head
}
