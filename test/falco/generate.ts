/** Generated conditions and audit events. */
import * as fc from 'fast-check'
import type { ast } from '../../src/falco/index.ts'

export const NOWHERE = { at: 0, end: 0 } as const

/** A tree without its offsets, to compare trees of different texts. */
export function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPlaces)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'at' && key !== 'end')
      .map(([key, item]) => [key, withoutPlaces(item)]),
  )
}

/** Texts that a literal can hold: anything but NUL. */
const literal = fc
  .oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom('a', '\\', '"', "'", ' ', '(', ',', '=', '\n', '\b', '\t') }),
    fc.constantFrom('oneof', 'and', 'not', '', 'a b', 'val(x)', '5', '0x1F', '<NA>'),
  )
  .map((text) => text.replaceAll('\0', ''))

const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,4}$/)
const identifier = fc
  .stringMatching(/^[a-z][a-z0-9_]{0,8}$/)
  .filter((text) => !/^(?:and|or|not)/.test(text))
const number = fc.stringMatching(
  /^(?:[+-]?[0-9]{1,4}(?:\.[0-9]{0,2})?(?:e[+-][0-9])?|0x[0-9a-f]{1,4})$/,
)

const field: fc.Arbitrary<ast.FieldExpr> = fc
  .record({
    parts: fc.array(name, { minLength: 2, maxLength: 3 }),
    arg: fc.option(literal, { nil: undefined }),
  })
  .map(({ parts, arg }) => ({
    kind: 'field',
    name: parts.join('.'),
    ...(arg === undefined ? {} : { arg }),
    ...NOWHERE,
  }))

const value: fc.Arbitrary<ast.ValueExpr> = literal.map((text) => ({
  kind: 'value',
  text,
  ...NOWHERE,
}))

const { transform } = fc.letrec<{ transform: ast.TransformExpr; operand: ast.Operand }>((tie) => ({
  operand: fc.oneof(
    { depthSize: 'small' },
    field,
    value,
    tie('transform'),
    fc
      .array(fc.oneof(field, value, tie('transform')), { maxLength: 3 })
      .map((items): ast.OperandList => ({ kind: 'list', items, ...NOWHERE })),
  ),
  transform: fc
    .record({
      name: fc.constantFrom(
        'tolower',
        'toupper',
        'b64',
        'basename',
        'len',
        'join',
        'concat',
        'getopt',
      ),
      args: fc.array(tie('operand'), { minLength: 1, maxLength: 3 }),
      arg: fc.option(literal, { nil: undefined }),
    })
    .map(({ arg, ...rest }) => ({
      kind: 'transform',
      ...rest,
      ...(arg === undefined ? {} : { arg }),
      ...NOWHERE,
    })),
}))

const left = fc.oneof(field, transform)
const valOf = field.map((inner): ast.TransformExpr => ({
  kind: 'transform',
  name: 'val',
  args: [inner],
  ...NOWHERE,
}))
const values = fc
  .array(literal, { maxLength: 3 })
  .map((each): ast.ValuesExpr => ({ kind: 'values', values: each, ...NOWHERE }))
const listName = identifier.map((text): ast.ValueExpr => ({ kind: 'value', text, ...NOWHERE }))
const numeral = number.map((text): ast.ValueExpr => ({ kind: 'value', text, ...NOWHERE }))

const textOperator = fc.constantFrom<ast.TextOperator>(
  '=',
  '==',
  '!=',
  'glob',
  'iglob',
  'contains',
  'icontains',
  'bcontains',
  'startswith',
  'bstartswith',
  'endswith',
  'regex',
)
const modifier = fc.constantFrom<ast.Modifier>('oneof', 'anyof', 'allof')

function check(parts: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<ast.CheckExpr> {
  return fc
    .record({ left, ...parts })
    .map((made) => ({ kind: 'check', ...made, ...NOWHERE }) as ast.CheckExpr)
}

const anyCheck = fc.oneof(
  check({ operator: fc.constant('exists') }),
  check({
    operator: fc.constantFrom('<', '<=', '>', '>='),
    right: fc.oneof(numeral, valOf, transform),
  }),
  check({ operator: textOperator, right: fc.oneof(value, valOf, transform) }),
  check({ operator: textOperator, modifier, right: fc.oneof(values, listName) }),
  check({
    operator: fc.constantFrom('in', 'intersects', 'pmatch'),
    right: fc.oneof(values, listName, valOf, transform),
  }),
)

/** Conditions of these, with `not`, `and` and `or`. */
export function combinationsOf(
  ...leaves: readonly fc.Arbitrary<ast.Expr>[]
): fc.Arbitrary<ast.Expr> {
  return fc.letrec<{ expr: ast.Expr }>((tie) => ({
    expr: fc.oneof(
      { depthSize: 'medium' },
      ...leaves,
      tie('expr').map((child): ast.Expr => ({ kind: 'not', child, ...NOWHERE })),
      fc
        .record({
          kind: fc.constantFrom<'and' | 'or'>('and', 'or'),
          children: fc.array(tie('expr'), { minLength: 2, maxLength: 3 }),
        })
        .map((made): ast.Expr => ({ ...made, ...NOWHERE })),
    ),
  })).expr
}

/** Any tree that the grammar can give, whether its fields exist or not. */
export const anyCondition: fc.Arbitrary<ast.Expr> = combinationsOf(
  anyCheck,
  identifier.map((each): ast.Expr => ({ kind: 'identifier', name: each, ...NOWHERE })),
)
