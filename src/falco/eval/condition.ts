/** Compiles a resolved condition to a function of an event. */
import { ConditionError } from '../condition/error.ts'
import type { Extracted } from '../fields/extract.ts'
import { LoadError } from '../rules/diagnose.ts'
import type { ResolvedExpr } from '../rules/resolved.ts'
import type { Traced } from '../rules/traced.ts'
import { compileCheck } from './check.ts'
import { UnknownFieldError } from './operand.ts'
import type { FieldSlots, FieldStore } from './store.ts'

/** What is known of a condition when only one field is: `undefined` is undecided. */
export type Known = boolean | undefined

export interface CompiledCondition {
  readonly run: (store: FieldStore) => boolean
  /** Fields that alone decide a part of the condition. */
  readonly slots: ReadonlySet<number>
  /** The condition when only this field's value is known. */
  readonly given: (slot: number, value: Extracted) => Known
}

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
      case 'not':
        return negate(this.compile(expr.child, text))
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
      const { run, only } = compileCheck(expr, this.#slots)
      if (!only) return { run, slots: NONE, given: () => undefined }
      this.#slots.compares(only.slot, only.constants)
      return {
        run,
        slots: new Set([only.slot]),
        given: (slot, value) => (slot === only.slot ? only.test(value) : undefined),
      }
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

const NONE: ReadonlySet<number> = new Set()

function negate({ run, slots, given }: CompiledCondition): CompiledCondition {
  return {
    run: (store) => !run(store),
    slots,
    given: (slot, value) => {
      const known = slots.has(slot) ? given(slot, value) : undefined
      return known === undefined ? undefined : !known
    },
  }
}

function conjunction(parts: readonly CompiledCondition[]): CompiledCondition {
  const runs = parts.map((part) => part.run)
  return {
    run: (store) => {
      for (const run of runs) if (!run(store)) return false
      return true
    },
    slots: union(parts),
    given: (slot, value) => decide(parts, slot, value, false),
  }
}

function disjunction(parts: readonly CompiledCondition[]): CompiledCondition {
  const runs = parts.map((part) => part.run)
  return {
    run: (store) => {
      for (const run of runs) if (run(store)) return true
      return false
    },
    slots: union(parts),
    given: (slot, value) => decide(parts, slot, value, true),
  }
}

/** One part that is `decisive` decides; the opposite needs all parts. */
function decide(
  parts: readonly CompiledCondition[],
  slot: number,
  value: Extracted,
  decisive: boolean,
): Known {
  let undecided = false
  for (const part of parts) {
    const known = part.slots.has(slot) ? part.given(slot, value) : undefined
    if (known === decisive) return decisive
    if (known === undefined) undecided = true
  }
  return undecided ? undefined : !decisive
}

function union(parts: readonly CompiledCondition[]): ReadonlySet<number> {
  const slots = new Set<number>()
  for (const part of parts) for (const slot of part.slots) slots.add(slot)
  return slots
}
