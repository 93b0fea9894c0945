import { exit, type ExitCode } from '../exit.ts'
import { renderDiagnostic } from '../text/diagnostic.ts'
import { ParapetError } from '../text/error.ts'
import { type Io, write } from './io.ts'

/** Tells the user why there is no answer: a document on stdout for structured formats, else text on stderr. */
export async function reportFailure(
  io: Io,
  error: unknown,
  structured: boolean,
): Promise<ExitCode> {
  if (io.signal.aborted) return exit.interrupted
  const known = asParapetError(error)
  if (structured) {
    await write(io.stdout, `${JSON.stringify(known.document())}\n`)
  } else {
    await write(io.stderr, renderFailure(known))
  }
  if (known.code === 'INTERNAL' && io.env['PARAPET_DEBUG']) {
    await write(io.stderr, `${String((error as Error)?.stack ?? error)}\n`)
  }
  return exit.unanswered
}

/** `parapet: file:1:2: error: … [CODE]`, each further error on a line of its own. */
export function renderFailure(error: ParapetError): string {
  const { code, message, file, line, column, help, diagnostics } = error
  if (diagnostics.length > 0) {
    return diagnostics.map((diagnostic) => `${renderDiagnostic(diagnostic)}\n`).join('')
  }
  const place = { file, line, column, help }
  const defined = Object.fromEntries(
    Object.entries(place).filter(([, value]) => value !== undefined),
  )
  return `${renderDiagnostic({ code, severity: 'error', message, ...defined })}\n`
}

/** The error itself where it is one that Parapet knows; else one that says so. */
export function asParapetError(error: unknown): ParapetError {
  if (error instanceof ParapetError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new ParapetError('INTERNAL', `unexpected: ${message.replaceAll(/\s+/g, ' ')}`, {
    help: 'this is a mistake in Parapet; run again with PARAPET_DEBUG=1 for its origin',
    cause: error,
  })
}
