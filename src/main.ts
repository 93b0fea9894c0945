import { Command, CommanderError } from 'commander'
import { exit, type ExitCode } from './exit.ts'
import { addScan } from './command/scan.ts'
import { reportFailure } from './command/failure.ts'
import type { Io } from './command/io.ts'
import { version } from './version.ts'

/**
 * Runs one command line and gives its exit code. Touches nothing but `io`; never throws and never
 * ends the process.
 */
export async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = exit.ok
  const program = createProgram(io, (result) => {
    code = result
  })
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return io.signal.aborted ? exit.interrupted : code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exit.ok : exit.unanswered
    return reportFailure(io, error, false)
  }
}

/** The command tree; each verb adds itself and reports its exit code through `done`. */
export function createProgram(io: Io, done: (code: ExitCode) => void): Command {
  const program = new Command('parapet')
    .description('Guardrails for Kubernetes audit logs, written once in Rego.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .showSuggestionAfterError()
    .showHelpAfterError('(--help shows the options)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
    })
  addScan(program, io, done)
  return program
}
