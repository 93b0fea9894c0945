/** Output templates: text with `%field`, `%field[arg]`, `%transformer(field)` and `%10field`. */
import type { FieldExpr, Left, Operand } from '../condition/ast.ts'
import { parseLeft } from '../condition/check.ts'
import { ConditionError } from '../condition/error.ts'
import { Lexer } from '../condition/lexer.ts'
import { compileOperand, type CompiledOperand, UnknownFieldError } from '../eval/operand.ts'
import type { FieldSlots } from '../eval/store.ts'

/** Text, or a field's value. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'field'
      readonly expr: Left
      readonly operand: CompiledOperand
      /** Bytes to which the value is cut or padded; 0 for neither. */
      readonly width: number
      /** Offsets of the whole `%…` in the template. */
      readonly at: number
      readonly end: number
    }

export interface Template {
  readonly parts: readonly TemplatePart[]
  /** What `output_fields` holds: plain fields, those inside transformers included. */
  readonly fields: readonly OutputField[]
}

export interface OutputField {
  /** As Falco prints it, `ka.uri.param[key]`. */
  readonly name: string
  readonly operand: CompiledOperand
  /** For `evt.time` and its siblings, whose JSON value is the time in nanoseconds. */
  readonly isTime: boolean
}

/** Longest template, and longest field in one, in UTF-16 units: they bound the search for fields. */
const TEMPLATE_LENGTH_MAX = 65_536
const FIELD_LENGTH_MAX = 1024
/** Widest `%N`, in bytes: Falco would take any, and pad every message to it. */
const WIDTH_MAX = 65_536

/**
 * Compiles a template. Behind `%` Falco takes the longest prefix of the rest that it can read, so
 * `%ka.verbs` is the field `ka.verb` and an `s`; a `%` that begins no field is an error.
 *
 * @throws ConditionError with the offset into the template; UnknownFieldError where
 *   `skip-if-unknown-filter` forgives it.
 */
export function compileTemplate(template: string, slots: FieldSlots): Template {
  if (template === '') throw new ConditionError('the output is empty', 0)
  if (template.length > TEMPLATE_LENGTH_MAX) {
    throw new ConditionError(`the output is longer than ${TEMPLATE_LENGTH_MAX} characters`, 0)
  }
  const parts: TemplatePart[] = []
  // A star in front allows missing values, which Falco always does for rules.
  let textFrom = template.startsWith('*') ? 1 : 0
  for (;;) {
    const percent = template.indexOf('%', textFrom)
    const textTo = percent < 0 ? template.length : percent
    if (textTo > textFrom) parts.push({ kind: 'text', text: template.slice(textFrom, textTo) })
    if (percent < 0) break
    const part = fieldAt(template, percent, slots)
    parts.push(part)
    textFrom = part.end
  }
  return { parts, fields: outputFields(parts, slots) }
}

type FieldPart = TemplatePart & { readonly kind: 'field' }

function fieldAt(template: string, percent: number, slots: FieldSlots): FieldPart {
  const digits = /^[0-9]*/.exec(template.slice(percent + 1, percent + 20))![0]
  const from = percent + 1 + digits.length
  if (from >= template.length) {
    const last = digits === '' ? '`%`' : 'a number behind `%`'
    throw new ConditionError(`the output ends with ${last}`, percent, PERCENT_HELP)
  }
  const width = Number(digits)
  if (width > WIDTH_MAX) {
    throw new ConditionError(`the width ${digits} is larger than ${WIDTH_MAX}`, percent)
  }
  const { expr, operand, length } = longestField(
    template.slice(from, from + FIELD_LENGTH_MAX),
    percent,
    slots,
  )
  return { kind: 'field', expr, operand, width, at: percent, end: from + length }
}

const PERCENT_HELP = 'a percent sign cannot be printed; write `percent`'

/** Tries ever shorter prefixes, skipping those that cannot change what is read. */
function longestField(
  rest: string,
  percent: number,
  slots: FieldSlots,
): { expr: Left; operand: CompiledOperand; length: number } {
  let first: ConditionError | undefined
  let size = rest.length
  while (size > 0) {
    const lexer = new Lexer(rest.slice(0, size))
    try {
      const expr = parseLeft(lexer)
      if (!expr) throw new ConditionError('expected a field', lexer.position)
      return { expr, operand: compileOperand(expr, slots), length: lexer.position }
    } catch (error) {
      if (!(error instanceof ConditionError)) throw error
      first ??= error
      size = Math.min(size, lexer.reach) - 1
    }
  }
  const shown = /^[a-zA-Z0-9_.]*(?:\[[^\]]*\])?/.exec(rest)![0]
  throw new UnknownFieldError(
    shown === '' ? 'expected a field behind `%`' : `\`%${shown}\` begins no field`,
    percent,
    shown === '' ? PERCENT_HELP : first?.help,
  )
}

/** Fields inside transformers count; what the transformers make of them does not. */
function outputFields(parts: readonly TemplatePart[], slots: FieldSlots): OutputField[] {
  const fields = new Map<string, OutputField>()
  const visit = (operand: Operand): void => {
    if (operand.kind === 'transform') return operand.args.forEach(visit)
    if (operand.kind === 'list') return operand.items.forEach(visit)
    // The number of an event in a run is no part of what happened.
    if (operand.kind !== 'field' || operand.name === 'evt.num') return undefined
    const name = outputName(operand)
    const isTime = /^evt\.(?:date)?time/.test(name)
    fields.set(name, { name, operand: compileOperand(operand, slots), isTime })
  }
  for (const part of parts) if (part.kind === 'field') visit(part.expr)
  return [...fields.values()]
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\\': '\\\\',
  '"': '\\"',
}

/** A field's key in `output_fields`: Falco quotes an argument that holds one of a few characters. */
function outputName({ name, arg }: FieldExpr): string {
  if (arg === undefined) return name
  if (arg !== '' && !/[\b\f\n\r\t =\\"'\0]/.test(arg)) return `${name}[${arg}]`
  return `${name}["${arg.replace(/[\b\f\n\r\t\\"]/g, (char) => ESCAPES[char]!)}"]`
}
