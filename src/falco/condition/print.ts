import { type CheckExpr, type Expr, listOperators, type Operand, type Right } from './ast.ts'
import { printArgument, printValue, quote } from './quote.ts'

/**
 * A condition as text, with as few parentheses as its tree allows; parsing it again gives the same
 * tree.
 */
export function printCondition(expr: Expr): string {
  switch (expr.kind) {
    case 'and':
    case 'or':
      return expr.children.map((child) => grouped(child, expr.kind)).join(` ${expr.kind} `)
    case 'not':
      return `not ${grouped(expr.child, 'not')}`
    case 'identifier':
      return expr.name
    case 'check': {
      const operator = expr.modifier ? `${expr.operator} ${expr.modifier}` : expr.operator
      const left = printOperand(expr.left)
      if (!expr.right) return `${left} ${operator}`
      return `${left} ${operator} ${printRight(expr.right, takesList(expr))}`
    }
  }
}

/** `or` holds `and` without parentheses; everything else that is composed needs them. */
function grouped(child: Expr, parent: 'and' | 'or' | 'not'): string {
  const bare = child.kind === 'check' || child.kind === 'identifier'
  const binds =
    (child.kind === 'and' && parent === 'or') || (child.kind === 'not' && parent !== 'not')
  return bare || binds ? printCondition(child) : `(${printCondition(child)})`
}

/** A field, transformer or literal as written in a condition or in an output template. */
export function printOperand(operand: Operand): string {
  switch (operand.kind) {
    case 'field':
      return operand.name + (operand.arg === undefined ? '' : printArgument(operand.arg))
    case 'transform': {
      const args = operand.args.map(printOperand).join(', ')
      return `${operand.name}(${args})${operand.arg === undefined ? '' : printArgument(operand.arg)}`
    }
    case 'list':
      return `(${operand.items.map(printOperand).join(', ')})`
    case 'value':
      return /^(?:0[xX][0-9a-fA-F]+|[+-]?[0-9]+\.?[0-9]*(?:[eE][+-][0-9]+)?)$/.test(operand.text)
        ? operand.text
        : quote(operand.text)
  }
}

/** Where a list is due, a value is a list's name, which has no quotes. */
function takesList(check: CheckExpr): boolean {
  return check.modifier !== undefined || listOperators.some((known) => known === check.operator)
}

function printRight(right: Right, asName: boolean): string {
  if (right.kind === 'value') return asName ? right.text : printValue(right.text)
  if (right.kind === 'values') return `(${right.values.map(printValue).join(', ')})`
  return printOperand(right)
}
