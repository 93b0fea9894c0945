/** Conditions with their macros in place. */
import type { CheckExpr, Expr, Place } from '../condition/ast.ts'
import type { Traced } from './traced.ts'

/** A macro's condition where its name stood. Offsets inside belong to the macro's own text. */
export interface MacroUse extends Place {
  readonly kind: 'macro'
  readonly name: string
  readonly body: ResolvedExpr
  /** The text that offsets inside `body` refer to, lists put in. */
  readonly text: Traced
}

export interface ResolvedAnd extends Place {
  readonly kind: 'and'
  readonly children: readonly ResolvedExpr[]
}

export interface ResolvedOr extends Place {
  readonly kind: 'or'
  readonly children: readonly ResolvedExpr[]
}

export interface ResolvedNot extends Place {
  readonly kind: 'not'
  readonly child: ResolvedExpr
}

/** What evaluation, indexing and lint work on. Macros are shared between their uses. */
export type ResolvedExpr = ResolvedAnd | ResolvedOr | ResolvedNot | CheckExpr | MacroUse

/** The same condition as one tree without macros, for printing and for whoever does not care. */
export function expand(expr: ResolvedExpr): Expr {
  switch (expr.kind) {
    case 'macro':
      return expand(expr.body)
    case 'not':
      return { ...expr, child: expand(expr.child) }
    case 'and':
    case 'or':
      return { ...expr, children: expr.children.map(expand) }
    case 'check':
      return expr
  }
}
