import type { LocatedDiagnostic } from '../text/diagnostic.ts'
import { ParapetError } from '../text/error.ts'
import { bundlePath, type RegoSource } from './sources.ts'

/** A position as the module reports it: a path in the bundle, columns in code points. */
export interface Place {
  readonly file?: string
  readonly row?: number
  readonly col?: number
}

/** A statement of OPA's about a source. */
export interface Issue extends Place {
  readonly code: string
  readonly message: string
  readonly details?: readonly string[]
}

/** A verb that failed, as the module reports it. */
export interface Failure {
  readonly message: string
  readonly issues: readonly Issue[]
  readonly stack?: string
}

/** Translates the module's positions for a reader of the sources. */
export class Places {
  readonly #sources: ReadonlyMap<string, RegoSource>

  constructor(sources: readonly RegoSource[]) {
    this.#sources = new Map(sources.map((source) => [bundlePath(source), source]))
  }

  /** The name of a file as the user gave it. */
  file(path: string): string {
    return this.#sources.get(strip(path))?.file ?? path
  }

  /** File, line and UTF-16 column. */
  at({ file, row, col }: Place): { file?: string; line?: number; column?: number } {
    if (!file) return {}
    if (!row) return { file: this.file(file) }
    return { file: this.file(file), line: row, column: this.#column(file, row, col ?? 1) }
  }

  diagnostic(issue: Issue): LocatedDiagnostic {
    const help = helpOf(issue)
    return {
      code: issue.code.toUpperCase(),
      severity: 'error',
      message: issue.message.replaceAll(/\s*\n\s*/g, '; '),
      ...this.at(issue),
      ...(help === '' ? {} : { help }),
    }
  }

  /** All issues, in order of their places, each once. */
  diagnostics(issues: readonly Issue[]): LocatedDiagnostic[] {
    const unique = new Map(
      issues.map((issue) => [JSON.stringify(issue), this.diagnostic(issue)] as const),
    )
    return [...unique.values()].sort(byPlace)
  }

  /** The error that a failed verb is. */
  error(failure: Failure): ParapetError {
    const diagnostics = this.diagnostics(failure.issues)
    const first = diagnostics[0]
    if (!first) return new ParapetError('OPA_ERROR', failure.message)
    const { code, message, ...place } = first
    const cause = failure.stack === undefined ? undefined : new Error(failure.stack)
    return new ParapetError(code, message, { ...place, cause }, diagnostics)
  }

  #column(path: string, row: number, column: number): number {
    const text = this.#sources.get(strip(path))?.text.split('\n', row)[row - 1]
    if (text === undefined) return column
    return [...text].slice(0, column - 1).join('').length + 1
  }
}

function strip(path: string): string {
  return path.replace(/^\/+/, '')
}

/** OPA adds the source line and a caret to some errors; what is left says what it wanted. */
function helpOf({ details = [] }: Issue): string {
  const caret = details.findIndex((line) => /^\s*\^\s*$/.test(line))
  return details
    .slice(caret + 1)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('; ')
}

function byPlace(a: LocatedDiagnostic, b: LocatedDiagnostic): number {
  if (a.file !== b.file) return (a.file ?? '') < (b.file ?? '') ? -1 : 1
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)
}
