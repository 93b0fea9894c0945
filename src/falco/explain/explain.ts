/** Which parts of a rule's condition hold for an event, and which of them decide. */
import { fromUtf8 } from '../event/byte-string.ts'
import type { HostFacts } from '../event/view.ts'
import { compileCheck } from '../eval/check.ts'
import { FieldSlots, FieldStore } from '../eval/store.ts'
import type { CheckExpr } from '../condition/ast.ts'
import { printCondition } from '../condition/print.ts'
import type { Extracted } from '../fields/extract.ts'
import { isProblem, resolveField } from '../fields/resolve.ts'
import { fieldName, fieldsOfCheck } from '../rules/fields-used.ts'
import type { CompiledRule } from '../rules/compile.ts'
import { expand, type ResolvedExpr } from '../rules/resolved.ts'

/** A field's value in an event; null where it is missing. */
export interface ExplainedValue {
  readonly field: string
  readonly value: string | readonly string[] | null
}

/** A part of a condition, on one event. */
export interface ExplainedPart {
  readonly kind: 'and' | 'or' | 'not' | 'macro' | 'check'
  /** A comparison as text, or a macro's name. */
  readonly text: string
  readonly holds: boolean
  /** True for what makes the whole condition come out as it does: changing less changes nothing. */
  readonly decides: boolean
  /** For comparisons: the fields in them. */
  readonly values: readonly ExplainedValue[]
  readonly parts: readonly ExplainedPart[]
}

export interface ExplainedEvent {
  /** False for what Falco skips before any rule is asked: another kind, or no stageTimestamp. */
  readonly counts: boolean
  readonly matches: boolean
  /** Undefined where no rule is asked. */
  readonly condition?: ExplainedPart
}

/** Explains one rule, which must be one of `k8s_audit`, on events. */
export class RuleExplainer {
  readonly #condition: ResolvedExpr
  readonly #slots = new FieldSlots()
  readonly #checks = new Map<CheckExpr, CompiledExplanation>()
  readonly #store: FieldStore
  /** Of the event that is being explained. */
  #known = new Map<ResolvedExpr, boolean>()

  constructor(rule: CompiledRule, host: HostFacts = {}) {
    this.#condition = rule.condition
    this.#compile(rule.condition)
    this.#store = new FieldStore(this.#slots, host)
  }

  /** @param event proved to be one JSON object. */
  explain(event: Uint8Array): ExplainedEvent {
    this.#store.reset(event)
    if (!this.#store.view.isEvent) return { counts: false, matches: false }
    this.#store.view.count()
    this.#known = new Map()
    const condition = this.#part(this.#condition, true)
    return { counts: true, matches: condition.holds, condition }
  }

  #compile(expr: ResolvedExpr): void {
    switch (expr.kind) {
      case 'macro':
        return this.#compile(expr.body)
      case 'not':
        return this.#compile(expr.child)
      case 'and':
      case 'or':
        return expr.children.forEach((child) => this.#compile(child))
      case 'check': {
        if (this.#checks.has(expr)) return
        const fields = fieldsOfCheck(expr).flatMap((field) => {
          const resolved = resolveField(field)
          if (isProblem(resolved)) return []
          return { name: fieldName(resolved), slot: this.#slots.add(resolved) }
        })
        const { run } = compileCheck(expr, this.#slots)
        this.#checks.set(expr, { run, fields, text: printCondition(expr) })
      }
    }
  }

  #holds(expr: ResolvedExpr): boolean {
    let holds = this.#known.get(expr)
    if (holds === undefined) {
      holds = this.#judge(expr)
      this.#known.set(expr, holds)
    }
    return holds
  }

  #judge(expr: ResolvedExpr): boolean {
    switch (expr.kind) {
      case 'macro':
        return this.#holds(expr.body)
      case 'not':
        return !this.#holds(expr.child)
      case 'and':
        return expr.children.every((child) => this.#holds(child))
      case 'or':
        return expr.children.some((child) => this.#holds(child))
      case 'check':
        return this.#checks.get(expr)!.run(this.#store)
    }
  }

  #part(expr: ResolvedExpr, decides: boolean): ExplainedPart {
    const holds = this.#holds(expr)
    const base = { kind: expr.kind, holds, decides, values: [], text: '' }
    switch (expr.kind) {
      case 'macro':
        return { ...base, text: expr.name, parts: [this.#part(expr.body, decides)] }
      case 'not':
        return { ...base, parts: [this.#part(expr.child, decides)] }
      case 'check': {
        const { fields, text } = this.#checks.get(expr)!
        const values = fields.map(({ name, slot }) => ({
          field: name,
          value: shown(this.#store.get(slot)),
        }))
        return { ...base, text, values, parts: [] }
      }
      default: {
        // One part is enough for `or` to hold, and for `and` to fail; else all of them decide.
        const enough = (expr.kind === 'or') === holds
        const decisive = enough
          ? expr.children.find((child) => this.#holds(child) === holds)
          : undefined
        const parts = expr.children.map((child) =>
          this.#part(child, decides && (!enough || child === decisive)),
        )
        return { ...base, parts }
      }
    }
  }
}

interface CompiledExplanation {
  readonly run: (store: FieldStore) => boolean
  readonly fields: readonly { readonly name: string; readonly slot: number }[]
  readonly text: string
}

function shown(value: Extracted): ExplainedValue['value'] {
  if (value === undefined) return null
  return Array.isArray(value) ? (value as readonly string[]).map(fromUtf8) : fromUtf8(String(value))
}

/** A rule's condition with its macros, lists and exceptions put in. */
export function expandedCondition(rule: CompiledRule): string {
  return printCondition(expand(rule.condition))
}
