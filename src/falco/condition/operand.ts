/** Fields with their arguments, and transformers with theirs. */
import { TRANSFORMER_DEPTH_MAX } from '../../text/limits.ts'
import { type FieldExpr, type Operand, transformers, type TransformExpr } from './ast.ts'
import { ConditionError } from './error.ts'
import type { Lexer } from './lexer.ts'

const openings = transformers.map((name) => `${name}(` as const)

/** Consumes a transformer's name and its `(`. */
export function transformerName(lexer: Lexer): string | undefined {
  return lexer.oneOf(openings)?.slice(0, -1)
}

/** The rest of a field whose name was consumed. */
export function fieldRest(lexer: Lexer, name: string, at: number): FieldExpr {
  const arg = argument(lexer)
  return { kind: 'field', name, ...(arg === undefined ? {} : { arg }), at, end: lexer.position }
}

/** `[argument]`, unquoted; undefined where no bracket opens. */
export function argument(lexer: Lexer): string | undefined {
  if (!lexer.literal('[')) return undefined
  const text = lexer.fieldArgument()
  if (text === undefined) {
    throw new ConditionError(
      'expected an argument after `[`: a quoted string, or one without blanks, quotes and brackets',
      lexer.position,
    )
  }
  if (lexer.literal(']')) return text
  throw new ConditionError('expected `]` after the argument', lexer.position)
}

/** The rest of a transformer whose name and `(` were consumed. */
export function transformRest(lexer: Lexer, name: string, at: number, depth = 1): TransformExpr {
  if (depth > TRANSFORMER_DEPTH_MAX) {
    throw new ConditionError(`expected at most ${TRANSFORMER_DEPTH_MAX} nested transformers`, at)
  }
  const args: Operand[] = []
  do {
    lexer.blank()
    args.push(transformArgument(lexer, depth))
    lexer.blank()
  } while (lexer.literal(','))
  if (!lexer.literal(')')) {
    throw new ConditionError(`expected \`,\` or \`)\` in \`${name}(…)\``, lexer.position)
  }
  const arg = argument(lexer)
  return {
    kind: 'transform',
    name,
    args,
    ...(arg === undefined ? {} : { arg }),
    at,
    end: lexer.position,
  }
}

function transformArgument(lexer: Lexer, depth: number): Operand {
  const at = lexer.position
  const text = lexer.number() ?? lexer.quoted()
  if (text !== undefined) return { kind: 'value', text, at, end: lexer.position }
  if (lexer.literal('(')) return operandList(lexer, at, depth)
  const name = transformerName(lexer)
  if (name !== undefined) return transformRest(lexer, name, at, depth + 1)
  const field = lexer.fieldName()
  if (field !== undefined) return fieldRest(lexer, field, at)
  throw new ConditionError(
    'expected a field, a transformer, a quoted string, a number or a list',
    lexer.position,
    lexer.text.startsWith('val(', lexer.position)
      ? 'inside a transformer a field is a field; `val(…)` is for the right side of an operator'
      : undefined,
  )
}

function operandList(lexer: Lexer, at: number, depth: number): Operand {
  const items: Operand[] = []
  lexer.blank()
  if (lexer.literal(')')) return { kind: 'list', items, at, end: lexer.position }
  do {
    lexer.blank()
    items.push(listItem(lexer, depth))
    lexer.blank()
  } while (lexer.literal(','))
  if (lexer.literal(')')) return { kind: 'list', items, at, end: lexer.position }
  throw new ConditionError('expected `,` or `)` in the list', lexer.position)
}

function listItem(lexer: Lexer, depth: number): Operand {
  const at = lexer.position
  const field = lexer.fieldName()
  if (field !== undefined) return fieldRest(lexer, field, at)
  const name = transformerName(lexer)
  if (name !== undefined) {
    lexer.blank()
    return transformRest(lexer, name, at, depth + 1)
  }
  const text = lexer.quoted() ?? lexer.number()
  if (text !== undefined) return { kind: 'value', text, at, end: lexer.position }
  throw new ConditionError(
    'expected a field, a transformer, a quoted string or a number',
    lexer.position,
  )
}
