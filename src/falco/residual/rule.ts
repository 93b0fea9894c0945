/**
 * A rule's condition as a residual, so that the index that settles events for guardrails settles them
 * for Falco rules too. It says when the rule can match; where it does not hold, the rule does not.
 */
import {
  type Conjunction,
  type Literal,
  type Opaque,
  type Residual,
  type ValueTest,
} from '../../residual/residual.ts'
import type { CheckExpr } from '../condition/ast.ts'
import { printCondition } from '../condition/print.ts'
import type { HostFacts } from '../event/view.ts'
import type { CompiledRule } from '../rules/compile.ts'
import { resolvedFieldsOf } from '../rules/fields-used.ts'
import type { ResolvedExpr } from '../rules/resolved.ts'
import { checkLiterals } from './check.ts'
import { upToNul } from './texts.ts'
import { valueTest } from './value-test.ts'

/** Makes residuals that share what macros are shared for. */
export class RuleResiduals {
  readonly #known = new Map<ResolvedExpr, Conjunction>()
  /** By the texts that opaque literals carry. */
  readonly #valueTests = new Map<string, ValueTest | undefined>()
  readonly #checks = new Map<string, CheckExpr>()
  readonly #upToNul = new Map<string, CheckExpr>()
  readonly #host: HostFacts

  constructor(host: HostFacts) {
    this.#host = host
  }

  of(rule: CompiledRule): Residual {
    return [this.#all(rule.condition)]
  }

  /** The answer for an opaque literal of these residuals; undefined where there is none. */
  valueTest(opaque: Opaque): ValueTest | undefined {
    const { text } = opaque
    if (!this.#valueTests.has(text)) this.#valueTests.set(text, this.#makeTest(opaque))
    return this.#valueTests.get(text)
  }

  #makeTest(opaque: Opaque): ValueTest | undefined {
    const whole = this.#checks.get(opaque.text)
    const check = whole ?? this.#upToNul.get(opaque.text)!
    const test = valueTest(check, opaque, this.#host)
    if (whole || !test) return test
    const isList = resolvedFieldsOf(check).some(({ info }) => info.list)
    return { ...test, escaped: isList ? 'texts' : 'text' }
  }

  /** Literals that hold together exactly where the condition does. */
  #all(expr: ResolvedExpr): Conjunction {
    let conjunction = this.#known.get(expr)
    if (!conjunction) {
      conjunction = this.#make(expr)
      this.#known.set(expr, conjunction)
    }
    return conjunction
  }

  #make(expr: ResolvedExpr): Conjunction {
    switch (expr.kind) {
      case 'macro':
        return this.#all(expr.body)
      case 'and':
        return expr.children.flatMap((child) => this.#all(child))
      case 'or': {
        const residual = expr.children.map((child) => this.#all(child))
        return [{ kind: 'any', residual } satisfies Literal]
      }
      case 'not':
        return [{ kind: 'not', residual: [this.#all(expr.child)] }]
      case 'check':
        return this.#check(expr)
    }
  }

  #check(check: CheckExpr): Conjunction {
    const text = printCondition(check)
    this.#checks.set(text, check)
    this.#upToNul.set(upToNul(text), check)
    return checkLiterals(check, text)
  }
}
