import type { Command } from 'commander'

/** Options that say where settings are read from, as commander hands them over. */
export interface SettingsFlags {
  /** False for `--no-config`. */
  readonly config?: string | false
}

/** Adds `--config` and `--no-config`, alike in every verb. */
export function addSettingsOptions(command: Command): Command {
  return command
    .optionsGroup('Settings:')
    .option('--config <file>', 'read settings from this file (default: the nearest parapet.yaml)')
    .option('--no-config', 'read no file of settings')
}
