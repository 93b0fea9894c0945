/**
 * A rule's condition as a residual, so that the index that settles events for guardrails settles them
 * for Falco rules too. It says when the rule can match; where it does not hold, the rule does not.
 */
import {
  type Conjunction,
  type Literal,
  type Path,
  type Opaque,
  pathText,
  type Residual,
  type ValueTest,
} from '../../residual/residual.ts'
import { RESIDUAL_CONSTANTS_MAX } from '../../text/limits.ts'
import type { CheckExpr } from '../condition/ast.ts'
import { printCondition } from '../condition/print.ts'
import type { HostFacts } from '../event/view.ts'
import type { CompiledRule } from '../rules/compile.ts'
import type { ResolvedExpr } from '../rules/resolved.ts'
import { checkLiterals } from './check.ts'
import { valueTest } from './value-test.ts'

/** Makes residuals that share what macros are shared for. */
export class RuleResiduals {
  readonly #known = new Map<ResolvedExpr, Conjunction>()
  /** By their texts, which opaque literals carry. */
  readonly #checks = new Map<string, CheckExpr>()
  readonly #valueTests = new Map<string, ValueTest | undefined>()
  readonly #constants = new Set<string>()
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
    if (!this.#valueTests.has(text)) {
      this.#valueTests.set(text, valueTest(this.#checks.get(text)!, opaque, this.#host))
    }
    return this.#valueTests.get(text)
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
        this.#checks.set(printCondition(expr), expr)
        return checkLiterals(expr, (path, texts) => this.#allows(path, texts))
    }
  }

  /** The index has room for so many: of larger lists nothing is known. */
  #allows(path: Path, texts: readonly string[]): boolean {
    if (this.#constants.size + texts.length > RESIDUAL_CONSTANTS_MAX) return false
    for (const text of texts) this.#constants.add(`${pathText(path)} ${text}`)
    return true
  }
}
