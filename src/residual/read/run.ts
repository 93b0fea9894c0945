import type { Json, Path, Residual } from '../residual.ts'
import type { Branch, Fork, Range } from './branch.ts'
import type { RuleGroup, Scope } from './rules.ts'
import type { Body, Expression, Term } from './syntax.ts'
import type { Value, Variables } from './value.ts'

/** Thrown where a guardrail takes more than the limits allow; it is opaque as a whole then. */
export class TooMuch extends Error {}

/** Thrown for a statement that is not understood; it becomes one opaque literal. */
export class NotUnderstood extends Error {}

/** One thing that ranging over a value comes to. */
export interface Entry extends Fork {
  readonly key: Value
}

/**
 * The parts of the reader that need one another: bodies hold terms, terms are answered by rules,
 * rules have bodies.
 */
export interface Run {
  /** The ways in which a body holds, each a branch that goes on from the one given. */
  solve(body: Body, branch: Branch, scope: Scope): readonly Branch[]
  /** Whether a body holds in some way, with nothing of its variables left. */
  condition(body: Body, variables: Variables, scope: Scope): Residual
  evaluate(term: Term, branch: Branch, scope: Scope): readonly Fork[]
  /** The branches in which a pattern fits a value, its variables bound. */
  match(pattern: Term, value: Value, branch: Branch, scope: Scope): readonly Branch[]
  /** The values of a complete rule or a function. */
  apply(group: RuleGroup, args: readonly Value[], branch: Branch): readonly Fork[]
  /** What ranging over a value finds. */
  iterate(value: Value, branch: Branch): readonly Entry[]
  /** Some element of a collection meets a condition. */
  anyElement(value: Value, condition: (element: Value) => Residual): Residual
  /** A new element of what stands at a path. */
  range(path: Path): Range
  /** What an element is of, for an element that was made from another one. */
  know(range: Range): void
  rangedOver(id: number): Path
  /** A path that begins at no element and covers this one. */
  outer(path: Path): Path
  /** How many rules stand around what is read: 1 in the bodies of `violation`. */
  readonly depth: number
  /** Finds something with so much work at most; throws NotUnderstood where it takes more. */
  within<T>(steps: number, find: () => T): T
  /** Counts work; throws TooMuch. */
  step(count?: number): void
  /** Where a path begins, seen through the elements that it goes along. */
  origin(path: Path): 'event' | 'data'
  /** A regular expression in RE2's syntax. */
  isPattern(value: Json): boolean
  pathText(path: Path): string
  readsOfStatement(statement: Expression, variables: Variables, scope: Scope): readonly Path[]
  /** Everything of the event that a value was found out from. */
  readsOf(value: Value): readonly Path[]
}
