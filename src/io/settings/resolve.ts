import { ParapetError } from '../../text/error.ts'
import type { SettingsFile } from './file.ts'
import {
  environmentName,
  isBadValue,
  readSetting,
  type Setting,
  settings,
  type SettingValue,
} from './settings.ts'

/** Where a value comes from; the first that there is counts, in this order. */
export type Origin = 'flag' | 'environment' | 'file' | 'default'

/** A setting's value, and where it comes from. */
export interface ResolvedSetting {
  readonly setting: Setting
  /** Undefined where there is none, and no default either. */
  readonly value: SettingValue | undefined
  readonly origin: Origin
  /** The environment variable, or the file with line and column. */
  readonly place?: string
}

/** The layers that settings are looked for in. */
export interface Layers {
  /** The value that a flag of the command line gave to an option; undefined for none. */
  readonly flag: (attribute: string) => SettingValue | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly file: SettingsFile | undefined
}

/**
 * Decides every setting: a flag goes before the environment, which goes before the file, which goes
 * before the default. Lists are not merged.
 * @throws ParapetError `USAGE` for an environment variable that holds no value of its setting
 */
export function resolveSettings({ flag, env, file }: Layers): readonly ResolvedSetting[] {
  return settings.map((setting) => {
    const { key, attribute } = setting
    const given = flag(attribute)
    if (given !== undefined) return { setting, value: given, origin: 'flag' }
    const name = environmentName(key)
    const text = env[name]
    if (text !== undefined && text !== '') {
      return {
        setting,
        value: fromEnvironment(setting, name, text),
        origin: 'environment',
        place: name,
      }
    }
    const found = file?.settings.get(key)
    if (found) {
      const place = `${file!.file}:${found.line}:${found.column}`
      return { setting, value: found.value, origin: 'file', place }
    }
    return { setting, value: setting.default, origin: 'default' }
  })
}

function fromEnvironment(setting: Setting, name: string, text: string): SettingValue {
  const { kind, separator = ',' } = setting
  const texts = kind === 'list' ? text.split(separator).map((part) => part.trim()) : [text]
  const values = texts.map((part) => {
    const value = readSetting(setting, part)
    if (!isBadValue(value)) return value
    throw new ParapetError('USAGE', `${name}: ${value.problem}`, {
      help: value.help ?? `values of a list stand between \`${separator}\``,
    })
  })
  return kind === 'list' ? (values as string[]) : values[0]!
}
