import type { LocatedDiagnostic } from './diagnostic.ts'

/**
 * Parapet could not answer: bad usage, unreadable input, a part that is missing. Carries what an
 * error document needs: `{"error": {code, message, file, line, column, help}}`.
 */
export class ParapetError extends Error {
  readonly code: string
  readonly file: string | undefined
  readonly line: number | undefined
  readonly column: number | undefined
  readonly help: string | undefined
  /** Further statements behind the first, for example every type error of a policy. */
  readonly diagnostics: readonly LocatedDiagnostic[]

  constructor(
    code: string,
    message: string,
    place: { file?: string; line?: number; column?: number; help?: string; cause?: unknown } = {},
    diagnostics: readonly LocatedDiagnostic[] = [],
  ) {
    super(message, place.cause === undefined ? undefined : { cause: place.cause })
    this.name = 'ParapetError'
    this.code = code
    this.file = place.file
    this.line = place.line
    this.column = place.column
    this.help = place.help
    this.diagnostics = diagnostics
  }

  /** Throws the first error of `diagnostics`, carrying all of them; does nothing without one. */
  static throwFirst(diagnostics: readonly LocatedDiagnostic[]): void {
    const first = diagnostics.find((d) => d.severity === 'error')
    if (first) throw new ParapetError(first.code, first.message, first, diagnostics)
  }

  /** The error document that structured formats print. */
  document(): { error: Record<string, string | number> } {
    const { code, message, file, line, column, help } = this
    const fields = { code, message, file, line, column, help }
    return {
      error: Object.fromEntries(
        Object.entries(fields).filter((entry) => entry[1] !== undefined),
      ) as Record<string, string | number>,
    }
  }
}
