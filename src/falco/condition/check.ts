/** Reads one comparison, or a macro's name: a field or transformer, an operator, a right side. */
import {
  type CheckExpr,
  type Expr,
  type Left,
  listOperators,
  modifiers,
  numberOperators,
  operators,
  type Right,
  symbolOperators,
  type ValueExpr,
  type ValuesExpr,
  wordOperators,
} from './ast.ts'
import { ConditionError } from './error.ts'
import type { Lexer } from './lexer.ts'
import { argument, fieldRest, transformerName, transformRest } from './operand.ts'

/** @throws ConditionError */
export function parseCheck(lexer: Lexer): Expr {
  const at = lexer.position
  const left = parseLeft(lexer)
  if (left) return comparison(lexer, left, at)
  const name = lexer.identifier()
  if (name !== undefined) return { kind: 'identifier', name, at, end: lexer.position }
  throw new ConditionError('expected a field, a macro or `(`', lexer.position)
}

/** A field or a transformer; undefined where neither begins. Output templates use it too. */
export function parseLeft(lexer: Lexer): Left | undefined {
  const at = lexer.position
  const field = lexer.fieldName()
  if (field !== undefined) return fieldRest(lexer, field, at)
  const name = transformerName(lexer)
  if (name === undefined) return undefined
  lexer.blank()
  return transformRest(lexer, name, at)
}

function comparison(lexer: Lexer, left: Left, at: number): CheckExpr {
  lexer.blank()
  if (lexer.literal('exists')) return check({ left, operator: 'exists' })
  const number = lexer.oneOf(numberOperators)
  if (number) return check({ left, operator: number, right: numberValue(lexer, number) })
  const text = lexer.oneOf(symbolOperators) ?? lexer.wordOf(wordOperators)
  if (text) return check({ left, operator: text, ...textSide(lexer, text) })
  const list = lexer.oneOf(listOperators)
  if (list) return check({ left, operator: list, right: listValue(lexer, list) })
  throw new ConditionError(
    `expected an operator: ${operators.map((known) => `\`${known}\``).join(', ')}`,
    lexer.position,
    operatorHelp(lexer),
  )

  function check(parts: Pick<CheckExpr, 'left' | 'operator' | 'modifier' | 'right'>): CheckExpr {
    return { kind: 'check', ...parts, at, end: lexer.position }
  }
}

function operatorHelp(lexer: Lexer): string | undefined {
  const word = /^[a-z]+/.exec(lexer.text.slice(lexer.position, lexer.position + 20))?.[0]
  if (word === undefined) return undefined
  if (wordOperators.some((known) => known === word))
    return `write a blank and a value after \`${word}\``
  if (word === 'like' || word === 'matches') return 'use `glob` with `*`, or `regex`'
  if (word === 'iin') return 'compare `tolower(…)` of the field with `in`'
  return undefined
}

function textSide(lexer: Lexer, operator: string): Pick<CheckExpr, 'modifier' | 'right'> {
  // Words have consumed their blank already.
  const blank = /^[a-z]/.test(operator) || lexer.blank()
  const { position, last } = lexer
  if (blank) {
    const modifier = lexer.wordOf(modifiers)
    if (modifier && lexer.listFollows() && !lexer.booleanWordFollows()) {
      return { modifier, right: modifiedValue(lexer, modifier) }
    }
    lexer.position = position
    lexer.last = last
  }
  return { right: textValue(lexer, operator) }
}

function numberValue(lexer: Lexer, operator: string): Right {
  lexer.blank()
  const field = rightField(lexer)
  if (field) return field
  const at = lexer.position
  const text = lexer.number()
  if (text !== undefined) return { kind: 'value', text, at, end: lexer.position }
  throw new ConditionError(
    `expected a number, or a field in \`val(…)\` or a transformer, after \`${operator}\``,
    lexer.position,
    'numbers stand without quotes; to compare texts use `=` or `in`',
  )
}

