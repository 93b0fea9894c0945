import { RegoObject, RegoSet, compareStrings, isNumber, literalOf } from '../value.ts'
import type { Value } from '../value.ts'
import { BuiltinError, objectOperand, operand } from './builtin.ts'
import type { Builtins } from './builtin.ts'
import { goText } from './go/text.ts'

export const marshalling: Builtins = {
  'json.marshal_with_options': (operands) => {
    const layout = layoutOf(objectOperand(operands, 1))
    const value = operand(operands, 0)
    if (!layout) return marshal(value)
    return layout.prefix + indent(value, `\n${layout.prefix}`, layout.indent)
  },
}

interface Layout {
  readonly prefix: string
  readonly indent: string
}

/** What the options ask for; undefined where they ask for no layout. */
function layoutOf(options: RegoObject): Layout | undefined {
  let isPretty: boolean | undefined
  let isImplied = false
  let prefix = ''
  let step = '\t'
  for (const [key, value] of options.entries) {
    if (key === 'pretty' && typeof value === 'boolean') isPretty = value
    else if (key === 'prefix' && typeof value === 'string') {
      prefix = value
      isImplied = true
    } else if (key === 'indent' && typeof value === 'string') {
      step = value
      isImplied = true
    } else throw new BuiltinError(`unknown or mistyped option ${goText(key)}`)
  }
  return (isPretty ?? isImplied) ? { prefix, indent: step } : undefined
}

/** Go's json.Marshal: keys sorted, sets as arrays, and `<`, `>`, `&` escaped for HTML. */
function marshal(value: Value): string {
  if (typeof value === 'string') return jsonString(value)
  if (isNumber(value)) return literalOf(value)
  if (value === null || typeof value === 'boolean') return String(value)
  if (value instanceof RegoObject) {
    return `{${members(value)
      .map(([key, item]) => `${jsonString(key)}:${marshal(item)}`)
      .join()}}`
  }
  return `[${elements(value).map(marshal).join()}]`
}

function indent(value: Value, newline: string, step: string): string {
  if (value === null || typeof value !== 'object' || isNumber(value)) return marshal(value)
  const inner = newline + step
  if (value instanceof RegoObject) {
    const list = members(value).map(
      ([key, item]) => `${jsonString(key)}: ${indent(item, inner, step)}`,
    )
    return list.length === 0 ? '{}' : `{${inner}${list.join(`,${inner}`)}${newline}}`
  }
  const list = elements(value).map((item) => indent(item, inner, step))
  return list.length === 0 ? '[]' : `[${inner}${list.join(`,${inner}`)}${newline}]`
}

function elements(value: RegoSet | readonly Value[]): readonly Value[] {
  return value instanceof RegoSet ? value.sorted() : value
}

function members(object: RegoObject): readonly (readonly [string, Value])[] {
  const named = new Map(object.sorted().map(([key, value]) => [jsonKey(key), value]))
  return [...named].toSorted((a, b) => compareStrings(a[0], b[0]))
}

/** JSON has string keys only: OPA writes any other key as its JSON text. */
export function jsonKey(key: Value): string {
  return typeof key === 'string' ? key : marshal(key)
}

function jsonString(text: string): string {
  return JSON.stringify(text).replaceAll(/[<>&\u2028\u2029]/g, unicodeEscape)
}

function unicodeEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}
