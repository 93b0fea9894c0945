import type { Verdict } from '../engine/judge.ts'
import { type ReadyCase, resultOf } from './run.ts'

/** One change of a guardrail's own Rego. */
export interface Mutant {
  /**
   * What is done: a condition, an element of a list or one of several bodies is left out; a condition
   * is negated; an operator or a constant is another one.
   */
  readonly kind: 'condition' | 'element' | 'body' | 'negation' | 'operator' | 'constant'
  /** The text as it is written. */
  readonly before: string
  /** What stands there instead; empty where it is left out. */
  readonly after: string
  readonly file: string
  readonly line: number
  readonly column: number
}

/** What a guardrail and its mutants say of one event. */
export interface MutantVerdicts {
  /** Most say the same, which stands here once. */
  readonly verdicts: readonly Verdict[]
  /** Positions in `verdicts`: first of the guardrail as it is written, then of each mutant. */
  readonly each: readonly number[]
}

/** The mutants of a guardrail, and what they say of events. */
export interface MutantAnswers {
  readonly mutants: readonly Mutant[]
  /** Number of mutants beyond the limit, which were not tried. */
  readonly leftOut: number
  readonly events: readonly MutantVerdicts[]
}

/** How cases tell a guardrail from its mutants. */
export interface Mutation {
  readonly mutants: readonly Mutant[]
  readonly leftOut: number
  /** The mutants that no case notices: of every case they make what it wants. */
  readonly survivors: readonly Mutant[]
}

/**
 * Judges mutants by cases. One that fails, or does not come to an end, is noticed. A case that fails
 * with the guardrail as it is written tells nothing.
 * @param answers about all events of the cases, in their order
 */
export function judgeMutants(
  cases: readonly ReadyCase[],
  { mutants, leftOut, events }: MutantAnswers,
): Mutation {
  let left = mutants.map((_, index) => index)
  let next = 0
  for (const ready of cases) {
    const own = events.slice(next, next + ready.events.length)
    next += ready.events.length
    const passes = passesWith(ready, own)
    if (passes(0)) left = left.filter((index) => passes(index + 1))
  }
  return { mutants, leftOut, survivors: left.map((index) => mutants[index]!) }
}

/** Whether a case passes with the verdicts at a position, each combination of them judged once. */
function passesWith(
  ready: ReadyCase,
  events: readonly MutantVerdicts[],
): (position: number) => boolean {
  const known = new Map<string, boolean>()
  return (position) => {
    const said = events.map(({ each }) => each[position]!)
    const key = said.join()
    const before = known.get(key)
    if (before !== undefined) return before
    const verdicts = events.map((event, index) => event.verdicts[said[index]!]!)
    const passes = resultOf(ready, verdicts).status === 'pass'
    known.set(key, passes)
    return passes
  }
}

/** Share of mutants that a case notices, 0 to 100; 100 where there are none. */
export function mutationScore(all: readonly Mutation[]): number {
  const count = (what: 'mutants' | 'survivors'): number =>
    all.reduce((sum, one) => sum + one[what].length, 0)
  const mutants = count('mutants')
  return mutants === 0 ? 100 : (100 * (mutants - count('survivors'))) / mutants
}
