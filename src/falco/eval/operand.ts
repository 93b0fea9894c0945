/** Compiles fields, transformers and literals to functions of an event, and finds their types. */
import type { Left, Operand, TransformExpr } from '../condition/ast.ts'
import { ConditionError } from '../condition/error.ts'
import { utf8 } from '../event/byte-string.ts'
import type { FieldType } from '../fields/catalogue.ts'
import type { Extracted } from '../fields/extract.ts'
import { isProblem, resolveField, type ResolvedField } from '../fields/resolve.ts'
import { getopt, getoptOne } from './getopt.ts'
import type { FieldSlots, FieldStore } from './store.ts'
import { concat, join, numberBytes, textLength, textTransforms } from './transform.ts'

/** A field that does not exist; `skip-if-unknown-filter` forgives it. */
export class UnknownFieldError extends ConditionError {}

export interface CompiledOperand {
  readonly type: FieldType
  readonly list: boolean
  /** Type and list-ness before transformers, which is what the other transformers check. */
  readonly base: { readonly type: FieldType; readonly list: boolean }
  /** How numbers are printed in outputs. `none`: as `<NA>`, as for `len` of most of `evt.*`. */
  readonly numbers: 'decimal' | 'padded' | 'none'
  /** Undefined where the value is missing. */
  readonly read: (store: FieldStore) => Extracted
  /** Where the value depends on one field only: that field, and the function of its value. */
  readonly only?: { readonly slot: number; readonly apply: (value: Extracted) => Extracted }
  /** True when texts may hold NULs, which plain fields never do. */
  readonly mayHoldNul: boolean
}

/** @throws ConditionError */
export function compileOperand(expr: Operand, slots: FieldSlots): CompiledOperand {
  switch (expr.kind) {
    case 'field':
      return compileField(expr, slots)
    case 'transform':
      return compileTransform(expr, slots)
    case 'value': {
      const text = utf8(expr.text)
      return internal(() => text)
    }
    case 'list': {
      const items = expr.items.map((item) => compileOperand(item, slots))
      return { ...internal(readItems(items)), list: true, base: { type: 'text', list: true } }
    }
  }
}

/** Text without a field behind it: literals, and what `join` and its like give. */
function internal(read: (store: FieldStore) => Extracted): CompiledOperand {
  const text = { type: 'text', list: false } as const
  return { ...text, base: text, numbers: 'none', read, mayHoldNul: true }
}

function compileField(expr: Left & { kind: 'field' }, slots: FieldSlots): CompiledOperand {
  const field = resolveField(expr)
  if (isProblem(field)) {
    const ErrorClass = field.unknown ? UnknownFieldError : ConditionError
    throw new ErrorClass(field.message, expr.at, field.help)
  }
  const slot = slots.add(field)
  const { type, list } = field.info
  return {
    type,
    list,
    base: { type, list },
    numbers: numbersOf(field),
    read: (store) => store.get(slot),
    only: { slot, apply: (value) => value },
    mayHoldNul: false,
  }
}

function numbersOf({ info, ...field }: ResolvedField): CompiledOperand['numbers'] {
  if (info.padded) return 'padded'
  return field.class === 'falco' && info.type === 'text' ? 'none' : 'decimal'
}

function compileTransform(expr: TransformExpr, slots: FieldSlots): CompiledOperand {
  const args = expr.args.map((arg) => compileOperand(arg, slots))
  const [first] = args
  if (expr.name === 'getopt' && args.length === 2) return compileGetopt(expr, args)
  if (expr.arg !== undefined) {
    throw new ConditionError(`the transformer \`${expr.name}\` takes no \`[…]\``, expr.at)
  }
  if (expr.name === 'val') return first!
  if (args.length > 1 && (expr.name === 'join' || expr.name === 'concat')) {
    return expr.name === 'join' ? compileJoin(expr, args) : compileConcat(expr, args)
  }
  if (args.length > 1 || expr.name === 'join' || expr.name === 'concat' || expr.name === 'getopt') {
    throw new ConditionError(argumentCount(expr), expr.at)
  }
  return expr.name === 'len' ? compileLength(expr, first!) : compileText(expr, first!)
}

function argumentCount({ name, args }: TransformExpr): string {
  const wanted: Record<string, string> = {
    join: 'a separator and a list',
    concat: 'at least two texts',
    getopt: 'a list and an option string',
  }
  return `the transformer \`${name}\` takes ${wanted[name] ?? 'one argument'}, but ${args.length} ${args.length === 1 ? 'is' : 'are'} given`
}

/** Applies to each element of a list. */
function compileText(expr: TransformExpr, operand: CompiledOperand): CompiledOperand {
  const transform = textTransforms[expr.name]!
  if (operand.type !== 'text') throw wrongType(expr, operand.type)
  return chain(operand, operand, (value) => {
    if (typeof value === 'string') return transform(value)
    const texts: string[] = []
    for (const item of value as readonly string[]) {
      const text = transform(item)
      if (text === undefined) return undefined
      texts.push(text)
    }
    return texts
  })
}

