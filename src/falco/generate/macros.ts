/** What guardrails share: the rules of their library that say something of an event, as macros. */
import { Facts } from '../../residual/facts.ts'
import { conjunctionKey, literalKey } from '../../residual/key.ts'
import type { Conjunction, Literal, Residual } from '../../residual/residual.ts'
import type { Expr } from '../condition/ast.ts'
import { identifier, type Term } from './expr.ts'

/** A rule of a library without arguments, and when it holds. */
export interface SharedRule {
  /** `is_outsider` */
  readonly name: string
  /** After `assumeTypes`. */
  readonly residual: Residual
}

export interface Macro {
  readonly name: string
  readonly condition: Expr
}

interface Candidate {
  readonly name: string
  readonly residual: Residual
  /** Literals that hold together where the rule does, if it has one body. */
  readonly all: Conjunction | undefined
  /** Literals each of which makes it hold, if its bodies have one each. */
  readonly each: Conjunction | undefined
}

interface Within {
  readonly used: readonly { readonly name: string; readonly negated: boolean }[]
  /** Literals that no macro says. */
  readonly left: Conjunction
}

/** Finds shared rules in residuals, and remembers which were used. */
export class Macros {
  readonly #candidates: readonly Candidate[]
  readonly #macros = new Map<string, Term>()
  /** Rules that are being translated, which must not be found in themselves. */
  readonly #open: string[] = []

  /** @param prefix of the names of macros: `parapet` */
  constructor(shared: readonly SharedRule[], prefix: string) {
    const seen = new Set<string>()
    const names = new Set<string>()
    this.#candidates = shared
      .flatMap(({ name, residual }): Candidate[] => {
        const key = residualSet(residual)
        if (residual.length === 0 || residual.some(({ length }) => length === 0) || seen.has(key))
          return []
        seen.add(key)
        const each = residual.every(({ length }) => length === 1)
        return [
          {
            name: freeName(name, prefix, names),
            residual,
            all: residual.length === 1 ? residual[0]! : undefined,
            each: each ? residual.map(([only]) => only!) : undefined,
          },
        ]
      })
      .sort((a, b) => sizeOf(b) - sizeOf(a))
  }

  /** Macros that were used, each behind those that it uses. */
  get used(): readonly Macro[] {
    return [...this.#macros].flatMap(([name, condition]) =>
      typeof condition === 'boolean' ? [] : [{ name, condition }],
    )
  }

  /** The macro that says just this, of alternatives. */
  ofAlternatives(residual: Residual): string | undefined {
    if (residual.length < 2) return undefined
    const key = residualSet(residual)
    return this.#others().find((candidate) => residualSet(candidate.residual) === key)?.name
  }

  /** @param around what holds besides the conjunction */
  within(conjunction: Conjunction, around: Facts): Within {
    const used: { name: string; negated: boolean }[] = []
    const said = new Facts()
    let left = conjunction
    for (const candidate of this.#others()) {
      const { name, all, each } = candidate
      const own = all && saidBy(all, left, around)
      const denied = own || !each ? undefined : saidBy(each.map(negation), left, around)
      const found = own ?? denied
      if (!found) continue
      used.push({ name, negated: own === undefined })
      for (const literal of own ? all! : each!.map(negation)) said.add(literal)
      left = left.filter((literal) => !found.has(literalKey(literal)))
    }
    return { used, left: left.filter((literal) => said.decide(literal) !== true) }
  }

  /** A use of a macro; its condition is made when it is used first. */
  use(name: string, translate: (residual: Residual) => Term): Term {
    if (!this.#macros.has(name)) {
      const { residual } = this.#candidates.find((candidate) => candidate.name === name)!
      this.#open.push(name)
      let condition: Term
      try {
        condition = translate(residual)
      } finally {
        this.#open.pop()
      }
      // Set when it is complete, so that it stands behind those that it uses.
      this.#macros.set(name, condition)
    }
    const condition = this.#macros.get(name)!
    return typeof condition === 'boolean' ? condition : identifier(name)
  }

  /** A rule is not found in itself, nor in a rule that is smaller. */
  #others(): readonly Candidate[] {
    const open = this.#open.at(-1)
    if (open === undefined) return this.#candidates
    const at = this.#candidates.findIndex(({ name }) => name === open)
    return this.#candidates.slice(at + 1)
  }
}

/** Without `is_`, unless another rule has that name; rules of several libraries may be called alike. */
function freeName(rule: string, prefix: string, taken: Set<string>): string {
  const isFree = (name: string): boolean => !taken.has(name)
  let name = [rule.replace(/^is_/, ''), rule].map((one) => `${prefix}_${one}`).find(isFree)
  for (let i = 2; name === undefined; i++)
    if (isFree(`${prefix}_${rule}_${i}`)) name = `${prefix}_${rule}_${i}`
  taken.add(name)
  return name
}

/**
 * The keys of the literals of a conjunction that say a rule, together with what is known besides;
 * undefined where they do not.
 */
function saidBy(
  rule: Conjunction,
  conjunction: Conjunction,
  around: Facts,
): Set<string> | undefined {
  const keys = new Set(conjunction.map(literalKey))
  const own = rule.filter((literal) => keys.has(literalKey(literal)))
  if (own.length === 0 || own.length < rule.length / 2) return undefined
  const known = rule.every(
    (literal) => keys.has(literalKey(literal)) || around.decide(literal) === true,
  )
  return known ? new Set(own.map(literalKey)) : undefined
}

function negation(literal: Literal): Literal {
  if (literal.kind === 'not' && literal.residual.length === 1 && literal.residual[0]!.length === 1)
    return literal.residual[0]![0]!
  return { kind: 'not', residual: [[literal]] }
}

/** Whatever the order. */
function residualSet(residual: Residual): string {
  return residual.map(conjunctionKey).sort().join('|')
}

function sizeOf({ residual }: Candidate): number {
  return residual.flat().length
}
