import { RESIDUAL_STEPS_MAX } from '../../text/limits.ts'
import type { Json, Path, Residual } from '../residual.ts'
import { pathText } from '../residual.ts'
import type { Accesses } from './accesses.ts'
import { compileRegex } from '../../text/regex.ts'
import { reduce } from '../reduce.ts'
import { solveBody } from './body.ts'
import { type Branch, type Fork, type Range, require, startBranch } from './branch.ts'
import { close } from './close.ts'
import { iterate } from './collection.ts'
import { either } from './logic.ts'
import { adopt, type Alternative, elementsOfRules, valuesOf } from './rule.ts'
import type { RuleGroup, Scope } from './rules.ts'
import { type Entry, NotUnderstood, type Run, TooMuch } from './run.ts'
import type { Body, Expression, Term } from './syntax.ts'
import { evaluateTerm, matchTerm } from './term.ts'
import type { Closure, Value, Variables } from './value.ts'

/** Reads one guardrail: what has been found out about rules without arguments is remembered. */
export class Reader implements Run {
  readonly #accesses: Accesses
  readonly #ranges = new Map<number, Path>()
  readonly #values = new Map<RuleGroup, readonly Alternative[]>()
  readonly #elements = new Map<RuleGroup, readonly Alternative[]>()
  readonly #patterns = new Map<string, boolean>()
  #steps = 0
  #limit = RESIDUAL_STEPS_MAX
  #depth = 0

  constructor(accesses: Accesses) {
    this.#accesses = accesses
  }

  /** Steps taken so far. */
  get steps(): number {
    return this.#steps
  }

  get depth(): number {
    return this.#depth
  }

  /** Looks into a rule. */
  #enter<T>(find: () => T): T {
    this.#depth += 1
    try {
      return find()
    } finally {
      this.#depth -= 1
    }
  }

  solve(body: Body, branch: Branch, scope: Scope): readonly Branch[] {
    return solveBody(this, body, branch, scope)
  }

  condition(body: Body, variables: Variables, scope: Scope): Residual {
    return reduce(either(this.solve(body, startBranch(variables), scope).map(close)))
  }

  evaluate(term: Term, branch: Branch, scope: Scope): readonly Fork[] {
    return evaluateTerm(this, term, branch, scope)
  }

  match(pattern: Term, value: Value, branch: Branch, scope: Scope): readonly Branch[] {
    return matchTerm(this, pattern, value, branch, scope)
  }

  apply(group: RuleGroup, args: readonly Value[], branch: Branch): readonly Fork[] {
    const find = (): readonly Alternative[] => this.#enter(() => valuesOf(this, group, args))
    const values = args.length > 0 ? find() : remembered(this.#values, group, find)
    this.step(values.length)
    return values.map((one) => adopt(this, one, branch))
  }

  iterate(value: Value, branch: Branch): readonly Entry[] {
    return iterate(this, value, branch, (collection) =>
      collection.kind === 'rules'
        ? this.#iterateRules(collection.group, branch)
        : this.#iterateClosure(collection, branch),
    )
  }

  #iterateRules(group: RuleGroup, branch: Branch): readonly Entry[] {
    const elements = remembered(this.#elements, group, () =>
      this.#enter(() => elementsOfRules(this, group)),
    )
    this.step(elements.length)
    return elements.map((one) => adopt(this, one, branch))
  }

  #iterateClosure({ comprehension, variables, scope }: Closure, branch: Branch): readonly Entry[] {
    const { of, key, term, body } = comprehension
    const back = (end: Branch): Branch => ({ ...end, variables: branch.variables })
    return this.solve(body, { ...branch, variables }, scope).flatMap((end) =>
      this.evaluate(term, end, scope).flatMap((fork): readonly Entry[] => {
        if (of === 'set') return [{ key: fork.value, value: fork.value, branch: back(fork.branch) }]
        if (of === 'object') {
          return this.evaluate(key!, fork.branch, scope).map((named) => ({
            key: named.value,
            value: fork.value,
            branch: back(named.branch),
          }))
        }
        const index: Value = { kind: 'unknown', reads: this.readsOf(fork.value), text: 'an index' }
        return [{ key: index, value: fork.value, branch: back(fork.branch) }]
      }),
    )
  }

  anyElement(value: Value, condition: (element: Value) => Residual): Residual {
    const entries = this.iterate(value, startBranch())
    return either(
      entries.flatMap((entry) => require(entry.branch, condition(entry.value)).map(close)),
    )
  }

  range(path: Path): Range {
    const id = this.#ranges.size + 1
    this.#ranges.set(id, path)
    return { id, path }
  }

  know({ id, path }: Range): void {
    this.#ranges.set(id, path)
  }

  rangedOver(id: number): Path {
    return this.#ranges.get(id)!
  }

  outer(path: Path): Path {
    const { from } = path
    if (typeof from === 'string') return path
    return this.outer(this.rangedOver('element' in from ? from.element : from.key))
  }

  step(count = 1): void {
    this.#steps += count
    if (this.#steps > this.#limit) throw new TooMuch()
  }

  within<T>(steps: number, find: () => T): T {
    const outer = this.#limit
    this.#limit = Math.min(outer, this.#steps + steps)
    try {
      return find()
    } catch (error) {
      if (error instanceof TooMuch && this.#steps <= outer) throw new NotUnderstood()
      throw error
    } finally {
      this.#limit = outer
    }
  }

  isPattern(value: Json): boolean {
    if (typeof value !== 'string') return false
    return remembered(this.#patterns, value, () => {
      try {
        compileRegex(value)
        return true
      } catch {
        return false
      }
    })
  }

  origin({ from }: Path): 'event' | 'data' {
    if (typeof from === 'string') return from
    return this.origin(this.rangedOver('element' in from ? from.element : from.key))
  }

  pathText({ from, steps }: Path): string {
    if (typeof from === 'string') return pathText({ from, steps })
    const over = this.pathText(this.rangedOver('element' in from ? from.element : from.key))
    const rest = pathText({ from: 'event', steps }).slice('input'.length)
    return 'element' in from ? `${over}[_]${rest}` : `a key of ${over}`
  }

  readsOfStatement(statement: Expression, variables: Variables, scope: Scope): readonly Path[] {
    return this.#accesses.ofStatement(statement, variables, scope)
  }

  readsOf(value: Value): readonly Path[] {
    return this.#accesses.ofValue(value)
  }
}

function remembered<K, V>(known: Map<K, V>, key: K, find: () => V): V {
  let value = known.get(key)
  if (value === undefined) known.set(key, (value = find()))
  return value
}
