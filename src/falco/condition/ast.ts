/**
 * The tree of a Falco condition. `at` and `end` are UTF-16 offsets into the text that was parsed,
 * which is the condition with its lists substituted; `ConditionText` leads back to the rules file.
 */

/** Where a node stands: half-open, blanks included only where Falco's own positions include them. */
export interface Place {
  readonly at: number
  readonly end: number
}

/** `ka.verb`, `ka.uri.param[key]`. The argument is unquoted; undefined where there are no brackets. */
export interface FieldExpr extends Place {
  readonly kind: 'field'
  readonly name: string
  readonly arg?: string
}

/** `tolower(…)`, `join(…)`, and `val(…)` on the right, which is the field itself. */
export interface TransformExpr extends Place {
  readonly kind: 'transform'
  readonly name: string
  readonly args: readonly Operand[]
  readonly arg?: string
}

/** A literal, unquoted. */
export interface ValueExpr extends Place {
  readonly kind: 'value'
  readonly text: string
}

/** `(a, "b", tolower(c.d))` as an argument of a transformer. */
export interface OperandList extends Place {
  readonly kind: 'list'
  readonly items: readonly Operand[]
}

/** What a transformer takes. */
export type Operand = FieldExpr | TransformExpr | ValueExpr | OperandList

/** `(a, b)` on the right of a list operator, unquoted. */
export interface ValuesExpr extends Place {
  readonly kind: 'values'
  readonly values: readonly string[]
}

export type Modifier = 'oneof' | 'anyof' | 'allof'
export type UnaryOperator = 'exists'
export type NumberOperator = '<' | '<=' | '>' | '>='
export type TextOperator =
  | '='
  | '=='
  | '!='
  | 'glob'
  | 'iglob'
  | 'contains'
  | 'icontains'
  | 'bcontains'
  | 'startswith'
  | 'bstartswith'
  | 'endswith'
  | 'regex'
export type ListOperator = 'in' | 'intersects' | 'pmatch'
export type Operator = UnaryOperator | NumberOperator | TextOperator | ListOperator

export type Left = FieldExpr | TransformExpr
export type Right = FieldExpr | TransformExpr | ValueExpr | ValuesExpr

/** One comparison. `right` is undefined for `exists` only. */
export interface CheckExpr extends Place {
  readonly kind: 'check'
  readonly left: Left
  readonly operator: Operator
  readonly modifier?: Modifier
  readonly right?: Right
}

/** At least two children. */
export interface AndExpr extends Place {
  readonly kind: 'and'
  readonly children: readonly Expr[]
}

/** At least two children. */
export interface OrExpr extends Place {
  readonly kind: 'or'
  readonly children: readonly Expr[]
}

export interface NotExpr extends Place {
  readonly kind: 'not'
  readonly child: Expr
}

/** A macro's name where its condition belongs. */
export interface IdentifierExpr extends Place {
  readonly kind: 'identifier'
  readonly name: string
}

/** An unresolved condition. */
export type Expr = AndExpr | OrExpr | NotExpr | CheckExpr | IdentifierExpr

export const numberOperators: readonly NumberOperator[] = ['<=', '<', '>=', '>']
/** In the order in which they are tried. */
export const symbolOperators: readonly TextOperator[] = ['==', '=', '!=']
/** These need a blank behind them. */
export const wordOperators: readonly TextOperator[] = [
  'glob',
  'iglob',
  'contains',
  'icontains',
  'bcontains',
  'startswith',
  'bstartswith',
  'endswith',
  'regex',
]
export const listOperators: readonly ListOperator[] = ['intersects', 'in', 'pmatch']
export const modifiers: readonly Modifier[] = ['oneof', 'anyof', 'allof']
/** Besides `val`, which only marks a field on the right. */
export const transformers = [
  'tolower',
  'toupper',
  'b64',
  'basename',
  'len',
  'join',
  'concat',
  'getopt',
] as const

/** Every operator a check can have, as Falco lists them. */
export const operators: readonly Operator[] = [
  'exists',
  ...numberOperators,
  ...symbolOperators,
  ...wordOperators,
  ...listOperators,
]
