import { reduce } from '../reduce.ts'
import type { Residual } from '../residual.ts'
import { type Branch, require, startBranch } from './branch.ts'
import { close } from './close.ts'
import { renameElements } from './elements.ts'
import { either, opposite } from './logic.ts'
import { distinct } from './opaque.ts'
import { elementsOfValue, renameRanges, renameValue } from './rename.ts'
import type { RuleGroup } from './rules.ts'
import type { Entry, Run } from './run.ts'
import type { Rule } from './syntax.ts'
import type { Value } from './value.ts'

/** One way in which rules have a value, on its own: no variable of whoever asks is in it. */
export interface Alternative {
  readonly value: Value
  /** Of an element of a partial set or object. */
  readonly key?: Value
  readonly literals: Branch['literals']
  readonly ranges: Branch['ranges']
}

/** The values of a complete rule, or of a function for these arguments. */
export function valuesOf(
  run: Run,
  group: RuleGroup,
  args: readonly Value[],
): readonly Alternative[] {
  const plain = group.rules.filter((rule) => !rule.isDefault)
  const found = plain.flatMap((rule) => chainValues(run, group, rule, args))
  const byDefault = group.rules
    .filter((rule) => rule.isDefault)
    .flatMap((rule) => {
      const none = opposite(either(found.map((one) => close(asBranch(one)))))
      return start(run, group, rule, args)
        .flatMap((branch) => require(branch, none))
        .flatMap((branch) => ownValues(run, group, rule, branch))
    })
  return merge(run, [...found, ...byDefault])
}

/** A rule and its `else`: a link has a value where none before it has one. */
function chainValues(
  run: Run,
  group: RuleGroup,
  rule: Rule,
  args: readonly Value[],
): readonly Alternative[] {
  const found: Alternative[] = []
  let before: Residual = []
  for (let link: Rule | undefined = rule; link; link = link.otherwise) {
    const here: Rule = link
    const own = start(run, group, here, args)
      .flatMap((branch) => run.solve(here.body, branch, group.scope))
      .flatMap((branch) => ownValues(run, group, here, branch))
    for (const one of own) {
      for (const branch of require(asBranch(one), opposite(before)))
        found.push({ ...one, ...branch })
    }
    before = either(
      before,
      own.map((one) => close(asBranch(one))),
    )
  }
  return found
}

/** The branches in which a function's parameters fit what it is given. */
function start(run: Run, group: RuleGroup, rule: Rule, args: readonly Value[]): readonly Branch[] {
  return (rule.parameters ?? []).reduce<readonly Branch[]>(
    (branches, parameter, i) =>
      branches.flatMap((branch) => run.match(parameter, args[i]!, branch, group.scope)),
    [startBranch()],
  )
}

function ownValues(run: Run, group: RuleGroup, rule: Rule, branch: Branch): readonly Alternative[] {
  return run
    .evaluate(rule.value, branch, group.scope)
    .map(({ value, branch: { literals, ranges } }) => ({ value, literals, ranges }))
}

/** The elements of a partial set, or the members of a partial object. */
export function elementsOfRules(run: Run, group: RuleGroup): readonly Alternative[] {
  return group.rules.flatMap((rule) =>
    run
      .solve(rule.body, startBranch(), group.scope)
      .flatMap((branch) => run.evaluate(rule.key!, branch, group.scope))
      .flatMap(({ value: key, branch }) =>
        ownValues(run, group, rule, branch).map((one) => ({
          ...one,
          key,
          value: group.kind === 'set' ? key : one.value,
        })),
      ),
  )
}

function asBranch({ literals, ranges }: Alternative): Branch {
  return { variables: undefined, literals, ranges }
}

/**
 * Puts alternatives of one value together. What a value does not look at ends here, so that helpers
 * with several bodies stay one condition and do not multiply what they are used in.
 */
function merge(run: Run, alternatives: readonly Alternative[]): readonly Alternative[] {
  const byValue = new Map<string, Alternative & { readonly condition: Residual }>()
  const open: Alternative[] = []
  for (const one of alternatives) {
    const key = plainKey(one.value)
    if (key === undefined || elementsOfValue(one.value).length > 0) {
      open.push(one)
      continue
    }
    const before = byValue.get(key)?.condition ?? []
    const condition = either(before, [close(asBranch(one))])
    byValue.set(key, { ...one, condition })
  }
  const closed = [...byValue.values()].flatMap(({ value, condition }) =>
    require(startBranch(), reduce(condition)).map(({ literals, ranges }) => ({
      value,
      literals,
      ranges,
    })),
  )
  return [...closed, ...blur(run, open)]
}

/**
 * Values that nothing more is known of become one: that there is one is as much as can be said of
 * the results of computations, however many ways lead to them.
 */
function blur(run: Run, alternatives: readonly Alternative[]): readonly Alternative[] {
  const blurred = alternatives.filter(({ value }) => isBlurred(value))
  if (blurred.length < 2) return alternatives
  const reads = blurred.flatMap(({ value }) => run.readsOf(value)).map((path) => run.outer(path))
  const condition = reduce(either(blurred.map((one) => close(asBranch(one)))))
  const value: Value = { kind: 'unknown', reads: distinct(reads), text: 'a computed value' }
  const one = require(startBranch(), condition).map(({ literals, ranges }) => ({
    value,
    literals,
    ranges,
  }))
  return [...alternatives.filter(({ value }) => !isBlurred(value)), ...one]
}

function isBlurred(value: Value): boolean {
  return (
    value.kind === 'unknown' || (value.kind === 'call' && !['count', 'lower'].includes(value.name))
  )
}

/** Text that equal values share; undefined for values that hold variables of somebody's. */
function plainKey(value: Value): string | undefined {
  switch (value.kind) {
    case 'constant':
    case 'path':
      return JSON.stringify(value)
    case 'text': {
      const parts = value.parts.map(plainKey)
      return parts.includes(undefined) ? undefined : JSON.stringify(parts)
    }
    default:
      return undefined
  }
}

/** An alternative in a branch, with elements of its own. */
export function adopt(run: Run, one: Alternative, branch: Branch): Entry {
  const names = new Map(one.ranges.map((range) => [range.id, run.range(range.path).id]))
  const ranges = renameRanges(one.ranges, names)
  for (const range of ranges) run.know(range)
  const literals = one.literals.map((literal) => renameElements(literal, names))
  return {
    value: names.size === 0 ? one.value : renameValue(one.value, names),
    key: one.key ? renameValue(one.key, names) : { kind: 'constant', value: null },
    branch: {
      variables: branch.variables,
      literals: [...branch.literals, ...literals],
      ranges: [...branch.ranges, ...ranges],
    },
  }
}
