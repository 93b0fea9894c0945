import { necessary, sufficient } from '../residual/necessary.ts'
import type { Atom, Literal, Opaque, Residual, Some } from '../residual/residual.ts'
import { gather, type Gathered } from './index-gather.ts'
import { isRelativeLiteral } from './index-leaf.ts'

/** A literal of one path of the event, and whether it must hold. */
export interface Leaf {
  /** Interned: the same literal is the same number. */
  readonly number: number
  readonly feature: number
}

/**
 * A necessary condition of a guardrail: AND and OR of leaves, negations pushed into them. What is
 * not understood counts as true in either sense, so that a formula that is false rules the guardrail
 * out, and one that is true rules nothing in. Interned: equal formulas are the same object.
 */
export type Formula = (
  | { readonly kind: 'true' | 'false' }
  | {
      readonly kind: 'leaf'
      readonly leaf: Leaf
      readonly wanted: boolean
      /** The scanner could not tell: it is looked at once the event is a candidate. */
      readonly late: boolean
    }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Formula[] }
) & {
  readonly number: number
  /** Features of the leaves that are not late; true where the formula is false without a leaf of it. */
  readonly features: ReadonlyMap<number, boolean>
}

/** What is known of a leaf. */
export type Answer = 'yes' | 'no' | 'unknown'

const NO_FEATURES: ReadonlyMap<number, boolean> = new Map()

/** The leaf of a literal; undefined for what nobody can decide. */
export type LeafOf = (literal: Atom | Some | Gathered | Opaque) => Leaf | undefined

/** Makes and simplifies formulas. */
export class Formulas {
  readonly never: Formula = { kind: 'false', number: 0, features: NO_FEATURES }
  readonly always: Formula = { kind: 'true', number: 1, features: NO_FEATURES }
  readonly #known = new Map<string, Formula>()

  /** The condition for a residual to hold, or, with `wanted` false, not to hold. */
  of(residual: Residual, leafOf: LeafOf, wanted = true): Formula {
    const { gathered, others } = gather(residual)
    return this.#join(wanted ? 'or' : 'and', [
      ...gathered.map((literal) => this.#leaf(leafOf(literal), wanted)),
      ...others.map((conjunction) =>
        this.#join(
          wanted ? 'and' : 'or',
          conjunction.map((literal) => this.#literal(literal, leafOf, wanted)),
        ),
      ),
    ])
  }

  #literal(literal: Literal, leafOf: LeafOf, wanted: boolean): Formula {
    switch (literal.kind) {
      case 'not':
        return this.of(literal.residual, leafOf, !wanted)
      case 'any':
        return this.of(literal.residual, leafOf, wanted)
      case 'some':
        return this.#some(literal, leafOf, wanted)
      case 'atom':
        return this.#atom(literal, leafOf, wanted)
      case 'opaque':
        return this.#leaf(leafOf(literal), wanted)
    }
  }

  #atom(atom: Atom, leafOf: LeafOf, wanted: boolean): Formula {
    if (atom.operator !== 'notEqual' && atom.operator !== 'truthy') {
      return this.#leaf(leafOf(atom), wanted)
    }
    const { path } = atom
    const operand = atom.operator === 'notEqual' ? atom.operand : { constant: false }
    const equal: Atom = { kind: 'atom', path, operator: 'equal', operand }
    const defined: Atom = { kind: 'atom', path, operator: 'defined' }
    return this.#join(wanted ? 'and' : 'or', [
      this.#leaf(leafOf(defined), wanted),
      this.#leaf(leafOf(equal), !wanted),
    ])
  }

  /** What the elements are compared with elsewhere in the event is left out, on the safe side. */
  #some(literal: Some, leafOf: LeafOf, wanted: boolean): Formula {
    const bound = wanted ? necessary : sufficient
    const where = bound(literal.where, (inner) =>
      inner.kind === 'some' ? typeof inner.path.from === 'object' : isRelativeLiteral(inner),
    )
    if (where.length === 0) return wanted ? this.never : this.always
    return this.#leaf(leafOf({ ...literal, where }), wanted)
  }

  #leaf(leaf: Leaf | undefined, wanted: boolean): Formula {
    return leaf ? this.#internLeaf(leaf, wanted, false) : this.always
  }

  #internLeaf(leaf: Leaf, wanted: boolean, late: boolean): Formula {
    return this.#intern(`leaf ${leaf.number} ${wanted} ${late}`, (number) => ({
      kind: 'leaf',
      number,
      leaf,
      wanted,
      late,
      features: late ? NO_FEATURES : new Map([[leaf.feature, true]]),
    }))
  }

  #join(kind: 'and' | 'or', parts: readonly Formula[]): Formula {
    const [absorbing, neutral] =
      kind === 'and' ? [this.never, this.always] : [this.always, this.never]
    const flat = parts.flatMap((part) => (part.kind === kind ? part.parts : [part]))
    if (flat.includes(absorbing)) return absorbing
    const distinct = [...new Set(flat)].filter((part) => part !== neutral)
    if (distinct.length === 0) return neutral
    if (distinct.length === 1) return distinct[0]!
    distinct.sort((a, b) => a.number - b.number)
    const key = `${kind} ${distinct.map((part) => part.number).join(' ')}`
    return this.#intern(key, (number) => {
      return { kind, number, parts: distinct, features: featuresOf(kind, distinct) }
    })
  }

  #intern(key: string, make: (number: number) => Formula): Formula {
    let found = this.#known.get(key)
    if (!found) this.#known.set(key, (found = make(this.#known.size + 2)))
    return found
  }

  /** The formula once the leaves of a feature are known. */
  assign(formula: Formula, feature: number, answer: (leaf: Leaf) => Answer): Formula {
    if (!formula.features.has(feature)) return formula
    switch (formula.kind) {
      case 'true':
      case 'false':
        return formula
      case 'leaf': {
        const found = answer(formula.leaf)
        if (found === 'unknown') return this.#internLeaf(formula.leaf, formula.wanted, true)
        return (found === 'yes') === formula.wanted ? this.always : this.never
      }
      default:
        return this.#assignParts(formula.kind, formula.parts, feature, answer)
    }
  }

  #assignParts(
    kind: 'and' | 'or',
    parts: readonly Formula[],
    feature: number,
    answer: (leaf: Leaf) => Answer,
  ): Formula {
    const absorbing = kind === 'and' ? this.never : this.always
    const left: Formula[] = []
    for (const part of parts) {
      const next = this.assign(part, feature, answer)
      // Nearly all guardrails end here: that it is not worth while to look at the rest matters.
      if (next === absorbing) return absorbing
      left.push(next)
    }
    return this.#join(kind, left)
  }
}

/** Whether a formula holds once nothing is late any more; `unknown` leaves count as they must. */
export function decideLate(formula: Formula, answer: (leaf: Leaf) => Answer): boolean {
  switch (formula.kind) {
    case 'true':
      return true
    case 'false':
      return false
    case 'leaf': {
      const found = answer(formula.leaf)
      return found === 'unknown' || (found === 'yes') === formula.wanted
    }
    case 'and':
      return formula.parts.every((part) => decideLate(part, answer))
    case 'or':
      return formula.parts.some((part) => decideLate(part, answer))
  }
}

/** An OR needs none of its parts. */
function featuresOf(kind: 'and' | 'or', parts: readonly Formula[]): Map<number, boolean> {
  const features = new Map<number, boolean>()
  for (const part of parts) {
    for (const [feature, needed] of part.features) {
      features.set(feature, (kind === 'and' && needed) || features.get(feature) === true)
    }
  }
  return features
}
