/** Values of exceptions that exclude nothing, because the rule never matches what they describe. */
import type { Diagnostic } from '../../text/diagnostic.ts'
import type { CheckExpr } from '../condition/ast.ts'
import type { CompiledRule } from '../rules/compile.ts'
import type { ResolvedExpr } from '../rules/resolved.ts'
import type { SourcePlace, Traced } from '../rules/traced.ts'
import type { Formulas } from './formula.ts'
import { literalsOf } from './literals.ts'
import { finding } from './report.ts'
import { satisfiable } from './satisfiable.ts'
import type { LintSubject } from './subject.ts'

export function unusedExceptions({ rules }: LintSubject, formulas: Formulas): Diagnostic[] {
  return rules.flatMap((rule) =>
    satisfiable(formulas.of(rule.condition)) ? ofRule(rule, formulas) : [],
  )
}

function ofRule({ condition, definition, text }: CompiledRule, formulas: Formulas): Diagnostic[] {
  const used = definition.exceptions.filter(({ values }) => values.length > 0)
  // `(condition) and not E1 and not E2`, as the loader puts it together.
  if (used.length === 0 || condition.kind !== 'and') return []
  const [whole] = condition.children
  const excepted = condition.children.slice(-used.length)
  const found: Diagnostic[] = []
  for (const [i, exception] of used.entries()) {
    const part = excepted[i]!
    if (part.kind !== 'not') continue
    for (const { expr, shown, place } of rowsOf(part.child, text)) {
      const both = [formulas.of(whole!), formulas.of(expr)]
      if (satisfiable({ kind: 'and', children: both })) continue
      found.push(
        finding(
          'FALCO_EXCEPTION_UNUSED',
          `the exception \`${exception.name}\` of \`${definition.name}\` excludes nothing by ${shown}: the rule never matches that`,
          place ?? exception.place,
          'correct the value, or remove it',
        ),
      )
    }
  }
  return found
}

interface Row {
  readonly expr: ResolvedExpr
  readonly shown: string
  readonly place: SourcePlace | undefined
}

/** What an exception excludes, row by row, or value by value. */
function rowsOf(expr: ResolvedExpr, text: Traced): Row[] {
  if (expr.kind === 'or') return expr.children.map((row) => wholeRow(row, 'a row', text))
  if (expr.kind !== 'check' || expr.right?.kind !== 'values')
    return [wholeRow(expr, 'its row', text)]
  const { right } = expr
  return literalsOf(expr, text).map(({ text: value, place }) => ({
    expr: { ...expr, right: { ...right, values: [value] } } satisfies CheckExpr,
    shown: `\`${value}\``,
    place,
  }))
}

/** Placed where its first value is written. */
function wholeRow(expr: ResolvedExpr, shown: string, text: Traced): Row {
  const first = expr.kind === 'and' ? expr.children[0]! : expr
  const right = first.kind === 'check' ? first.right : undefined
  return { expr, shown, place: right && text.place(right.at, right.end) }
}
