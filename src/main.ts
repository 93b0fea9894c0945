import { Command, CommanderError } from 'commander'
import { reportFailure } from './command/failure.ts'
import { addBacktest } from './command/backtest.ts'
import { addBaseline } from './command/baseline.ts'
import { addBuild } from './command/build.ts'
import { addCheck } from './command/check.ts'
import { addConfig } from './command/config.ts'
import { addDiff } from './command/diff.ts'
import { addDoctor } from './command/doctor.ts'
import { addException } from './command/exception.ts'
import { addFalco } from './command/falco.ts'
import { addFalcoPackage } from './command/falco-package.ts'
import { addFmt } from './command/fmt.ts'
import { addGuardrails } from './command/guardrails.ts'
import { addInit } from './command/init.ts'
import { addInspect } from './command/inspect.ts'
import type { Io } from './command/io.ts'
import { addKeys } from './command/keys.ts'
import { addNew } from './command/new.ts'
import { addOpa } from './command/opa.ts'
import { addPull } from './command/pull.ts'
import { addPush } from './command/push.ts'
import { addRedact } from './command/redact.ts'
import { addScan } from './command/scan.ts'
import { addServe } from './command/serve.ts'
import { addSign } from './command/sign.ts'
import { addTest } from './command/test.ts'
import { addVerify } from './command/verify.ts'
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
  const program = createProgram(io, complaints, (result) => {
    code = result
  })
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
 */
export function createProgram(
  io: Io,
  complaints: string[],
  done: (code: ExitCode) => void,
): Command {
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
  for (const add of [
    addScan,
    addBaseline,
    addException,
    addBacktest,
    addRedact,
    ...authorVerbs,
    ...bundleVerbs,
  ])
    add(program, io, done)
  return program
}

const authorVerbs = [
  addGuardrails,
  addCheck,
  addFmt,
  addInit,
  addNew,
  addTest,
  addFalco,
  addConfig,
  addDoctor,
]

const bundleVerbs = [
  addBuild,
  addSign,
  addVerify,
  addInspect,
  addDiff,
  addKeys,
  addServe,
  addPush,
  addPull,
  addOpa,
  addFalcoPackage,
]

/** Whether the command line asks for a structured format, judged even where it cannot be parsed. */
function wantsDocument(argv: readonly string[]): boolean {
  return argv.some((word, index) => {
    const value = /^(?:-f|--format)$/.test(word)
      ? argv[index + 1]
      : /^(?:-f|--format=)(.+)$/.exec(word)?.[1]
    return value !== undefined && structuredFormats.includes(value)
  })
}
