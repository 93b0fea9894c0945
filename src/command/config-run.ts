import { exit, type ExitCode } from '../exit.ts'
import type { SettingsFile } from '../io/settings/file.ts'
import { SETTINGS_FILE } from '../io/settings/find.ts'
import { type ResolvedSetting, resolveSettings } from '../io/settings/resolve.ts'
import { settingsSchema } from '../io/settings/schema.ts'
import type { SettingValue } from '../io/settings/settings.ts'
import { clean } from '../report/clean.ts'
import type { Paint } from '../report/reporter.ts'
import type { ConfigFlags } from './config.ts'
import { reportFailure } from './failure.ts'
import { type Io, paintFor, write } from './io.ts'
import { loadSettings } from './settings.ts'

/** Carries out `parapet config`. */
export async function runConfig(flags: ConfigFlags, io: Io): Promise<ExitCode> {
  try {
    await write(io.stdout, flags.schema ? json(settingsSchema()) : await answer(flags, io))
    return exit.ok
  } catch (error) {
    return reportFailure(io, error, flags.format === 'json')
  }
}

async function answer(flags: ConfigFlags, io: Io): Promise<string> {
  const file = await loadSettings(flags, io)
  const resolved = resolveSettings({ flag: () => undefined, env: io.env, file })
  if (flags.format === 'json') return json(document(file, resolved))
  return text(file, resolved, paintFor(io, io.stdout))
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

function document(file: SettingsFile | undefined, resolved: readonly ResolvedSetting[]): object {
  return {
    file: file?.file ?? null,
    settings: resolved.map(({ setting, value, origin, place }) => ({
      key: setting.key,
      value: value ?? null,
      origin,
      ...(place === undefined ? {} : { place }),
    })),
  }
}

/** A line for each setting; those that are not the default stand out. */
function text(
  file: SettingsFile | undefined,
  resolved: readonly ResolvedSetting[],
  paint: Paint,
): string {
  const rows = resolved.map((row) => ({ ...row, key: row.setting.key, shown: shown(row.value) }))
  const keys = Math.max(...rows.map(({ key }) => key.length))
  const values = Math.max(...rows.map((row) => row.shown.length))
  const lines = rows.map(({ key, shown: value, origin, place }) => {
    const line = `${key.padEnd(keys)}  ${value.padEnd(values)}  ${clean(place ?? origin)}`
    return paint(origin === 'default' ? 'dim' : 'strong', line)
  })
  const head = file ? `Settings of ${clean(file.file)}` : `There is no ${SETTINGS_FILE} here`
  return `${[head, '', ...lines].join('\n')}\n`
}

function shown(value: SettingValue | undefined): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return '-'
  return clean(Array.isArray(value) ? value.join(', ') : String(value))
}
