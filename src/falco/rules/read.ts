/** Reads one rules file into the collector, item by item, with the checks of Falco's reader. */
import type { Document } from '../../text/document.ts'
import {
  isYamlNull,
  parseYaml,
  yamlGet,
  type YamlMapping,
  type YamlNode,
  yamlPair,
} from '../../text/yaml.ts'
import type { Collector } from './collect.ts'
import { invalid, type Item, requiredScalar, requiredSequence } from './decode.ts'
import { diagnose, LoadError, placeOf, warning } from './diagnose.ts'
import type { PluginRequirement } from './model.ts'
import { readOverrides } from './override.ts'
import { deprecated, readRule, ruleKeys } from './read-rule.ts'
import { Traced } from './traced.ts'
import {
  engineVersion,
  isCompatible,
  parseEngineVersion,
  parseVersion,
  printVersion,
} from './versions.ts'

/** True where the file was read without an error; diagnostics go to the collector. */
export function readRulesFile(document: Document, collector: Collector): boolean {
  const { documents, diagnostics } = parseYaml(document, { duplicateKeys: 'keep' })
  for (const { message, span, help } of diagnostics) {
    const place = span && { file: document.file, span }
    collector.diagnostics.push(diagnose('LOAD_ERR_YAML_PARSE', 'error', message, place, help))
  }
  let good = diagnostics.length === 0
  for (const root of documents) {
    if (!isYamlNull(root)) good = readDocument(document, root, collector) && good
  }
  return good
}

/** Goes on behind an item with an error, so that one run finds them all. */
function readDocument(document: Document, root: YamlNode, collector: Collector): boolean {
  if (root.kind !== 'sequence') {
    collector.diagnostics.push(
      diagnose(
        'LOAD_ERR_YAML_VALIDATE',
        'error',
        'a rules file must be a list of rules, macros and lists',
        placeOf(document, root),
        'begin each item with `- rule:`, `- macro:` or `- list:`',
      ),
    )
    return false
  }
  let good = true
  for (const node of root.items) {
    if (isYamlNull(node)) continue
    try {
      readItem({ document, node }, collector)
    } catch (error) {
      if (!(error instanceof LoadError)) throw error
      collector.diagnostics.push(error.diagnostic)
      good = false
    }
  }
  return good
}

function readItem(item: Item, collector: Collector): void {
  const { node } = item
  if (node.kind !== 'mapping') {
    invalid(
      item,
      node,
      'an item of a rules file must be a mapping',
      'write `- rule: NAME` and its keys',
    )
  }
  if (yamlPair(node, 'required_engine_version')) {
    readEngineVersion(item)
    warnUnknownKeys(item, node, ['required_engine_version'], collector)
  } else if (yamlPair(node, 'required_plugin_versions')) {
    readPluginVersions(item, collector)
    warnUnknownKeys(item, node, ['required_plugin_versions'], collector)
  } else if (yamlPair(node, 'list')) {
    readList(item, collector)
    warnUnknownKeys(item, node, ['list', 'items', 'append', 'override'], collector)
  } else if (yamlPair(node, 'macro')) {
    readMacro(item, collector)
    warnUnknownKeys(item, node, ['macro', 'condition', 'append', 'override'], collector)
  } else if (yamlPair(node, 'rule')) {
    readRule(item, collector)
    warnUnknownKeys(item, node, ruleKeys, collector)
  } else {
    const message = 'this item is neither a rule nor a macro nor a list; it is ignored'
    collector.diagnostics.push(
      warning('LOAD_UNKNOWN_ITEM', message, placeOf(item.document, node.pairs[0]?.key ?? node)),
    )
  }
}

function readEngineVersion(item: Item): void {
  const scalar = requiredScalar(item, 'required_engine_version')
  const version = parseEngineVersion(scalar.text)
  if (!version) {
    invalid(
      item,
      scalar,
      `\`${scalar.text}\` is no engine version`,
      'write it as `0.43.0`, or as `43`',
    )
  }
  if (isCompatible(engineVersion, version)) return
  throw new LoadError(
    'LOAD_ERR_VALIDATE',
    `the rules need engine version ${printVersion(version)}, and this is ${printVersion(engineVersion)}`,
    placeOf(item.document, scalar),
  )
}

