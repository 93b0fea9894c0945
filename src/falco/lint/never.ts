/** Conditions, and parts of conditions, that nothing makes true, or everything. */
import type { Diagnostic } from '../../text/diagnostic.ts'
import { printCondition } from '../condition/print.ts'
import type { CompiledRule } from '../rules/compile.ts'
import { expand, type ResolvedExpr } from '../rules/resolved.ts'
import type { Traced } from '../rules/traced.ts'
import type { Formula, Formulas } from './formula.ts'
import { finding } from './report.ts'
import { satisfiable } from './satisfiable.ts'
import type { LintSubject } from './subject.ts'

/** A part of a condition and the text that its offsets refer to. */
interface Part {
  readonly expr: ResolvedExpr
  readonly text: Traced
}

export function neverTrue({ rules, macros }: LintSubject, formulas: Formulas): Diagnostic[] {
  const found: Diagnostic[] = []
  const parts = new PartWalk(formulas, found)
  for (const rule of rules) {
    if (rule.definition.enabled && !satisfiable(formulas.of(rule.condition))) {
      found.push(whole(rule, formulas))
      continue
    }
    parts.visit(rule.condition, rule.text)
  }
  for (const [expr, text] of macros) parts.visit(expr, text)
  return found
}

function whole({ condition, text, definition }: CompiledRule, formulas: Formulas): Diagnostic {
  const culprits = conflict(conjuncts({ expr: condition, text }), formulas)
  const shown = culprits.map(({ expr }) => `\`${brief(expr)}\``)
  const why =
    shown.length > 1 ? `${shown.join(' and ')} exclude each other` : `${shown[0]!} is never true`
  const last = culprits.at(-1)!
  return finding(
    'FALCO_NEVER_TRUE',
    `the rule \`${definition.name}\` can never match: ${why}`,
    last.text.place(last.expr.at, last.expr.end) ?? definition.place,
    'remove what cannot hold, or join alternatives by `or`',
  )
}

/** The parts that must all be true, macros looked into. */
function conjuncts(part: Part): Part[] {
  const { expr, text } = part
  if (expr.kind === 'macro') {
    const inner = conjuncts({ expr: expr.body, text: expr.text })
    return inner.length > 1 ? inner : [part]
  }
  return expr.kind === 'and'
    ? expr.children.flatMap((child) => conjuncts({ expr: child, text }))
    : [part]
}

/** Most parts among which pairs are looked for. */
const PAIRS_MAX = 60

/** The one part, or the first two, that make the whole impossible; else all. */
function conflict(parts: readonly Part[], formulas: Formulas): readonly Part[] {
  const possible = (some: readonly Part[]): boolean =>
    satisfiable({ kind: 'and', children: some.map(({ expr }) => formulas.of(expr)) })
  const single = parts.find((part) => !possible([part]))
  if (single) return [single]
  const few = parts.slice(0, PAIRS_MAX)
  for (const [i, second] of few.entries()) {
    const first = few.slice(0, i).find((each) => !possible([each, second]))
    if (first) return [first, second]
  }
  return parts
}

const BRIEF_CHARS = 80

/** A part as text for a message. */
function brief(expr: ResolvedExpr): string {
  const text = expr.kind === 'macro' ? expr.name : printCondition(expand(expr))
  return text.length > BRIEF_CHARS ? `${text.slice(0, BRIEF_CHARS)}…` : text
}

/** Looks at alternatives, and at what stands under `not`; macros are looked at on their own. */
class PartWalk {
  readonly #formulas: Formulas
  readonly #found: Diagnostic[]

  constructor(formulas: Formulas, found: Diagnostic[]) {
    this.#formulas = formulas
    this.#found = found
  }

  visit(expr: ResolvedExpr, text: Traced): void {
    if (expr.kind === 'not') return this.#inner(expr.child, text)
    if (expr.kind === 'and') return expr.children.forEach((child) => this.visit(child, text))
    if (expr.kind !== 'or') return
    if (isAlwaysTrue(this.#formulas.of(expr))) {
      this.#found.push(
        finding(
          'FALCO_ALWAYS_TRUE',
          `\`${brief(expr)}\` is true for every value`,
          text.place(expr.at, expr.end),
          'to exclude several values write `not field in (a, b)`, or join `!=` by `and`',
        ),
      )
      return
    }
    for (const child of expr.children) this.#inner(child, text)
  }

  #inner(expr: ResolvedExpr, text: Traced): void {
    if (expr.kind === 'macro') return
    if (satisfiable(this.#formulas.of(expr))) return this.visit(expr, text)
    this.#found.push(
      finding(
        'FALCO_DEAD_PART',
        `\`${brief(expr)}\` can never be true, so this part does nothing`,
        text.place(expr.at, expr.end),
        'remove it, or correct what excludes each other in it',
      ),
    )
  }
}

/** True where it holds for every value that its only field can have, missing left aside. */
function isAlwaysTrue(formula: Formula): boolean {
  const slots = new Set<number | undefined>()
  const collect = (part: Formula): void => {
    if (part.kind === 'atom') slots.add(part.slot)
    else if (part.kind === 'not') collect(part.child)
    else part.children.forEach(collect)
  }
  collect(formula)
  const [slot] = slots
  if (slots.size !== 1 || slot === undefined || slot < 0) return false
  const there: Formula = {
    kind: 'atom',
    name: 'there',
    slot,
    test: (value) => value !== undefined,
    constants: [],
    cost: 1,
  }
  return !satisfiable({ kind: 'and', children: [there, { kind: 'not', child: formula }] })
}
