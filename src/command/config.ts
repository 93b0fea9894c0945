import { type Command, Option } from 'commander'
import type { ExitCode } from '../exit.ts'
import type { Io } from './io.ts'
import { addSettingsOptions, type SettingsFlags } from './settings-options.ts'

const EXAMPLES = `Examples:
  parapet config                          each setting, its value, and where it comes from
  parapet config --format json
  PARAPET_FAIL_ON=notice parapet config
  parapet config --schema > parapet.schema.json

A flag goes before the environment (PARAPET_FAIL_ON), which goes before parapet.yaml (fail-on), which
goes before the default.

Exit codes: 0 answered, 2 the file or the environment holds a mistake.
`

/** Options as commander hands them over. */
export interface ConfigFlags extends SettingsFlags {
  readonly format: string
  readonly schema?: boolean
}

/** Adds `parapet config`. */
export function addConfig(program: Command, io: Io, done: (code: ExitCode) => void): void {
  const command = program
    .command('config')
    .summary('show the settings, and where each comes from')
    .description(
      'Shows what `scan` and `baseline` do where the command line says nothing: from the environment, from parapet.yaml, or by default.',
    )
  addSettingsOptions(command)
    .optionsGroup('Output:')
    .addOption(
      new Option('-f, --format <format>', 'form of the answer')
        .choices(['pretty', 'json'])
        .default('pretty'),
    )
    .option('--schema', 'print the JSON Schema of parapet.yaml instead')
    .addHelpText('before', EXAMPLES)
    .action(async (flags: ConfigFlags) => {
      const { runConfig } = await import('./config-run.ts')
      done(await runConfig(flags, io))
    })
}
