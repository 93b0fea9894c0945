import {
  RESIDUAL_BRANCHES_MAX,
  RESIDUAL_STATEMENT_LITERALS_MAX,
  RESIDUAL_STATEMENT_OPAQUE_MAX,
  RESIDUAL_STATEMENT_STEPS_MAX,
} from '../../text/limits.ts'
import { bind, type Branch, place, require, startBranch } from './branch.ts'
import { arityOf, callForks } from './call.ts'
import { close } from './close.ts'
import { both, either, opposite } from './logic.ts'
import { opaqueLiteral } from './opaque.ts'
import type { Scope } from './rules.ts'
import { type Size, sizeOfResidual } from '../size.ts'
import { reduce } from '../reduce.ts'
import { NotUnderstood, type Run, TooMuch } from './run.ts'
import type { Body, Expression, Term } from './syntax.ts'
import { hasFree, isFree, product } from './term.ts'
import { truthy } from './truthy.ts'
import { ofType } from './types.ts'
import type { Value } from './value.ts'
import { namesUsed, outerNames } from './variables.ts'
import { statementText } from './words.ts'

/** The ways in which a body holds. Statements wait until what they need has been bound. */
export function solveBody(run: Run, body: Body, start: Branch, scope: Scope): readonly Branch[] {
  const waiting = [...body]
  const shared = outerNames(body)
  let branches: readonly Branch[] = [start]
  while (waiting.length > 0 && branches.length > 0) {
    const [first] = branches
    const next = waiting.findIndex((statement) => isReady(statement, first!, shared, scope))
    const [statement] = waiting.splice(Math.max(next, 0), 1)
    run.step(branches.length)
    branches = branches.flatMap((branch) => step(run, statement!, branch, scope))
    if (branches.length > RESIDUAL_BRANCHES_MAX) throw new TooMuch()
  }
  return branches
}

/**
 * Whether everything is bound that a statement only uses. Inside of a `not`, a comprehension or an
 * `every` that is what occurs in the body outside of such places too.
 */
function isReady(
  statement: Expression,
  branch: Branch,
  shared: ReadonlySet<string>,
  scope: Scope,
): boolean {
  const isBound = (name: string): boolean => !isFree(name, branch)
  const { plain, closed } = namesUsed(statement)
  if (![...closed].every((name) => isBound(name) || !shared.has(name))) return false
  switch (statement.kind) {
    case 'equal':
      return isPlainReady(statement.left, branch) || isPlainReady(statement.right, branch)
    case 'call': {
      const arity = arityOfSafely(statement, scope)
      return statement.args.slice(0, arity).every((arg) => isPlainReady(arg, branch))
    }
    case 'term':
      return isPlainReady(statement.term, branch)
    default:
      return [...plain].every(isBound)
  }
}

function arityOfSafely(call: Extract<Expression, { kind: 'call' }>, scope: Scope): number {
  try {
    return arityOf(call.operator, scope) ?? 0
  } catch {
    return 0
  }
}

/** A term that could be evaluated: what is free in it is ranged over. */
function isPlainReady(term: Term, branch: Branch): boolean {
  if (term.kind !== 'ref') return !hasFree(term, branch)
  const { head } = term
  return head.kind !== 'var' || head.name === 'data' || !isFree(head.name, branch)
}

function step(run: Run, statement: Expression, branch: Branch, scope: Scope): readonly Branch[] {
  try {
    const branches =
      run.depth === 1
        ? bounded(run, statement, branch, scope)
        : stepInto(run, statement, branch, scope)
    return branches.map((next) => place(next, branch, statement.place))
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error
    return [place(notUnderstood(run, statement, branch, scope), branch, statement.place)]
  }
}

/** A statement of a guardrail itself is opaque where it would take or say too much. */
function bounded(run: Run, statement: Expression, branch: Branch, scope: Scope): readonly Branch[] {
  const branches = run.within(RESIDUAL_STATEMENT_STEPS_MAX, () =>
    stepInto(run, statement, branch, scope),
  )
  if (isUnwieldy(branches, branch)) throw new NotUnderstood()
  return branches
}

/** Says so much that to say nothing is better: nobody's rule or index would be made of it. */
function isUnwieldy(branches: readonly Branch[], since: Branch): boolean {
  const added = branches.map((branch) => branch.literals.slice(since.literals.length))
  if (!isLarge(sizeOfResidual(added))) return false
  return isLarge(sizeOfResidual(reduce(added)))
}

