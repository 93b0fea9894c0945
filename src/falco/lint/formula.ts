/**
 * Conditions as formulas over variables with few values each, for questions such as "can this be
 * true at all?". A field is a variable: its values are the constants that it is compared with, one
 * that stands for all others, and none at all. What these do not decide (`contains` of another value,
 * lists, computed values) is a variable of its own that is true or false, so that nothing is ever
 * called impossible because of it.
 */
import type { CheckExpr } from '../condition/ast.ts'
import { printCondition } from '../condition/print.ts'
import { compileCheck } from '../eval/check.ts'
import { CONSTANT_BYTES_MAX } from '../eval/compare.ts'
import { FieldSlots } from '../eval/store.ts'
import type { Extracted } from '../fields/extract.ts'
import type { ResolvedExpr } from '../rules/resolved.ts'

export type Outcome = boolean | 'open'

/** One comparison. Equal ones are the same object. */
export interface Atom {
  readonly kind: 'atom'
  readonly name: string
  /** The field that alone decides it, where one does. */
  readonly slot: number | undefined
  /** What comes out for a value of the field; `open` where the value stands for several. */
  readonly test: (value: Extracted) => Outcome
  readonly constants: readonly string[]
  /** Steps that one test counts for. */
  readonly cost: number
}

export interface Negation {
  readonly kind: 'not'
  readonly child: Formula
}

export interface Junction {
  readonly kind: 'and' | 'or'
  readonly children: readonly Formula[]
}

export type Formula = Atom | Negation | Junction

/** Longer than any constant, so it equals none. */
export const OTHER: string = '\u0001'.repeat(CONSTANT_BYTES_MAX + 1)

/** Makes formulas that share their atoms. */
export class Formulas {
  readonly #slots = new FieldSlots()
  readonly #atoms = new Map<string, Atom>()
  readonly #known = new Map<ResolvedExpr, Formula>()

  of(expr: ResolvedExpr): Formula {
    let formula = this.#known.get(expr)
    if (!formula) {
      formula = this.#make(expr)
      this.#known.set(expr, formula)
    }
    return formula
  }

  #make(expr: ResolvedExpr): Formula {
    switch (expr.kind) {
      case 'macro':
        return this.of(expr.body)
      case 'not':
        return { kind: 'not', child: this.of(expr.child) }
      case 'and':
      case 'or':
        return { kind: expr.kind, children: expr.children.map((child) => this.of(child)) }
      case 'check':
        return this.#atom(expr)
    }
  }

  #atom(check: CheckExpr): Atom {
    const name = printCondition(check)
    let atom = this.#atoms.get(name)
    if (!atom) {
      atom = this.#newAtom(check, name)
      this.#atoms.set(name, atom)
    }
    return atom
  }

  #newAtom(check: CheckExpr, name: string): Atom {
    const { only } = compileCheck(check, this.#slots)
    const { right } = check
    const values =
      right?.kind === 'values' ? right.values : right?.kind === 'value' ? [right.text] : []
    // A list without items is there to be filled.
    const isEmpty = right?.kind === 'values' && values.length === 0
    if (!only || isEmpty) {
      return { kind: 'atom', name, slot: undefined, test: () => 'open', constants: [], cost: 1 }
    }
    const { info } = this.#slots.slots[only.slot]!.field
    const exact = info.type === 'text' && !info.list
    const test = (value: Extracted): Outcome => {
      if (value === undefined) return only.test(undefined)
      if (check.operator === 'exists' && check.left.kind === 'field') return true
      if (!exact) return 'open'
      return value === OTHER && !only.constants ? 'open' : only.test(value)
    }
    const constants = exact ? (only.constants ?? values.map(constantBytes)) : []
    // Being one of some constants is looked up; anything else is tried with each.
    const cost = only.constants ? 1 : 1 + values.length
    return { kind: 'atom', name, slot: only.slot, test, constants, cost }
  }
}

function constantBytes(value: string): string {
  return Buffer.from(value, 'utf8').toString('latin1')
}
