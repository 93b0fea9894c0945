/** Values of YAML keys, with the errors of Falco's reader. */
import type { Document } from '../../text/document.ts'
import { isYamlNull, yamlGet, type YamlNode, type YamlScalar } from '../../text/yaml.ts'
import { LoadError, placeOf } from './diagnose.ts'

/** An item of a rules file, and what it is in. */
export interface Item {
  readonly document: Document
  readonly node: YamlNode
}

/** @throws LoadError `LOAD_ERR_YAML_VALIDATE` */
export function invalid(item: Item, node: YamlNode, message: string, help?: string): never {
  throw new LoadError('LOAD_ERR_YAML_VALIDATE', message, placeOf(item.document, node), help)
}

/** A scalar that must be there and not be empty. */
export function requiredScalar(item: Item, key: string): YamlScalar {
  const value = yamlGet(item.node, key)
  if (!value) invalid(item, item.node, `the key \`${key}\` is missing`)
  return checkedScalar(item, key, value)
}

/** A scalar that, where its key is there, must not be empty. */
export function optionalScalar(item: Item, key: string): YamlScalar | undefined {
  const value = yamlGet(item.node, key)
  return value && checkedScalar(item, key, value)
}

function checkedScalar(item: Item, key: string, value: YamlNode): YamlScalar {
  if (isYamlNull(value)) invalid(item, value, `the value of \`${key}\` is empty`)
  if (value.kind !== 'scalar') invalid(item, value, `the value of \`${key}\` must be a text`)
  if (value.text === '') invalid(item, value, `the value of \`${key}\` must not be empty`)
  return value
}

/** Like `optionalScalar`, but a value may be empty. */
export function optionalOrEmpty(item: Item, key: string): YamlScalar | undefined {
  const value = yamlGet(item.node, key)
  if (!value || isYamlNull(value)) return undefined
  if (value.kind === 'scalar' && value.text === '') return undefined
  return checkedScalar(item, key, value)
}

const TRUTH: Readonly<Record<string, boolean>> = {
  y: true,
  yes: true,
  true: true,
  on: true,
  n: false,
  no: false,
  false: false,
  off: false,
}

/** `true`, `yes`, `on`, `y` and their opposites, in lower, upper or title case. */
export function optionalBool(item: Item, key: string): boolean | undefined {
  const value = optionalScalar(item, key)
  return value && boolOf(item, key, value)
}

export function requiredBool(item: Item, key: string): boolean {
  return boolOf(item, key, requiredScalar(item, key))
}

function boolOf(item: Item, key: string, { text, ...value }: YamlScalar): boolean {
  const truth = /^(?:[A-Za-z][a-z]*|[A-Z]+)$/.test(text) ? TRUTH[text.toLowerCase()] : undefined
  if (truth !== undefined) return truth
  invalid(item, { ...value, text }, `the value of \`${key}\` must be true or false`)
}

/** A number of 32 bits without a sign, as C reads it: `0x10` and `010` too. */
export function parseUint32(text: string): number | undefined {
  const match = /^\+?(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)[ \t\n\v\f\r]*$/.exec(text)
  if (!match) return undefined
  const digits = match[1]!
  const number = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits)
  return number <= 0xffff_ffff ? number : undefined
}

export function optionalUint32(item: Item, key: string): number | undefined {
  const value = optionalScalar(item, key)
  if (!value) return undefined
  const number = parseUint32(value.text)
  if (number === undefined) invalid(item, value, `the value of \`${key}\` must be a whole number`)
  return number
}

/** The scalars of a sequence; undefined where the key is not there. */
export function optionalSequence(item: Item, key: string): readonly YamlScalar[] | undefined {
  const value = yamlGet(item.node, key)
  if (!value) return undefined
  if (value.kind !== 'sequence') invalid(item, value, `the value of \`${key}\` must be a list`)
  return value.items.map((each) => {
    if (each.kind !== 'scalar' || isYamlNull(each)) {
      invalid(item, each, `an element of \`${key}\` must be a text`)
    }
    return each
  })
}

export function requiredSequence(item: Item, key: string): readonly YamlScalar[] {
  const value = optionalSequence(item, key)
  if (!value) invalid(item, item.node, `the key \`${key}\` is missing`)
  return value
}