/** Of a list the number of elements, of a text the number of bytes. */
function compileLength(expr: TransformExpr, operand: CompiledOperand): CompiledOperand {
  if (!operand.list && operand.type !== 'text') throw wrongType(expr, operand.type)
  return chain(operand, { type: 'uint64', list: false }, (value) => {
    if (typeof value === 'string') return textLength(value)
    const items = value as readonly string[]
    // Falco measures what getopt gives as if it were one text.
    if (operand.base.list) return BigInt(items.length)
    return items.length === 0 ? undefined : textLength(items[0]!)
  })
}

/** The same operand with another function behind it. */
function chain(
  operand: CompiledOperand,
  { type, list }: { readonly type: FieldType; readonly list: boolean },
  apply: (value: NonNullable<Extracted>) => Extracted,
): CompiledOperand {
  const whenThere = (value: Extracted): Extracted =>
    value === undefined ? undefined : apply(value)
  const { only } = operand
  return {
    ...operand,
    type,
    list,
    mayHoldNul: true,
    read: (store) => whenThere(operand.read(store)),
    ...(only ? { only: { slot: only.slot, apply: (value) => whenThere(only.apply(value)) } } : {}),
  }
}

function wrongType(expr: TransformExpr, type: FieldType): ConditionError {
  return new ConditionError(
    `the transformer \`${expr.name}\` takes text, but is given a ${type}`,
    expr.at,
  )
}

function compileJoin(expr: TransformExpr, args: readonly CompiledOperand[]): CompiledOperand {
  const [separator, list] = args
  if (args.length !== 2) throw new ConditionError(argumentCount(expr), expr.at)
  if (separator!.base.list) {
    throw new ConditionError('the separator of `join` must not be a list', expr.args[0]!.at)
  }
  if (!list!.base.list) {
    throw new ConditionError(
      'the second argument of `join` must be a list',
      expr.args[1]!.at,
      'put the texts into parentheses, or use `concat`',
    )
  }
  return internal((store) => {
    const between = separator!.read(store)
    const items = between === undefined ? undefined : list!.read(store)
    return items === undefined ? undefined : join(asText(between!), asTexts(items))
  })
}

function compileConcat(expr: TransformExpr, args: readonly CompiledOperand[]): CompiledOperand {
  const wrong = args.findIndex(({ base }) => base.list || base.type !== 'text')
  if (wrong >= 0) {
    throw new ConditionError(
      'the arguments of `concat` must be texts, not lists or numbers',
      expr.args[wrong]!.at,
    )
  }
  return internal((store) => {
    const texts = readAll(args, store)
    return texts && concat(texts.map(asText))
  })
}

function compileGetopt(expr: TransformExpr, args: readonly CompiledOperand[]): CompiledOperand {
  const [list, options] = args
  if (!list!.base.list) {
    throw new ConditionError('the first argument of `getopt` must be a list', expr.args[0]!.at)
  }
  if (options!.base.list || options!.base.type !== 'text') {
    throw new ConditionError('the second argument of `getopt` must be a text', expr.args[1]!.at)
  }
  const wanted = expr.arg === undefined ? undefined : utf8(expr.arg)
  if (wanted !== undefined && wanted.length !== 1) {
    throw new ConditionError('`getopt(…)[o]` takes one letter', expr.at)
  }
  const read = (store: FieldStore): Extracted => {
    const text = options!.read(store)
    const items = text === undefined ? undefined : list!.read(store)
    if (items === undefined) return undefined
    if (wanted !== undefined) return getoptOne(asTexts(items), asText(text!), wanted)
    return getopt(asTexts(items), asText(text!))
  }
  return { ...internal(read), list: wanted === undefined }
}

/** Elements of a literal list: fields that are lists give all of theirs. */
function readItems(items: readonly CompiledOperand[]): (store: FieldStore) => Extracted {
  return (store) => {
    const values = readAll(items, store)
    return values?.flatMap((value, i) =>
      typeof value === 'bigint' && items[i]!.base.type === 'uint64'
        ? [String(value)]
        : asTexts(value),
    )
  }
}

/** All values; undefined when one is missing. */
function readAll(
  operands: readonly CompiledOperand[],
  store: FieldStore,
): NonNullable<Extracted>[] | undefined {
  const values: NonNullable<Extracted>[] = []
  for (const operand of operands) {
    const value = operand.read(store)
    if (value === undefined) return undefined
    values.push(value)
  }
  return values
}

function asTexts(value: NonNullable<Extracted>): readonly string[] {
  return Array.isArray(value) ? (value as readonly string[]) : [asText(value)]
}

function asText(value: NonNullable<Extracted>): string {
  if (typeof value === 'string') return value
  return typeof value === 'bigint' ? numberBytes(value) : numberBytes(value === true ? 1n : 0n)
}
