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
  #candidates: Map<number, Extracted[]> | undefined
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
    this.#candidates ??= candidatesOf(this.#formula)
    for (const value of this.#candidates.get(slot)!) {
      this.#fields.set(slot, value)
      if (this.#search()) return true
    }
    this.#fields.delete(slot)
    return false
  }

  /** Undefined where it depends on what is not known yet. */
  #evaluate(formula: Formula): boolean | undefined {
    if (++this.#steps > FORMULA_STEPS_MAX) throw new GivenUp()
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

/** For each field the values that make a difference: none, another one, and its constants. */
function candidatesOf(formula: Formula): Map<number, Extracted[]> {
  const bySlot = new Map<number, Set<Atom>>()
  const seen = new Set<Formula>()
  const visit = (part: Formula): void => {
    if (seen.has(part)) return
    seen.add(part)
    if (part.kind === 'not') return visit(part.child)
    if (part.kind !== 'atom') return part.children.forEach(visit)
    if (part.slot === undefined || part.slot < 0) return
    bySlot.set(part.slot, (bySlot.get(part.slot) ?? new Set()).add(part))
  }
  visit(formula)
  return new Map([...bySlot].map(([slot, atoms]) => [slot, distinct([...atoms])]))
}

/** One value for each combination of outcomes. */
function distinct(atoms: readonly Atom[]): Extracted[] {
  const constants = new Set(atoms.flatMap((atom) => atom.constants))
  const found = new Map<string, Extracted>()
  for (const value of [OTHER, ...constants, undefined]) {
    const key = atoms.map((atom) => atom.test(value)).join()
    if (!found.has(key)) found.set(key, value)
  }
  return [...found.values()]
}
