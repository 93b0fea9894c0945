import { isYamlNull, parseYaml, type YamlMapping, type YamlNode } from '../text/yaml.ts'
import {
  decodeUtf8,
  type Json,
  JsonNumber,
  type JsonObject,
  JsonSyntaxError,
  parseJson,
} from './json.ts'

/** The YAML cannot become JSON data. */
export class YamlDataError extends Error {}

const TAG = 'tag:yaml.org,2002:'

/**
 * A document that is JSON or else YAML, as OPA reads `data.yaml` and whatever it hashes. A
 * byte-order mark is cut off here, though not where OPA loads `data.json`.
 * @throws {YamlDataError}
 */
export function readDocument(file: string, bytes: Uint8Array): Json {
  const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  const body = isMarked ? bytes.subarray(3) : bytes
  try {
    return parseJson(body)
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error
    return yamlToJson(body, file)
  }
}

/**
 * The first document of a YAML text as OPA converts it to JSON: the core schema of go-yaml v3,
 * where integers up to 64 bits keep their digits and floats are written as Go writes them.
 * @throws {YamlDataError}
 */
function yamlToJson(bytes: Uint8Array, file: string): Json {
  const { documents, diagnostics } = parseYaml(
    { file, text: decodeUtf8(bytes) },
    { duplicateKeys: 'keep' },
  )
  if (diagnostics[0]) throw new YamlDataError(diagnostics[0].message)
  return documents[0] ? toJson(documents[0]) : null
}

function toJson(node: YamlNode): Json {
  if (node.kind === 'sequence') return node.items.map(toJson)
  if (node.kind === 'mapping') return mapping(node)
  if (isYamlNull(node)) return null
  const { tag, text } = node
  if (tag === `${TAG}str` || tag === '!') return text
  if (tag !== undefined && !/^tag:yaml\.org,2002:(?:bool|int|float)$/.test(tag))
    throw new YamlDataError(`the tag \`${tag.replace(TAG, '!!')}\` has no place in data`)
  return tag === undefined && node.style !== 'plain' ? text : plain(text)
}

function mapping(node: YamlMapping): JsonObject {
  const object: JsonObject = new Map()
  const merged: JsonObject = new Map()
  for (const { key, value } of node.pairs) {
    if (key.kind === 'scalar' && key.style === 'plain' && key.text === '<<') merge(merged, value)
    else object.set(keyText(key), toJson(value))
  }
  for (const [key, value] of merged) if (!object.has(key)) object.set(key, value)
  return object
}

/** The first of several merged mappings wins. */
function merge(merged: JsonObject, value: YamlNode): void {
  for (const source of value.kind === 'sequence' ? value.items : [value]) {
    if (source.kind !== 'mapping') throw new YamlDataError('a merge key needs mappings')
    for (const [key, item] of mapping(source)) if (!merged.has(key)) merged.set(key, item)
  }
}

function keyText(key: YamlNode): string {
  if (key.kind !== 'scalar') throw new YamlDataError('a key is no scalar')
  const value = toJson(key)
  if (value === null) throw new YamlDataError('a key is null')
  return value instanceof JsonNumber ? value.literal : String(value)
}

const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/

function plain(text: string): Json {
  if (/^(?:true|True|TRUE)$/.test(text)) return true
  if (/^(?:false|False|FALSE)$/.test(text)) return false
  if (/^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/.test(text))
    throw new YamlDataError(`\`${text}\` is no number in JSON`)
  if (!/^[-+.0-9]/.test(text)) return text
  const digits = text.replaceAll('_', '')
  const integer = integerOf(digits)
  if (integer !== undefined && integer >= -(2n ** 63n) && integer < 2n ** 64n)
    return new JsonNumber(String(integer))
  return FLOAT.test(digits) ? float(digits) : text
}

/** Go's integer syntax: `0x`, `0o`, `0b`, and a plain leading zero for octal. */
function integerOf(text: string): bigint | undefined {
  const found = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/.exec(text)
  if (!found) return undefined
  const body = found[2]!.replace(/^0(?=[0-7])/, '0o')
  return found[1] === '-' ? -BigInt(body) : BigInt(body)
}

/** JavaScript and Go print the same shortest digits with the same bounds; only `-0` differs. */
function float(text: string): JsonNumber {
  const value = Number(text)
  if (!Number.isFinite(value)) throw new YamlDataError(`\`${text}\` is no number in JSON`)
  return new JsonNumber(Object.is(value, -0) ? '-0' : String(value))
}
