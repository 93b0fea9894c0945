import type { LineJudge, Spans } from '../audit/scanner/judge.ts'
import type { ScannerMemory } from '../audit/scanner/memory.ts'
import type { Matcher } from '../residual/holds.ts'
import type { Opaque, Path, Residual, ValueTest } from '../residual/residual.ts'
import { Features } from './index-feature.ts'
import { decideLate, type Formula, Formulas, type LeafOf } from './index-formula.ts'

/** More decisions than this are not kept; the index then starts afresh. */
const DECISIONS_MAX = 50_000

/** How much a feature counts that a condition is perhaps decided by, against one that it needs. */
const UNNEEDED = 1e-3

/** A guardrail, or any other decision, whose violations the index may rule out. */
export interface Indexed {
  /** After `bindData`; undefined where nothing is known of it: every event is its candidate. */
  readonly residual: Residual | undefined
  /** Answers for opaque literals of the residual that look at one path of the event. */
  readonly valueTest?: ((literal: Opaque) => ValueTest | undefined) | undefined
  /** Everything in the event that its decision depends on; undefined where that is not known. */
  readonly reads?: readonly Path[] | undefined
  /** Paths of which counts only whether something is there. */
  readonly presence?: readonly Path[] | undefined
  /** True where the decision follows from these and data alone, so that it may be remembered. */
  readonly pure?: boolean | undefined
}

/** A condition that is not decided yet, and whose it is. */
interface Pending {
  readonly rule: number
  readonly formula: Formula
}

/** A place in the tree of decisions: what is still open, and the feature that is asked for next. */
interface Decision {
  readonly address: number
  /** 0 where nothing can match; else one more than its position in the list. */
  readonly answer: number
  readonly feature: number | undefined
  readonly pending: readonly Pending[]
  /** The rules that are left, where nothing is open any more. */
  readonly rules: readonly number[] | undefined
  size: number
}

/**
 * Rules out, for an event, every guardrail that cannot match it. From their residuals come necessary
 * conditions on single paths of the event. Conditions are asked for one feature (a path and a way
 * of looking at it) at a time, the one that decides most first; what is left open after an answer is
 * a decision of its own, made when an event first needs it and remembered. So an event costs a few
 * steps, however many guardrails there are.
 *
 * Sound because a condition that is not understood counts as true in either sense (index-formula.ts)
 * and a value about which anything is in doubt is "unknown", which leaves its conditions open.
 */
export class EventIndex implements LineJudge {
  readonly paths: readonly (readonly string[])[]
  readonly bytes: number
  readonly #formulas: Formulas
  readonly #features: Features
  readonly #conditions: readonly Pending[]
  #memory!: ScannerMemory
  #decisions: Decision[] = []
  #byKey = new Map<string, Decision>()
  #byAddress = new Map<number, Decision>()
  #full = false

