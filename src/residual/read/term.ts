import { type Residual, test } from '../residual.ts'
import { bind, type Branch, type Fork, require } from './branch.ts'
import { callForks } from './call.ts'
import { lookUpIn } from './collection.ts'
import { below, equal, itemsOf, membersOf } from './compare.ts'
import { both, literal, opposite } from './logic.ts'
import { opaque } from './opaque.ts'
import { constantNames, type Scope } from './rules.ts'
import { NotUnderstood, type Run } from './run.ts'
import type { Term } from './syntax.ts'
import { constant, lookUp, type Value } from './value.ts'
import { ofType } from './types.ts'
import { termText } from './words.ts'

/** The values that a term may have, each with what must hold for it. */
export function evaluateTerm(run: Run, term: Term, branch: Branch, scope: Scope): readonly Fork[] {
  run.step()
  switch (term.kind) {
    case 'constant':
      return [{ value: constant(term.value), branch }]
    case 'inexact':
      return [{ value: { kind: 'unknown', reads: [], text: term.text }, branch }]
    case 'var':
      return [{ value: variable(term.name, branch), branch }]
    case 'ref':
      return evaluateRef(run, term, branch, scope)
    case 'array':
    case 'set': {
      const { kind } = term
      return product(run, term.items, branch, scope).map(({ values, branch: end }) => ({
        value: { kind, items: values },
        branch: end,
      }))
    }
    case 'object':
      return evaluateObject(run, term, branch, scope)
    case 'call':
      return product(run, term.args, branch, scope).flatMap(({ values, branch: end }) =>
        callForks(run, term.operator, values, end, scope),
      )
    case 'comprehension': {
      const { variables } = branch
      return [{ value: { kind: 'comprehension', comprehension: term, variables, scope }, branch }]
    }
    default:
      throw new NotUnderstood()
  }
}

function variable(name: string, { variables }: Branch): Value {
  const value = lookUp(variables, name)
  if (value) return value
  if (name === 'input') return { kind: 'path', path: { from: 'event', steps: [] } }
  throw new NotUnderstood()
}

/** The values of several terms together. */
export function product(
  run: Run,
  terms: readonly Term[],
  start: Branch,
  scope: Scope,
): readonly { readonly values: readonly Value[]; readonly branch: Branch }[] {
  let rows: readonly { readonly values: readonly Value[]; readonly branch: Branch }[] = [
    { values: [], branch: start },
  ]
  for (const term of terms) {
    run.step(rows.length)
    rows = rows.flatMap(({ values, branch }) =>
      run.evaluate(term, branch, scope).map((fork) => ({
        values: [...values, fork.value],
        branch: fork.branch,
      })),
    )
  }
  return rows
}

function evaluateObject(
  run: Run,
  term: Extract<Term, { kind: 'object' }>,
  branch: Branch,
  scope: Scope,
): readonly Fork[] {
  const keys = term.members.map(([key]) => key)
  const isPlain = keys.every((key) => key.kind === 'constant' && typeof key.value === 'string')
  if (!isPlain) {
    return product(run, term.members.flat(), branch, scope).map(({ values, branch: end }) => ({
      value: {
        kind: 'unknown',
        reads: values.flatMap((value) => run.readsOf(value)),
        text: termText(run, term, branch.variables),
      },
      branch: end,
    }))
  }
  const terms = term.members.map(([, value]) => value)
  return product(run, terms, branch, scope).map(({ values, branch: end }) => ({
    value: {
      kind: 'object',
      members: new Map(
        values.map((value, i) => [(keys[i] as { value: string }).value, value] as const),
      ),
    },
    branch: end,
  }))
}

function evaluateRef(
  run: Run,
  term: Extract<Term, { kind: 'ref' }>,
  branch: Branch,
  scope: Scope,
): readonly Fork[] {
  const { head, steps } = term
  if (head.kind !== 'var' || head.name !== 'data' || lookUp(branch.variables, 'data')) {
    return run.evaluate(head, branch, scope).flatMap((fork) => follow(run, steps, fork, scope))
  }
  const names = constantNames(steps)
  const target = scope.find(names)
  switch (target.kind) {
    case 'document': {
      const value: Value = { kind: 'path', path: { from: 'data', steps: [] } }
      return follow(run, steps, { value, branch }, scope)
    }
    case 'undefined':
      return []
    case 'strange':
      throw new NotUnderstood()
    case 'rules': {
      const { group } = target
      // A function's name is no value.
      if (group.isFunction) throw new NotUnderstood()
      const rest = steps.slice(target.steps)
      const values: readonly Fork[] =
        group.kind === 'complete'
          ? run.apply(group, [], branch)
          : [{ value: { kind: 'rules', group }, branch }]
      return values.flatMap((fork) => follow(run, rest, fork, scope))
    }
  }
}

/** Goes down from a value, and at the end says that something stands there. */
function follow(run: Run, steps: readonly Term[], fork: Fork, scope: Scope): readonly Fork[] {
  let forks: readonly Fork[] = [fork]
  for (const step of steps) {
    run.step(forks.length)
    forks = forks.flatMap((one) => take(run, step, one, scope))
  }
  if (steps.length === 0) return forks
  return forks.flatMap(({ value, branch }) => {
    if (value.kind !== 'path' || isElement(value)) return [{ value, branch }]
    return require(branch, literal(test(value.path, 'defined'))).map((kept) => ({
      value,
      branch: kept,
    }))
  })
}

/** An element of what is ranged over is always there. */
function isElement({ path }: Extract<Value, { kind: 'path' }>): boolean {
  return path.steps.length === 0 && typeof path.from !== 'string'
}