function readPluginVersions(item: Item, collector: Collector): void {
  const list = yamlGet(item.node, 'required_plugin_versions')!
  if (list.kind !== 'sequence') {
    invalid(item, list, 'the value of `required_plugin_versions` must be a list')
  }
  for (const node of list.items) {
    const entry = { ...item, node }
    const alternatives = yamlGet(node, 'alternatives')
    const all = [readPlugin(entry)]
    if (alternatives && alternatives.kind !== 'sequence') {
      invalid(entry, alternatives, 'the `alternatives` of a plugin must be a list')
    }
    for (const each of alternatives?.items ?? []) all.push(readPlugin({ ...item, node: each }))
    checkPlugins(entry, all)
    collector.plugins.push({ alternatives: all, place: placeOf(item.document, node) })
  }
}

function readPlugin(item: Item): PluginRequirement {
  if (item.node.kind !== 'mapping') {
    invalid(item, item.node, 'a plugin must be a mapping with `name` and `version`')
  }
  return { name: requiredScalar(item, 'name').text, version: requiredScalar(item, 'version').text }
}

function checkPlugins(item: Item, plugins: readonly PluginRequirement[]): void {
  const names = new Set<string>()
  for (const { name, version } of plugins) {
    const place = placeOf(item.document, item.node)
    if (!parseVersion(version)) {
      throw new LoadError('LOAD_ERR_VALIDATE', `\`${version}\` is no version of \`${name}\``, place)
    }
    if (names.has(name)) {
      throw new LoadError(
        'LOAD_ERR_VALIDATE',
        `the plugin \`${name}\` stands twice in one entry`,
        place,
      )
    }
    names.add(name)
  }
}

function readList(item: Item, collector: Collector): void {
  const { document } = item
  const name = requiredScalar(item, 'list')
  const place = placeOf(document, item.node)
  if (!/^[^()"'\s=,]+$/.test(name.text)) {
    collector.diagnostics.push(
      warning(
        'LOAD_INVALID_LIST_NAME',
        `the list \`${name.text}\` has a name that conditions cannot hold`,
        placeOf(document, name),
        'use a name without blanks, quotes, commas, parentheses and `=`',
      ),
    )
  }
  const items = requiredSequence(item, 'items').map((node) => Traced.of({ document, node }))
  const overrides = readOverrides(item, ['items'], ['items'])
  if (overrides.legacyAppend)
    deprecated(item, collector, '`append: true` is deprecated', 'override')
  const list = { name: name.text, items, place }
  if (overrides.legacyAppend || overrides.append.has('items')) collector.appendList(list)
  else collector.defineList(list)
}

function readMacro(item: Item, collector: Collector): void {
  const { document } = item
  const name = requiredScalar(item, 'macro')
  const place = placeOf(document, item.node)
  if (!/^[a-zA-Z]+[a-zA-Z0-9_]*$/.test(name.text)) {
    collector.diagnostics.push(
      warning(
        'LOAD_INVALID_MACRO_NAME',
        `the macro \`${name.text}\` has a name that conditions cannot refer to`,
        placeOf(document, name),
        'use letters, digits and `_`, with a letter in front',
      ),
    )
  }
  const condition = Traced.of({ document, node: requiredScalar(item, 'condition') })
  const overrides = readOverrides(item, ['condition'], ['condition'])
  if (overrides.legacyAppend)
    deprecated(item, collector, '`append: true` is deprecated', 'override')
  const macro = { name: name.text, condition, place }
  if (overrides.legacyAppend || overrides.append.has('condition')) collector.appendMacro(macro)
  else collector.defineMacro(macro)
}

function warnUnknownKeys(
  item: Item,
  node: YamlMapping,
  known: readonly string[],
  collector: Collector,
): void {
  for (const { key } of node.pairs) {
    const place = placeOf(item.document, key)
    if (key.kind !== 'scalar') {
      throw new LoadError('LOAD_ERR_VALIDATE', 'a key must be a text', place)
    }
    if (known.includes(key.text)) continue
    const help = `known are ${known.map((each) => `\`${each}\``).join(', ')}`
    collector.diagnostics.push(
      warning(
        'LOAD_UNKNOWN_KEY',
        `the key \`${key.text}\` is not known here; it is ignored`,
        place,
        help,
      ),
    )
  }
}
