import type { Command } from 'commander'
import type { ExitCode } from '../exit.ts'
import type { Io } from './io.ts'

const EXAMPLES = `Examples:
  parapet fmt                 formats every .rego file below this folder
  parapet fmt --check rego/   names the files that are not formatted, and changes none

Exit codes: 0 formatted, 1 --check found files that are not, 2 a file cannot be formatted.
`

/** Options as commander hands them over. */
export interface FmtFlags {
  readonly check?: boolean
}

/** Adds `parapet fmt`. */
export function addFmt(program: Command, io: Io, done: (code: ExitCode) => void): void {
  program
    .command('fmt')
    .summary('format Rego as opa fmt does')
    .description(
      'Formats Rego files in place. A file whose meaning the formatter would change is left as it is, and said.',
    )
    .argument('[policies...]', 'folders or .rego files', ['.'])
    .option('--check', 'change nothing; exit with 1 where a file is not formatted')
    .addHelpText('before', EXAMPLES)
    .action(async (policies: string[], flags: FmtFlags) => {
      const { runFmt } = await import('./fmt-run.ts')
      done(await runFmt(policies, flags, io))
    })
}