function take(run: Run, step: Term, { value, branch }: Fork, scope: Scope): readonly Fork[] {
  if (step.kind === 'var' && !lookUp(branch.variables, step.name) && step.name !== 'input') {
    return run.iterate(value, branch).map((entry) => ({
      value: entry.value,
      branch: bind(entry.branch, step.name, entry.key),
    }))
  }
  return run
    .evaluate(step, branch, scope)
    .flatMap((key) => stepInto(run, value, key.value, key.branch))
}

function stepInto(run: Run, value: Value, key: Value, branch: Branch): readonly Fork[] {
  if (key.kind === 'constant') {
    const { value: name } = key
    if (value.kind === 'path') {
      if (typeof name !== 'string' && typeof name !== 'number') return []
      return [{ value: { kind: 'path', path: below(value.path, name) }, branch }]
    }
    const items = itemsOf(value)
    const member = items
      ? typeof name === 'number'
        ? items[name]
        : undefined
      : typeof name === 'string'
        ? membersOf(value)?.get(name)
        : undefined
    if (member) return [{ value: member, branch }]
    if (items || membersOf(value)) return []
  }
  // The key of an element: what was ranged over, or what must have such a key too.
  if (value.kind === 'path' && key.kind === 'path' && isKey(key)) {
    const element = elementAt(run, value, key)
    if (element) return [{ value: element, branch }]
  }
  return lookUpIn(run, value, key, branch)
}

function isKey({ path }: Extract<Value, { kind: 'path' }>): boolean {
  return typeof path.from !== 'string' && 'key' in path.from && path.steps.length === 0
}

function elementAt(
  run: Run,
  value: Extract<Value, { kind: 'path' }>,
  key: Extract<Value, { kind: 'path' }>,
): Value | undefined {
  const { from } = key.path
  if (typeof from === 'string' || !('key' in from)) return undefined
  const isSame = JSON.stringify(run.rangedOver(from.key)) === JSON.stringify(value.path)
  return isSame ? { kind: 'path', path: { from: { element: from.key }, steps: [] } } : undefined
}

/** The branches in which a pattern fits a value, its variables bound. */
export function matchTerm(
  run: Run,
  pattern: Term,
  value: Value,
  branch: Branch,
  scope: Scope,
): readonly Branch[] {
  if (pattern.kind === 'var' && isFree(pattern.name, branch))
    return [bind(branch, pattern.name, value)]
  if (!hasFree(pattern, branch)) {
    return run
      .evaluate(pattern, branch, scope)
      .flatMap((fork) => require(fork.branch, equal(run, fork.value, value)))
  }
  if (pattern.kind === 'array') return matchItems(run, pattern.items, value, branch, scope)
  if (pattern.kind === 'object') return matchMembers(run, pattern.members, value, branch, scope)
  throw new NotUnderstood()
}

export function isFree(name: string, { variables }: Branch): boolean {
  return name !== 'input' && name !== 'data' && !lookUp(variables, name)
}

/** Has a variable that matching would bind; those inside of references are ranged over instead. */
export function hasFree(term: Term, branch: Branch): boolean {
  if (term.kind === 'var') return isFree(term.name, branch)
  if (term.kind === 'array' || term.kind === 'set')
    return term.items.some((item) => hasFree(item, branch))
  return term.kind === 'object' && term.members.some(([, value]) => hasFree(value, branch))
}

function matchItems(
  run: Run,
  patterns: readonly Term[],
  value: Value,
  branch: Branch,
  scope: Scope,
): readonly Branch[] {
  const { length } = patterns
  if (value.kind === 'path') {
    const items = patterns.map((_, i): Value => ({ kind: 'path', path: below(value.path, i) }))
    return require(branch, hasLength(run, value, length)).flatMap((start) =>
      matchEach(run, patterns, items, start, scope),
    )
  }
  const items = itemsOf(value)
  if (!items) return matchUnknown(run, patterns, value, branch, scope)
  return items.length === length ? matchEach(run, patterns, items, branch, scope) : []
}

function matchEach(
  run: Run,
  patterns: readonly Term[],
  values: readonly Value[],
  start: Branch,
  scope: Scope,
): readonly Branch[] {
  return patterns.reduce<readonly Branch[]>(
    (branches, pattern, i) => branches.flatMap((one) => run.match(pattern, values[i]!, one, scope)),
    [start],
  )
}

function hasLength(run: Run, value: Extract<Value, { kind: 'path' }>, length: number): Residual {
  const has = (i: number): Residual => literal(test(below(value.path, i), 'defined'))
  const last = length === 0 ? [] : [has(length - 1)]
  return both(ofType(run, value, ['array']), ...last, opposite(has(length)))
}

function matchMembers(
  run: Run,
  patterns: readonly (readonly [Term, Term])[],
  value: Value,
  branch: Branch,
  scope: Scope,
): readonly Branch[] {
  const known = membersOf(value)
  const terms = patterns.map(([, pattern]) => pattern)
  const names = patterns.map(([key]) => (key.kind === 'constant' ? key.value : undefined))
  if (!known || names.some((name) => typeof name !== 'string')) {
    return matchUnknown(run, terms, value, branch, scope)
  }
  if (known.size !== names.length || names.some((name) => !known.has(name as string))) return []
  return matchEach(
    run,
    terms,
    names.map((name) => known.get(name as string)!),
    branch,
    scope,
  )
}

/** The value may have such parts; what they are, is not known. */
function matchUnknown(
  run: Run,
  patterns: readonly Term[],
  value: Value,
  branch: Branch,
  scope: Scope,
): readonly Branch[] {
  const part: Value = { kind: 'unknown', reads: run.readsOf(value), text: 'a part' }
  return require(branch, opaque(run, 'a pattern', value)).flatMap((start) =>
    matchEach(
      run,
      patterns,
      patterns.map(() => part),
      start,
      scope,
    ),
  )
}
