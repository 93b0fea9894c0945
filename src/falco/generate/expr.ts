/** Conditions put together. What is always true or never is a boolean until the rule is written. */
import type {
  CheckExpr,
  Expr,
  FieldExpr,
  Left,
  Modifier,
  Operand,
  Operator,
  Right,
  TransformExpr,
} from '../condition/ast.ts'

/** A condition, or its value where it has the same for every event. */
export type Term = Expr | boolean

/** Generated conditions stand in no text yet. */
const NOWHERE = { at: 0, end: 0 } as const

export function and(terms: readonly Term[]): Term {
  return joined('and', terms)
}

export function or(terms: readonly Term[]): Term {
  return joined('or', terms)
}

/** Terms of the same kind are taken apart, and each stands once. */
function joined(kind: 'and' | 'or', terms: readonly Term[]): Term {
  const settles = kind === 'or'
  const kept = new Map<string, Expr>()
  for (const term of terms) {
    if (term === settles) return settles
    if (typeof term === 'boolean') continue
    for (const part of term.kind === kind ? term.children : [term])
      kept.set(JSON.stringify(part), part)
  }
  const children = [...kept.values()]
  if (children.length === 0) return !settles
  return children.length === 1 ? children[0]! : { kind, children, ...NOWHERE }
}

export function not(term: Term): Term {
  if (typeof term === 'boolean') return !term
  if (term.kind === 'not') return term.child
  return { kind: 'not', child: term, ...NOWHERE }
}

export function identifier(name: string): Expr {
  return { kind: 'identifier', name, ...NOWHERE }
}

export function field(name: string, arg?: string): FieldExpr {
  return { kind: 'field', name, ...(arg === undefined ? {} : { arg }), ...NOWHERE }
}

export function literal(text: string): Operand & { readonly kind: 'value' } {
  return { kind: 'value', text, ...NOWHERE }
}

export function transform(name: string, ...args: readonly Operand[]): TransformExpr {
  return { kind: 'transform', name, args, ...NOWHERE }
}

export function exists(left: Left): CheckExpr {
  return { kind: 'check', left, operator: 'exists', ...NOWHERE }
}

/** One comparison with one value, or with a field. */
export function compared(left: Left, operator: Operator, right: string | Right): CheckExpr {
  return {
    kind: 'check',
    left,
    operator,
    right: typeof right === 'string' ? literal(right) : right,
    ...NOWHERE,
  }
}

/** One comparison with values, which may be the name of a list. */
export function listed(
  left: Left,
  operator: Operator,
  values: readonly string[],
  modifier?: Modifier,
): CheckExpr {
  return {
    kind: 'check',
    left,
    operator,
    ...(modifier ? { modifier } : {}),
    right: { kind: 'values', values, ...NOWHERE },
    ...NOWHERE,
  }
}

/** Compares with each of several values: the operator alone where there is one. */
export function anyOf(left: Left, operator: Operator, values: readonly string[]): Term {
  if (values.length === 0) return false
  if (values.length === 1) return compared(left, operator, values[0]!)
  return operator === '=' ? listed(left, 'in', values) : listed(left, operator, values, 'anyof')
}
