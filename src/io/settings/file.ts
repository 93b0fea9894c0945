import path from 'node:path'
import type { Diagnostic } from '../../text/diagnostic.ts'
import { locate } from '../../text/diagnostic.ts'
import { type Document, LineIndex, type Position } from '../../text/document.ts'
import { ParapetError } from '../../text/error.ts'
import { nearest } from '../../text/nearest.ts'
import { isYamlNull, parseYaml, type YamlNode } from '../../text/yaml.ts'
import { isBadValue, readSetting, type Setting, settings, type SettingValue } from './settings.ts'
import { readSource } from '../source.ts'

/** A value that stands in the file, and where. */
export interface FileSetting extends Position {
  readonly value: SettingValue
}

/** The settings of a file, by key. */
export interface SettingsFile {
  /** As shown: relative to the working folder. */
  readonly file: string
  readonly settings: ReadonlyMap<string, FileSetting>
}

/**
 * Reads settings from a file; paths become relative to the working folder.
 * @throws ParapetError `FILE_UNREADABLE`, `CONFIG_INVALID` and others, with every mistake's place
 */
export async function readSettingsFile(file: string, cwd: string): Promise<SettingsFile> {
  const shown = path.relative(cwd, path.resolve(cwd, file)) || file
  const document = await readSource(path.resolve(cwd, file), shown)
  const place = (text: string): string => {
    const absolute = path.resolve(cwd, path.dirname(file), text)
    return path.relative(cwd, absolute) || '.'
  }
  const { found, diagnostics } = readSettings(document, place)
  ParapetError.throwFirst(diagnostics.map((diagnostic) => locate(diagnostic, [document])))
  return { file: shown, settings: found }
}

interface Reading {
  readonly found: ReadonlyMap<string, FileSetting>
  readonly diagnostics: readonly Diagnostic[]
}

function readSettings(document: Document, place: (text: string) => string): Reading {
  const { documents, diagnostics: broken } = parseYaml(document)
  const found = new Map<string, FileSetting>()
  const diagnostics: Diagnostic[] = [...broken]
  const fault = (node: YamlNode, message: string, help?: string): void => {
    const advice = help === undefined ? {} : { help }
    const { file } = document
    const { span } = node
    diagnostics.push({ code: 'CONFIG_INVALID', severity: 'error', message, file, span, ...advice })
  }
  const [root, second] = documents
  if (second) fault(second, 'one YAML document is wanted, and here begins another')
  if (!root || isYamlNull(root)) return { found, diagnostics }
  if (root.kind !== 'mapping') {
    fault(root, 'settings must be a mapping, such as `fail-on: Warning`')
    return { found, diagnostics }
  }
  const lines = new LineIndex(document.text)
  for (const { key, value } of root.pairs) {
    const name = key.kind === 'scalar' ? key.text : ''
    const setting = settings.find((known) => known.key === name)
    if (!setting) {
      fault(key, `there is no setting \`${name}\``, adviceFor(name))
      continue
    }
    const read = readValue(setting, value, fault)
    if (read === undefined) continue
    found.set(name, { value: placed(setting, read, place), ...lines.at(key.span.start) })
  }
  return { found, diagnostics }
}

function adviceFor(name: string): string {
  const keys = settings.map(({ key }) => key)
  const option = settings.find(({ attribute }) => attribute === name)
  const meant = option?.key ?? nearest(name, keys)
  return meant ? `did you mean \`${meant}\`?` : `settings are ${keys.join(', ')}`
}

type Fault = (node: YamlNode, message: string, help?: string) => void

function readValue(setting: Setting, node: YamlNode, fault: Fault): SettingValue | undefined {
  if (setting.kind !== 'list') return readScalar(setting, node, fault)
  const items = node.kind === 'sequence' ? node.items : [node]
  const values = items.map((item) => readScalar(setting, item, fault))
  return values.includes(undefined) ? undefined : (values as string[])
}

function readScalar(setting: Setting, node: YamlNode, fault: Fault): SettingValue | undefined {
  if (node.kind !== 'scalar' || isYamlNull(node)) {
    const wanted = setting.kind === 'list' ? 'a text or a list of texts' : 'one value'
    fault(node, `\`${setting.key}\` wants ${wanted}`)
    return undefined
  }
  const value = readSetting(setting, node.text)
  if (!isBadValue(value)) return value
  fault(node, value.problem, value.help)
  return undefined
}

/** Paths as seen from the working folder. */
function placed(
  { isPath }: Setting,
  value: SettingValue,
  place: (text: string) => string,
): SettingValue {
  if (!isPath) return value
  const one = (text: string): string => (text === 'builtin' || text === '-' ? text : place(text))
  return typeof value === 'string' ? one(value) : (value as readonly string[]).map(one)
}