function textValue(lexer: Lexer, operator: string): Right {
  lexer.blank()
  const right = rightField(lexer) ?? literal(lexer)
  if (right) return right
  throw new ConditionError(
    `expected a value, or a field in \`val(…)\` or a transformer, after \`${operator}\``,
    lexer.position,
    valueHelp(lexer),
  )
}

function valueHelp(lexer: Lexer): string | undefined {
  const next = lexer.text[lexer.position]
  if (next === '"' || next === "'") {
    const closed = lexer.text.slice(lexer.position).includes(`\\\\${next}`)
    if (closed)
      return `a quote behind a backslash never closes; write the last backslash as \`\\ \``
    return `the quote ${next} is never closed`
  }
  if (next === '(')
    return 'lists go with `in`, `intersects`, `pmatch`, or a modifier such as `anyof`'
  return undefined
}

function literal(lexer: Lexer): ValueExpr | undefined {
  const at = lexer.position
  const text = lexer.quoted() ?? lexer.bareString()
  return text === undefined ? undefined : { kind: 'value', text, at, end: lexer.position }
}

function modifiedValue(lexer: Lexer, modifier: string): Right {
  lexer.blank()
  const right = valueList(lexer) ?? listName(lexer)
  if (right) return right
  throw new ConditionError(`expected a list after \`${modifier}\``, lexer.position)
}

function listValue(lexer: Lexer, operator: string): Right {
  lexer.blank()
  const right = valueList(lexer) ?? rightField(lexer) ?? listName(lexer)
  if (right) return right
  throw new ConditionError(
    `expected a list in parentheses, or a field in \`val(…)\` or a transformer, after \`${operator}\``,
    lexer.position,
  )
}

/** A name without parentheses is one literal value: lists were substituted before. */
function listName(lexer: Lexer): ValueExpr | undefined {
  const at = lexer.position
  const text = lexer.identifier()
  return text === undefined ? undefined : { kind: 'value', text, at, end: lexer.position }
}

function valueList(lexer: Lexer): ValuesExpr | undefined {
  const at = lexer.position
  if (!lexer.literal('(')) return undefined
  const values: string[] = []
  lexer.blank()
  const first = firstValue(lexer)
  if (first !== undefined) {
    values.push(first)
    lexer.blank()
    while (lexer.literal(',')) {
      lexer.blank()
      const next = literal(lexer)
      if (!next)
        throw new ConditionError('expected a value after `,`', lexer.position, valueHelp(lexer))
      values.push(next.text)
      lexer.blank()
    }
  }
  if (lexer.literal(')')) return { kind: 'values', values, at, end: lexer.position }
  throw new ConditionError('expected `,` or `)` in the list', lexer.position, valueHelp(lexer))
}

/**
 * Falco takes any failure here for an empty list, a bad escape included; the cursor is then behind
 * the string, so `in ("\x")` matches nothing and `in ("\x", a)` is an error at the comma.
 */
function firstValue(lexer: Lexer): string | undefined {
  try {
    return literal(lexer)?.text
  } catch (error) {
    if (error instanceof ConditionError) return undefined
    throw error
  }
}

function rightField(lexer: Lexer): Right | undefined {
  const at = lexer.position
  if (!lexer.literal('val(')) {
    const name = transformerName(lexer)
    if (name === undefined) return undefined
    lexer.blank()
    return transformRest(lexer, name, at)
  }
  lexer.blank()
  const fieldAt = lexer.position
  const name = lexer.fieldName()
  if (name === undefined) throw new ConditionError('expected a field in `val(…)`', lexer.position)
  const field = fieldRest(lexer, name, fieldAt)
  lexer.blank()
  if (!lexer.literal(')'))
    throw new ConditionError('expected `)` after the field in `val(…)`', lexer.position)
  const arg = argument(lexer)
  return {
    kind: 'transform',
    name: 'val',
    args: [field],
    ...(arg === undefined ? {} : { arg }),
    at,
    end: lexer.position,
  }
}
