import { isYamlNull, type YamlMapping, type YamlNode, type YamlScalar } from './yaml-node.ts'

const CORE_TAG = 'tag:yaml.org,2002:'

/**
 * Plain JavaScript of a node: YAML 1.2 core schema (null, true, false, decimal, 0o and 0x integers,
 * floats), and the merge key `<<`. Later duplicates of a key win. Integers beyond 2^53 lose digits,
 * as in JSON.parse. Aliases become copies, whose number `parseYaml` has bounded.
 */
export function yamlValue(node: YamlNode): unknown {
  if (node.kind === 'scalar') return scalarValue(node)
  if (node.kind === 'sequence') return node.items.map(yamlValue)
  return mappingValue(node)
}

function mappingValue(node: YamlMapping): Record<string, unknown> {
  const object: Record<string, unknown> = {}
  const merged: Record<string, unknown> = {}
  for (const { key, value } of node.pairs) {
    if (isMergeKey(key)) mergeInto(merged, value)
    else setOwn(object, keyText(key), yamlValue(value))
  }
  for (const [key, value] of Object.entries(merged)) {
    if (!Object.hasOwn(object, key)) setOwn(object, key, value)
  }
  return object
}

function isMergeKey(key: YamlNode): boolean {
  return key.kind === 'scalar' && key.style === 'plain' && key.text === '<<'
}

/** The first of several merged mappings wins; what is no mapping is left out. */
function mergeInto(merged: Record<string, unknown>, value: YamlNode): void {
  const sources = value.kind === 'sequence' ? value.items : [value]
  for (const source of sources) {
    if (source.kind !== 'mapping') continue
    for (const [key, item] of Object.entries(mappingValue(source))) {
      if (!Object.hasOwn(merged, key)) setOwn(merged, key, item)
    }
  }
}

function keyText(key: YamlNode): string {
  return key.kind === 'scalar' ? key.text : JSON.stringify(yamlValue(key))
}

/** `__proto__` is a key like any other. */
function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') object[key] = value
  else
    Object.defineProperty(object, key, {
      value,
      enumerable: true,
      writable: true,
      configurable: true,
    })
}

function scalarValue(node: YamlScalar): unknown {
  if (isYamlNull(node)) return null
  const tag = node.tag
  const resolved = tag === undefined ? node.style === 'plain' : /:(bool|int|float)$/.test(tag)
  if (!resolved || (tag && !tag.startsWith(CORE_TAG))) return node.text
  return coreValue(node.text)
}

function coreValue(text: string): unknown {
  if (/^(true|True|TRUE)$/.test(text)) return true
  if (/^(false|False|FALSE)$/.test(text)) return false
  if (/^[-+]?[0-9]+$/.test(text)) return Number(text)
  if (/^0o[0-7]+$|^0x[0-9a-fA-F]+$/.test(text)) return Number(text)
  if (/^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(text)) return Number(text)
  if (/^[-+]?\.(inf|Inf|INF)$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  if (/^\.(nan|NaN|NAN)$/.test(text)) return NaN
  return text
}
