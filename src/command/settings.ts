import type { Command } from 'commander'
import type { SettingsFile } from '../io/settings/file.ts'
import { findSettingsFile } from '../io/settings/find.ts'
import { type ResolvedSetting, resolveSettings } from '../io/settings/resolve.ts'
import type { SettingValue } from '../io/settings/settings.ts'
import type { Io } from './io.ts'
import type { SettingsFlags } from './settings-options.ts'

/** The file that settings come from; undefined for none. */
export async function loadSettings(
  { config }: SettingsFlags,
  io: Io,
): Promise<SettingsFile | undefined> {
  if (config === false) return undefined
  const named = config ?? (io.env['PARAPET_CONFIG'] || undefined)
  const file = named ?? (await findSettingsFile(io.cwd))
  if (file === undefined) return undefined
  const { readSettingsFile } = await import('../io/settings/file.ts')
  return readSettingsFile(file, io.cwd)
}

/**
 * The flags of a verb with what the environment and the file say where the command line says nothing.
 *
 * @param command the verb, which knows which flags were given
 * @param own options that mean something else here than in the file
 * @throws ParapetError for a mistake in the file or in an environment variable
 */
export async function withSettings<Flags extends SettingsFlags>(
  flags: Flags,
  command: Command,
  io: Io,
  own: readonly string[] = [],
): Promise<Flags> {
  const file = await loadSettings(flags, io)
  const values = new Map<string, unknown>(Object.entries(flags))
  const given = (attribute: string): SettingValue | undefined =>
    command.getOptionValueSource(attribute) === 'cli'
      ? (values.get(attribute) as SettingValue)
      : undefined
  const known = new Set(command.options.map((option) => option.attributeName()))
  const changed = resolveSettings({ flag: given, env: io.env, file }).filter(
    ({ setting, origin }) =>
      (origin === 'environment' || origin === 'file') &&
      known.has(setting.attribute) &&
      !own.includes(setting.attribute),
  )
  return { ...flags, ...Object.fromEntries(changed.map(entry)) }
}

function entry({ setting, value }: ResolvedSetting): [string, SettingValue | undefined] {
  return [setting.attribute, value]
}