function isLarge({ literals, opaque }: Size): boolean {
  return literals > RESIDUAL_STATEMENT_LITERALS_MAX || opaque > RESIDUAL_STATEMENT_OPAQUE_MAX
}

function stepInto(
  run: Run,
  statement: Expression,
  branch: Branch,
  scope: Scope,
): readonly Branch[] {
  const inside = (body: Body): ReturnType<Run['condition']> =>
    run.condition(body, branch.variables, scope)
  switch (statement.kind) {
    case 'term':
      return run
        .evaluate(statement.term, branch, scope)
        .flatMap((fork) => require(fork.branch, truthy(run, fork.value)))
    case 'equal':
      return unify(run, statement.left, statement.right, branch, scope)
    case 'call':
      return call(run, statement, branch, scope)
    case 'not':
      return require(branch, opposite(inside(statement.body)))
    case 'and':
      return require(branch, both(inside(statement.left), inside(statement.right)))
    case 'or':
      return require(branch, either(inside(statement.left), inside(statement.right)))
    case 'every':
      return every(run, statement, branch, scope)
    case 'nothing':
      return [branch]
    default:
      throw new NotUnderstood()
  }
}

function unify(run: Run, left: Term, right: Term, branch: Branch, scope: Scope): readonly Branch[] {
  const [pattern, term] = hasFree(left, branch) ? [left, right] : [right, left]
  if (hasFree(term, branch)) return unifyItems(run, left, right, branch, scope)
  return run
    .evaluate(term, branch, scope)
    .flatMap(({ value, branch: next }) => run.match(pattern, value, next, scope))
}

/** Two arrays with variables to bind on both sides. */
function unifyItems(
  run: Run,
  left: Term,
  right: Term,
  branch: Branch,
  scope: Scope,
): readonly Branch[] {
  if (left.kind !== 'array' || right.kind !== 'array') throw new NotUnderstood()
  if (left.items.length !== right.items.length) return []
  return left.items.reduce<readonly Branch[]>(
    (branches, item, i) => branches.flatMap((one) => unify(run, item, right.items[i]!, one, scope)),
    [branch],
  )
}

function call(
  run: Run,
  statement: Extract<Expression, { kind: 'call' }>,
  branch: Branch,
  scope: Scope,
): readonly Branch[] {
  const { operator, args } = statement
  const arity = arityOf(operator, scope)
  const last = args.at(-1)
  // The value of a builtin that is not known goes to a variable that nothing has bound.
  const hasResult = arity === undefined ? last && hasFree(last, branch) : args.length > arity
  const given = hasResult ? args.slice(0, -1) : args
  return product(run, given, branch, scope).flatMap(({ values, branch: next }) =>
    callForks(run, operator, values, next, scope).flatMap((fork) =>
      hasResult
        ? run.match(last!, fork.value, fork.branch, scope)
        : require(fork.branch, truthy(run, fork.value)),
    ),
  )
}

/** Of a collection no element fails; of what is no collection nothing can be said, and it fails. */
function every(
  run: Run,
  statement: Extract<Expression, { kind: 'every' }>,
  branch: Branch,
  scope: Scope,
): readonly Branch[] {
  return run.evaluate(statement.domain, branch, scope).flatMap(({ value, branch: next }) => {
    const failing = run.iterate(value, startBranch(next.variables)).flatMap((entry) => {
      const keyed = named(statement.key, entry.key, entry.branch)
      const inner = named(statement.value, entry.value, keyed)
      const holds = run.condition(statement.body, inner.variables, scope)
      return require(inner, opposite(holds)).map(close)
    })
    const isCollection = ofType(run, value, ['array', 'object', 'set'])
    return require(next, both(isCollection, opposite(either(failing))))
  })
}

function named(term: Term | undefined, value: Value, branch: Branch): Branch {
  return term?.kind === 'var' ? bind(branch, term.name, value) : branch
}

/** One opaque literal for a statement, and values that are not known for what it would bind. */
function notUnderstood(run: Run, statement: Expression, branch: Branch, scope: Scope): Branch {
  const reads = run.readsOfStatement(statement, branch.variables, scope)
  const text = statementText(run, statement, branch.variables)
  const [next] = require(branch, [[opaqueLiteral(reads, text)]])
  const unbound = [...namesUsed(statement).plain].filter((name) => isFree(name, branch))
  const value: Value = { kind: 'unknown', reads, text }
  return unbound.reduce((one, name) => bind(one, name, value), next!)
}
