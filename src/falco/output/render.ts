/** Prints a template for an event. */
import { cString, fromUtf8, utf8 } from '../event/byte-string.ts'
import type { CompiledOperand } from '../eval/operand.ts'
import type { FieldStore } from '../eval/store.ts'
import type { Extracted } from '../fields/extract.ts'
import type { Template, TemplatePart } from './template.ts'

/** What stands for a missing value. */
const MISSING = '<NA>'
/** Longest text of a list, in bytes; Falco has a buffer of one more. */
const LIST_BYTES_MAX = 1023

/** The formatted message. */
export function renderMessage(template: Template, store: FieldStore): string {
  return fromUtf8(template.parts.map((part) => renderPart(part, store)).join(''))
}

function renderPart(part: TemplatePart, store: FieldStore): string {
  if (part.kind === 'text') return utf8(part.text)
  const text = printed(part.operand, part.operand.read(store)) ?? MISSING
  return part.width === 0 ? text : text.slice(0, part.width).padEnd(part.width, ' ')
}

/** As text; undefined for what is missing, and for numbers of what Falco cannot print. */
function printed(operand: CompiledOperand, value: Extracted): string | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'string') return cString(value)
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'bigint') return printNumber(operand, value)
  const list = (value as readonly string[]).map(cString).reduce(
    // Falco puts no comma behind elements that are empty so far.
    (text, item) => text + (text.length > 1 ? ',' : '') + item,
    '(',
  )
  return `${list})`.slice(0, LIST_BYTES_MAX)
}

function printNumber({ numbers }: CompiledOperand, value: bigint): string | undefined {
  if (numbers === 'none') return undefined
  return numbers === 'padded' ? String(value).padStart(9, '0') : String(value)
}

/** `output_fields` of an alert: texts, arrays of texts, numbers; null where missing. */
export function renderFields(template: Template, store: FieldStore): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const { name, operand, isTime } of template.fields) {
    const value = operand.read(store)
    fields[name] = isTime ? Number(store.view.time) : jsonValue(value)
  }
  return fields
}

function jsonValue(value: Extracted): unknown {
  if (value === undefined) return null
  if (typeof value === 'string') return fromUtf8(cString(value))
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'boolean') return value
  return (value as readonly string[]).map((item) => fromUtf8(cString(item)))
}
