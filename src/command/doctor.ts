import type { Command } from 'commander'
import type { ExitCode } from '../exit.ts'
import type { Io } from './io.ts'

/** Adds `parapet doctor`. */
export function addDoctor(program: Command, io: Io, done: (code: ExitCode) => void): void {
  program
    .command('doctor')
    .summary('say whether Parapet has all that it needs here')
    .description('Looks at Node, the built-in guardrails, the compiler and the cache folder.')
    .option('-f, --format <format>', 'pretty or json', 'pretty')
    .addHelpText('after', '\nExit codes: 0 all is well, 1 something is missing.')
    .action(async (flags: { format: string }) => {
      const { runDoctor } = await import('./doctor-run.ts')
      done(await runDoctor(flags.format, io))
    })
}