  /** @param matcher decides patterns and networks as OPA does */
  constructor(rules: readonly Indexed[], matcher: Matcher) {
    this.#features = new Features(matcher)
    this.#formulas = new Formulas()
    this.#conditions = rules.flatMap(({ residual, valueTest }, rule) => {
      const leafOf: LeafOf = (literal) => {
        switch (literal.kind) {
          case 'opaque':
            return this.#features.opaqueLeaf(literal, valueTest?.(literal))
          case 'any':
            return this.#features.gatheredLeaf(literal)
          default:
            return this.#features.leaf(literal)
        }
      }
      const formula = residual ? this.#formulas.of(residual, leafOf) : this.#formulas.always
      return split(formula).map((part) => ({ rule, formula: part }))
    })
    this.paths = this.#features.paths
    this.bytes = this.#features.bytes
  }

  /** Puts its tables into the scanner's memory; the first decision's address. */
  place(memory: ScannerMemory): number {
    this.#memory = memory
    this.#decisions = []
    this.#byKey = new Map()
    this.#byAddress = new Map()
    this.#full = false
    this.#features.place(memory)
    return this.#decision(this.#conditions)!.address
  }

  /** True where the tables should be placed anew. */
  get full(): boolean {
    return this.#full || this.#features.changed
  }

  observe(lines: number): void {
    this.#features.observe(lines)
  }

  classify(feature: number, start: number, end: number): number {
    return this.#features.classify(feature, start, end)
  }

  combine(feature: number, before: number, element: number): number {
    return this.#features.combine(feature, before, element)
  }

  decide(address: number, valueClass: number): number {
    const from = this.#byAddress.get(address)!
    const feature = from.feature!
    const next = this.#decision(this.#assign(from.pending, feature, valueClass))
    if (next === undefined) {
      // No room: everything that was open stays open, for this event.
      this.#full = true
      return this.#final(from).address
    }
    this.#remember(from, valueClass, next.address)
    return next.address
  }

  /**
   * The rules that an event must be evaluated for, in order; often the same list. `answer` is what the decisions came to,
   * `spans` are the event's values.
   */
  candidates(answer: number, spans: Spans): readonly number[] {
    const { pending, rules } = this.#decisions[answer - 1]!
    if (rules) return rules
    const found = new Set<number>()
    for (const { rule, formula } of pending) {
      if (found.has(rule)) continue
      if (decideLate(formula, (leaf) => this.#features.late(leaf, spans))) found.add(rule)
    }
    return [...found].sort((a, b) => a - b)
  }

  #assign(pending: readonly Pending[], feature: number, valueClass: number): Pending[] {
    const done = new Map<Formula, Formula>()
    const result: Pending[] = []
    for (const { rule, formula } of pending) {
      let next = done.get(formula)
      if (!next) {
        next = this.#formulas.assign(formula, feature, (leaf) =>
          this.#features.answer(leaf, valueClass),
        )
        done.set(formula, next)
      }
      if (next.kind !== 'false') result.push({ rule, formula: next })
    }
    return result
  }

  /** The decision with these conditions open; undefined where there is no room for it. */
  #decision(open: readonly Pending[]): Decision | undefined {
    const pending = withoutDecided(open)
    const key = pending.map(({ rule, formula }) => `${rule}:${formula.number}`).join()
    const known = this.#byKey.get(key)
    if (known) return known
    if (this.#decisions.length >= DECISIONS_MAX) return undefined
    const address = this.#memory.allocate(16)
    if (address === undefined) return undefined
    const feature = this.#next(pending)
    const answer = pending.length === 0 ? 0 : this.#decisions.length + 1
    const rules = pending.every(({ formula }) => formula.kind === 'true')
      ? pending.map(({ rule }) => rule)
      : undefined
    const decision: Decision = { address, answer, feature, pending, rules, size: 0 }
    const { words } = this.#memory
    words[address >> 2] = feature === undefined ? 0 : this.#features.address(feature)
    words[(address >> 2) + 1] = answer
    if (answer > 0) this.#decisions.push(decision)
    this.#byKey.set(key, decision)
    this.#byAddress.set(address, decision)
    return decision
  }

  /** A decision that asks for nothing more. Placed beforehand, so that there is always room. */
  #final(from: Decision): Decision {
    const { words } = this.#memory
    const spare = this.#features.spare
    words[spare >> 2] = 0
    words[(spare >> 2) + 1] = from.answer
    return { ...from, address: spare, feature: undefined }
  }

  #remember(from: Decision, valueClass: number, next: number): void {
    const { words } = this.#memory
    const record = from.address >> 2
    if (valueClass >= from.size) {
      const size = Math.max(8, 2 * from.size, valueClass + 1)
      const table = this.#memory.allocate(4 * size)
      if (table === undefined) {
        this.#full = true
        return
      }
      const old = words[record + 3]! >> 2
      words.copyWithin(table >> 2, old, old + from.size)
      from.size = size
      words[record + 2] = size
      words[record + 3] = table
    }
    words[(words[record + 3]! >> 2) + valueClass] = next
  }

  /** The feature that rules out most conditions; of equals the cheaper one. */
  #next(pending: readonly Pending[]): number | undefined {
    const counts = new Map<number, number>()
    for (const { formula } of pending) {
      for (const [feature, needed] of formula.features) {
        if (this.#features.isLate(feature)) continue
        counts.set(feature, (counts.get(feature) ?? 0) + (needed ? 1 : UNNEEDED))
      }
    }
    let best: number | undefined
    for (const feature of counts.keys()) {
      if (best === undefined || this.#isBetter(feature, best, counts)) best = feature
    }
    return best
  }

  #isBetter(feature: number, than: number, counts: ReadonlyMap<number, number>): boolean {
    const more = counts.get(feature)! - counts.get(than)!
    const cost = this.#features.cost(feature) - this.#features.cost(than)
    return more > 0 || (more === 0 && (cost < 0 || (cost === 0 && feature < than)))
  }
}

/** The alternatives of a formula. */
function split(formula: Formula): readonly Formula[] {
  if (formula.kind === 'false') return []
  return formula.kind === 'or' ? formula.parts : [formula]
}

/** Without the conditions of rules that are candidates already, whatever these come to. */
function withoutDecided(pending: readonly Pending[]): readonly Pending[] {
  const decided = new Set<number>()
  for (const { rule, formula } of pending) if (formula.kind === 'true') decided.add(rule)
  const kept = new Set<number>()
  return pending.filter(({ rule, formula }) => {
    if (!decided.has(rule)) return true
    if (formula.kind !== 'true' || kept.has(rule)) return false
    kept.add(rule)
    return true
  })
}
