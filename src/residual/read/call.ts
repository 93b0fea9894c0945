import { type Branch, type Fork, require } from './branch.ts'
import { COMPUTATIONS } from './functions.ts'
import { both, opposite } from './logic.ts'
import { opaque } from './opaque.ts'
import { PREDICATES } from './predicates.ts'
import type { RuleGroup, Scope } from './rules.ts'
import { NotUnderstood, type Run } from './run.ts'
import { constant, type Value } from './value.ts'
import { valueText } from './words.ts'

/** The values of a builtin or function. */
export function callForks(
  run: Run,
  operator: readonly string[],
  args: readonly Value[],
  branch: Branch,
  scope: Scope,
): readonly Fork[] {
  run.step()
  if (operator[0] === 'data') {
    const group = functionOf(operator, scope)
    return group ? run.apply(group, args, branch) : []
  }
  const name = operator.join('.')
  const predicate = PREDICATES[name]
  if (predicate) {
    const holds = predicate.holds(run, args)
    const fails = both(predicate.answers?.(run, args) ?? [[]], opposite(holds))
    return [
      ...require(branch, holds).map((is) => ({ value: constant(true), branch: is })),
      ...require(branch, fails).map((not) => ({ value: constant(false), branch: not })),
    ]
  }
  const computation = COMPUTATIONS[name]
  if (computation) {
    return computation
      .outcomes(run, args)
      .flatMap(({ value, when }) => require(branch, when).map((kept) => ({ value, branch: kept })))
  }
  const value: Value = { kind: 'call', name, args, type: undefined }
  return require(branch, opaque(run, valueText(run, value), ...args)).map((kept) => ({
    value,
    branch: kept,
  }))
}

/** How many arguments an operator takes before the one that its value goes to. */
export function arityOf(operator: readonly string[], scope: Scope): number | undefined {
  if (operator[0] === 'data') return functionOf(operator, scope)?.rules[0]?.parameters?.length
  const name = operator.join('.')
  return (PREDICATES[name] ?? COMPUTATIONS[name])?.arity
}

/** Undefined where nothing is left of the function: it has no value for anything. */
function functionOf(operator: readonly string[], scope: Scope): RuleGroup | undefined {
  const target = scope.find(operator.slice(1))
  if (target.kind === 'undefined') return undefined
  if (target.kind !== 'rules' || !target.group.isFunction) throw new NotUnderstood()
  return target.group
}
