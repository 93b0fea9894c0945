/** What Falco loads with a warning although it is most likely a mistake in a condition. */
import type { Diagnostic } from '../../text/diagnostic.ts'
import { type CheckExpr, type Operand, transformers } from '../condition/ast.ts'
import { isProblem, resolveField } from '../fields/resolve.ts'
import { warning } from './diagnose.ts'
import type { ResolvedExpr } from './resolved.ts'
import type { Traced } from './traced.ts'

/** Collects the warnings of many conditions, each of a macro once. */
export class ConditionWarnings {
  readonly diagnostics: Diagnostic[] = []
  readonly #seen = new Set<ResolvedExpr>()

  /** @param text what the offsets in `expr` refer to. */
  visit(expr: ResolvedExpr, text: Traced): void {
    if (this.#seen.has(expr)) return
    this.#seen.add(expr)
    switch (expr.kind) {
      case 'macro':
        return this.visit(expr.body, expr.text)
      case 'not':
        return this.visit(expr.child, text)
      case 'and':
      case 'or':
        for (const child of expr.children) this.visit(child, text)
        return
      case 'check':
        return this.#check(expr, text)
    }
  }

  #check(check: CheckExpr, text: Traced): void {
    const { right, operator } = check
    if (right?.kind !== 'value' && right?.kind !== 'values') return
    const values = right.kind === 'values' ? right.values : [right.text]
    const place = text.place(right.at, right.end)
    if (EQUALITY.has(operator) && isAuditField(check.left) && values.includes('<NA>')) {
      this.diagnostics.push(
        warning(
          'LOAD_UNSAFE_NA_CHECK',
          'a missing field is not the text `<NA>`; comparing with it is always false',
          place,
          'use `exists`, or `not … exists`',
        ),
      )
    }
    for (const value of values) {
      const problem = misused(value) ?? (operator === 'regex' ? simplerThanRegex(value) : undefined)
      if (!problem) continue
      this.diagnostics.push(warning('LOAD_COMPILE_CONDITION', problem.message, place, problem.help))
    }
  }
}

const EQUALITY: ReadonlySet<string> = new Set(['=', '==', '!=', 'in', 'intersects', 'pmatch'])

function isAuditField(operand: Operand): boolean {
  return operand.kind === 'field' && /^(?:ka|jevt)\./.test(operand.name)
}

const MAY_BE_FIELD = /^(?:ka|jevt|json|evt)\./

/** A field or transformer that stands where only literals do. */
function misused(value: string): { message: string; help: string } | undefined {
  const text = value.replace(/\s/g, '')
  const bracket = text.indexOf('[')
  const field =
    bracket > 0 && text.endsWith(']')
      ? { name: text.slice(0, bracket), arg: text.slice(bracket + 1, -1) }
      : { name: text }
  if (MAY_BE_FIELD.test(text) && !isProblem(resolveField(field))) {
    return {
      message: `\`${value}\` is the name of a field, but stands for the text itself here`,
      help: `write \`val(${text})\` to compare with the field`,
    }
  }
  const transformer = [...transformers, 'val'].find((name) => text.startsWith(`${name}(`))
  if (!transformer || !text.endsWith(')')) return undefined
  return {
    message: `\`${value}\` is a transformer in quotes, which stands for the text itself`,
    help: 'write it without quotes',
  }
}

/** Patterns that are a literal text but for what stands at their ends. */
function simplerThanRegex(pattern: string): { message: string; help: string } | undefined {
  const ends = /^(?:\^|\.[+*?](?=.))?(.*?)(?:\$|\.[+*?])?$/s.exec(pattern)
  if (!ends || /[.+*?^$()[\]{}|\\]/.test(ends[1]!)) return undefined
  return {
    message: `the regular expression \`${pattern}\` does what a simpler operator can do faster`,
    help: 'use `=`, `contains`, `startswith` or `endswith`',
  }
}
