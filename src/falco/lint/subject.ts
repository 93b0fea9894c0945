/** What the checks of lint look at: a loaded ruleset, and each comparison in it once. */
import type { CheckExpr } from '../condition/ast.ts'
import { printOperand } from '../condition/print.ts'
import type { Compilation, CompiledRule } from '../rules/compile.ts'
import type { ResolvedExpr } from '../rules/resolved.ts'
import type { Traced } from '../rules/traced.ts'

/** A comparison and the text that its offsets refer to. */
export interface Site {
  readonly check: CheckExpr
  readonly text: Traced
  /** True where it helps a rule to match somewhere; else it only keeps rules from it. */
  positive: boolean
  /** True where something beside it asks for a value of the same field already. */
  readonly required: boolean
}

export interface LintSubject {
  readonly compilation: Compilation
  /** Rules for audit events; others cannot be judged here. */
  readonly rules: readonly CompiledRule[]
  /** What the macros that these rules use say, and the texts that their offsets refer to. */
  readonly macros: ReadonlyMap<ResolvedExpr, Traced>
  /** Comparisons of these rules and of the macros that they use, in order. */
  readonly sites: readonly Site[]
}

export function lintSubject(compilation: Compilation): LintSubject {
  const rules = compilation.rules.filter(({ program }) => program !== undefined)
  const walk = new SiteWalk()
  for (const { condition, text } of rules) walk.visit(condition, text, true)
  return { compilation, rules, macros: walk.macros, sites: [...walk.sites.values()] }
}

type Names = ReadonlySet<string>

class SiteWalk {
  readonly sites = new Map<CheckExpr, Site>()
  readonly macros = new Map<ResolvedExpr, Traced>()
  readonly #seen = { positive: new Set<ResolvedExpr>(), negative: new Set<ResolvedExpr>() }

  /** @param required fields without which nothing here counts. */
  visit(expr: ResolvedExpr, text: Traced, positive: boolean, required: Names = new Set()): void {
    const seen = positive ? this.#seen.positive : this.#seen.negative
    if (seen.has(expr)) return
    seen.add(expr)
    switch (expr.kind) {
      case 'macro':
        this.macros.set(expr.body, expr.text)
        return this.visit(expr.body, expr.text, positive, required)
      case 'not':
        return this.visit(expr.child, text, !positive, required)
      case 'and':
      case 'or': {
        const inner = expr.kind === 'and' ? new Set([...required, ...requiredBy(expr)]) : required
        for (const child of expr.children) this.visit(child, text, positive, inner)
        return
      }
      case 'check': {
        const site = this.sites.get(expr)
        if (site) site.positive ||= positive
        else this.sites.set(expr, { check: expr, text, positive, required: isIn(expr, required) })
      }
    }
  }
}

function isIn({ left }: CheckExpr, names: Names): boolean {
  return names.has(printOperand(left))
}

/** Fields that must have a value, by comparisons other than `!=`. */
function requiredBy(expr: ResolvedExpr): string[] {
  switch (expr.kind) {
    case 'macro':
      return requiredBy(expr.body)
    case 'and':
      return expr.children.flatMap(requiredBy)
    case 'check':
      return expr.operator === '!=' ? [] : [printOperand(expr.left)]
    default:
      return []
  }
}
