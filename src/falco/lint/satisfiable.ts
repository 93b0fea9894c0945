/** Whether a formula can be true, by trying what its variables can be, one after the other. */
import type { Extracted } from '../fields/extract.ts'
import { FORMULA_STEPS_MAX } from '../../text/limits.ts'
import { type Atom, type Formula, OTHER } from './formula.ts'

/**
 * False where nothing makes it true; true also where the search is given up, after
 * `FORMULA_STEPS_MAX` steps.
 */
export function satisfiable(formula: Formula): boolean {
  return new Search(formula).run()
}

class GivenUp extends Error {}

class Search {
  readonly #formula: Formula
  readonly #fields = new Map<number, Extracted>()
  readonly #flags = new Map<Atom, boolean>()
  #steps = 0
  /** What kept the last evaluation from an answer. */
  #undecided: Atom | undefined

  constructor(formula: Formula) {
    this.#formula = formula
  }

  run(): boolean {
    try {
      return this.#search()
    } catch (error) {
      if (error instanceof GivenUp) return true
      throw error
    }
  }

  #search(): boolean {
    this.#undecided = undefined
    const known = this.#evaluate(this.#formula)
    if (known !== undefined) return known
    const atom = this.#undecided!
    return atom.slot === undefined || this.#fields.has(atom.slot)
      ? this.#tryFlag(atom)
      : this.#tryField(atom.slot)
  }

  #tryFlag(atom: Atom): boolean {
    for (const value of [true, false]) {
      this.#flags.set(atom, value)
      if (this.#search()) return true
    }
    this.#flags.delete(atom)
    return false
  }

  #tryField(slot: number): boolean {
    for (const value of this.#candidates(slot)) {
      this.#fields.set(slot, value)
      if (this.#search()) return true
    }
    this.#fields.delete(slot)
    return false
  }

  #count(steps: number): void {
    this.#steps += steps
    if (this.#steps > FORMULA_STEPS_MAX) throw new GivenUp()
  }

  /** The values of a field that make a difference: one that stands for others, constants, and none. */
  #candidates(slot: number): Extracted[] {
    const atoms = [...atomsOf(this.#formula)].filter((atom) => atom.slot === slot)
    const constants = new Set(atoms.flatMap((atom) => atom.constants))
    const cost = atoms.reduce((sum, atom) => sum + atom.cost, 0)
    const found = new Map<string, Extracted>()
    for (const value of [OTHER, ...constants, undefined]) {
      this.#count(cost)
      const key = atoms.map((atom) => atom.test(value)).join()
      if (!found.has(key)) found.set(key, value)
    }
    return [...found.values()]
  }

  /** Undefined where it depends on what is not known yet. */
  #evaluate(formula: Formula): boolean | undefined {
    this.#count(1)
    if (formula.kind === 'atom') return this.#atom(formula)
    if (formula.kind === 'not') {
      const known = this.#evaluate(formula.child)
      return known === undefined ? undefined : !known
    }
    const decisive = formula.kind === 'or'
    let known: boolean | undefined = !decisive
    for (const child of formula.children) {
      const value = this.#evaluate(child)
      if (value === decisive) return decisive
      if (value === undefined) known = undefined
    }
    return known
  }

  #atom(atom: Atom): boolean | undefined {
    if (atom.slot !== undefined && (atom.slot < 0 || this.#fields.has(atom.slot))) {
      const outcome = atom.test(this.#fields.get(atom.slot))
      if (outcome !== 'open') return outcome
    }
    const flag = this.#flags.get(atom)
    if (flag === undefined) this.#undecided ??= atom
    return flag
  }
}

/** Rules are compared in pairs, so the atoms of each are asked for again and again. */
const known = new WeakMap<Formula, ReadonlySet<Atom>>()

function atomsOf(formula: Formula): ReadonlySet<Atom> {
  if (formula.kind === 'not') return atomsOf(formula.child)
  if (formula.kind === 'atom') return new Set([formula])
  let atoms = known.get(formula)
  if (!atoms) {
    atoms = new Set(formula.children.flatMap((child) => [...atomsOf(child)]))
    known.set(formula, atoms)
  }
  return atoms
}
