/** Compiles a resolved condition to a function of an event. */
import { ConditionError } from '../condition/error.ts'
import { LoadError } from '../rules/diagnose.ts'
import type { ResolvedExpr } from '../rules/resolved.ts'
import type { Traced } from '../rules/traced.ts'
import { compileCheck } from './check.ts'
import { UnknownFieldError } from './operand.ts'
import type { FieldSlots, FieldStore } from './store.ts'

/** Whether a condition holds for the event whose fields are in the store. */
export type CompiledCondition = (store: FieldStore) => boolean

/** Macros are compiled once, however often they are used. */
export class ConditionCompiler {
  readonly #slots: FieldSlots
  readonly #macros = new Map<ResolvedExpr, CompiledCondition>()

  constructor(slots: FieldSlots) {
    this.#slots = slots
  }

  /**
   * @param text what the offsets in `expr` refer to.
   * @throws LoadError `LOAD_ERR_COMPILE_CONDITION`
   */
  compile(expr: ResolvedExpr, text: Traced): CompiledCondition {
    switch (expr.kind) {
      case 'macro': {
        let compiled = this.#macros.get(expr.body)
        if (!compiled) {
          compiled = this.compile(expr.body, expr.text)
          this.#macros.set(expr.body, compiled)
        }
        return compiled
      }
      case 'not': {
        const child = this.compile(expr.child, text)
        return (store) => !child(store)
      }
      case 'and':
      case 'or': {
        const parts = expr.children.map((child) => this.compile(child, text))
        return expr.kind === 'and' ? conjunction(parts) : disjunction(parts)
      }
      case 'check':
        return this.#check(expr, text)
    }
  }

  #check(expr: ResolvedExpr & { kind: 'check' }, text: Traced): CompiledCondition {
    try {
      return compileCheck(expr, this.#slots).run
    } catch (error) {
      if (!(error instanceof ConditionError)) throw error
      throw new LoadError(
        'LOAD_ERR_COMPILE_CONDITION',
        error.message,
        text.place(error.at, expr.end),
        error.help,
        error instanceof UnknownFieldError,
      )
    }
  }
}

function conjunction(parts: readonly CompiledCondition[]): CompiledCondition {
  return (store) => {
    for (const part of parts) if (!part(store)) return false
    return true
  }
}

function disjunction(parts: readonly CompiledCondition[]): CompiledCondition {
  return (store) => {
    for (const part of parts) if (part(store)) return true
    return false
  }
}
