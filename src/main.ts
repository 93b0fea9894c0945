import { Command, CommanderError } from 'commander'
import { reportFailure } from './command/failure.ts'
import type { Io } from './command/io.ts'
import { loadVerbs } from './command/verbs.ts'
import { exit, type ExitCode } from './exit.ts'
import { structuredFormats } from './report/reporter.ts'
import { ParapetError } from './text/error.ts'
import { version } from './version.ts'

const HELP_END = `
Completion for bash, zsh, fish and PowerShell: source <(parapet complete bash)`

/**
 * Runs one command line and gives its exit code. Touches nothing but `io`; never throws and never
 * ends the process.
 */
export async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = exit.ok
  const complaints: string[] = []
  const done = (result: ExitCode): void => void (code = result)
  const program = await createProgram(io, complaints, done, argv[0])
  try {
    if (argv[0] === 'complete') (await import('./command/complete.ts')).addComplete(program)
    await program.parseAsync([...argv], { from: 'user' })
    return io.signal.aborted ? exit.interrupted : code
  } catch (error) {
    if (!(error instanceof CommanderError)) return reportFailure(io, error, wantsDocument(argv))
    if (error.exitCode === 0) return exit.ok
    if (!wantsDocument(argv)) {
      io.stderr.write(complaints.join(''))
      return exit.unanswered
    }
    const message = error.message.replace(/^error: /, '').replaceAll(/\s+/g, ' ')
    return reportFailure(io, new ParapetError('USAGE', message), true)
  }
}

/**
 * The command tree. Each verb adds itself and reports its exit code through `done`; what commander
 * has to complain about is collected, because its form depends on the format asked for.
 * @param verb the only one that is wanted; all by default
 */
export async function createProgram(
  io: Io,
  complaints: string[],
  done: (code: ExitCode) => void,
  verb?: string,
): Promise<Command> {
  const program = new Command('parapet')
    .description('Guardrails for Kubernetes audit logs, written once in Rego.')
    .addHelpText('after', HELP_END)
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .showSuggestionAfterError()
    .showHelpAfterError('(--help shows the options)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void complaints.push(text),
    })
  for (const add of await loadVerbs(verb)) add(program, io, done)
  return program
}

/** Whether the command line asks for a structured format, judged even where it cannot be parsed. */
function wantsDocument(argv: readonly string[]): boolean {
  return argv.some((word, index) => {
    const value = /^(?:-f|--format)$/.test(word)
      ? argv[index + 1]
      : /^(?:-f|--format=)(.+)$/.exec(word)?.[1]
    return value !== undefined && structuredFormats.includes(value)
  })
}
