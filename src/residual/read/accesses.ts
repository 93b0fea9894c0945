import type { Path } from '../residual.ts'
import { below } from './compare.ts'
import { distinct } from './opaque.ts'
import { constantNames, type RuleGroup, type Scope } from './rules.ts'
import type { Body, Call, Expression, Rule, Term } from './syntax.ts'
import { lookUp, type Value, type Variables } from './value.ts'

/** What rules or statements look at, at most. */
export interface Access {
  readonly paths: readonly Path[]
  /** No builtin among them asks for the time, chance or the network. */
  readonly isPure: boolean
}

const EVERYTHING: Path = { from: 'event', steps: [] }

interface Visit {
  readonly paths: Path[]
  isPure: boolean
  readonly scope: Scope
  /** Variables that stand for the whole event. To bind one is not to read it: there is always one. */
  readonly whole: Set<string>
  readonly variables: Variables
}

/**
 * Finds out what is looked at without finding out when: every reference of every rule that is
 * reached counts. A value that is bound to a variable counts as read, whatever becomes of it.
 */
export class Accesses {
  readonly #nondeterministic: ReadonlySet<string>
  readonly #known = new Map<RuleGroup, Map<string, Access>>()

  /** @param nondeterministic names of builtins */
  constructor(nondeterministic: readonly string[]) {
    this.#nondeterministic = new Set(nondeterministic)
  }

  /** @param whole the parameters that are given the whole event, by number */
  ofGroup(group: RuleGroup, whole: readonly number[] = []): Access {
    const known = this.#known.get(group) ?? new Map<string, Access>()
    this.#known.set(group, known)
    const key = whole.join()
    let access = known.get(key)
    if (!access) {
      const visit = startVisit(group.scope)
      for (const rule of group.rules) this.#rule(rule, whole, visit)
      known.set(key, (access = { paths: distinct(visit.paths), isPure: visit.isPure }))
    }
    return access
  }

  ofStatement(statement: Expression, variables: Variables, scope: Scope): readonly Path[] {
    const visit = startVisit(scope, variables)
    this.#body([statement], visit)
    return distinct(visit.paths)
  }

  ofValue(value: Value): readonly Path[] {
    const all = (values: readonly Value[]): readonly Path[] =>
      values.flatMap((one) => this.ofValue(one))
    switch (value.kind) {
      case 'constant':
        return []
      case 'path':
        return [value.path]
      case 'text':
      case 'template':
        return all(value.parts)
      case 'array':
      case 'set':
        return all(value.items)
      case 'object':
        return all([...value.members.values()])
      case 'comprehension': {
        const visit = startVisit(value.scope, value.variables)
        this.#term(value.comprehension, visit)
        return distinct(visit.paths)
      }
      case 'rules':
        return this.ofGroup(value.group).paths
      case 'sets':
        return all([value.left, value.right])
      case 'call':
        return all(value.args)
      case 'unknown':
        return value.reads
    }
  }

  #rule(rule: Rule, whole: readonly number[], outer: Visit): void {
    const parameters = rule.parameters ?? []
    const names = whole.flatMap((i) => {
      const parameter = parameters[i]
      return parameter?.kind === 'var' ? [parameter.name] : []
    })
    const visit: Visit = { ...startVisit(outer.scope), whole: new Set(names), paths: outer.paths }
    this.#body(rule.body, visit)
    this.#term(rule.value, visit)
    if (rule.key) this.#term(rule.key, visit)
    outer.isPure &&= visit.isPure
    if (rule.otherwise) this.#rule(rule.otherwise, whole, outer)
  }

  #body(body: Body, visit: Visit): void {
    for (const statement of body) {
      if (statement.kind !== 'equal') continue
      const { left, right } = statement
      if (isWhole(right, visit) && left.kind === 'var') visit.whole.add(left.name)
      else if (isWhole(left, visit) && right.kind === 'var') visit.whole.add(right.name)
    }
    for (const statement of body) this.#statement(statement, visit)
  }

  #statement(statement: Expression, visit: Visit): void {
    switch (statement.kind) {
      case 'term':
        return isWhole(statement.term, visit) ? undefined : this.#term(statement.term, visit)
      case 'equal': {
        const { left, right } = statement
        // One side or both were bound above.
        if (isWhole(left, visit) && isWhole(right, visit)) return
        this.#term(left, visit)
        return this.#term(right, visit)
      }
      case 'call':
        return this.#call(statement, visit)
      case 'not':
        return this.#body(statement.body, visit)
      case 'and':
      case 'or':
        this.#body(statement.left, visit)
        return this.#body(statement.right, visit)
      case 'every':
        this.#term(statement.domain, visit)
        return this.#body(statement.body, visit)
      case 'with':
        for (const value of statement.values) this.#term(value, visit)
        return this.#statement(statement.inner, visit)
      case 'nothing':
        return
      default:
        visit.paths.push(EVERYTHING)
        visit.isPure = false
    }
  }

  #term(term: Term, visit: Visit): void {
    switch (term.kind) {
      case 'var':
        return this.#variable(term.name, [], visit)
      case 'ref':
        return this.#ref(term, visit)
      case 'array':
      case 'set':
        return term.items.forEach((item) => this.#term(item, visit))
      case 'object':
        return term.members.flat().forEach((one) => this.#term(one, visit))
      case 'call':
        return this.#call(term, visit)
      case 'comprehension':
        this.#body(term.body, visit)
        if (term.key) this.#term(term.key, visit)
        return this.#term(term.term, visit)
      case 'strange':
        visit.paths.push(EVERYTHING)
        visit.isPure = false
        return
      default:
        return
    }
  }

  #variable(name: string, steps: readonly Term[], visit: Visit): void {
    const value = lookUp(visit.variables, name)
    if (value?.kind === 'path') visit.paths.push(below(value.path, ...constantSteps(steps)))
    else if (value) visit.paths.push(...this.ofValue(value))
    else if (name === 'input' || visit.whole.has(name))
      visit.paths.push(below(EVERYTHING, ...constantSteps(steps)))
  }

  #ref({ head, steps }: Extract<Term, { kind: 'ref' }>, visit: Visit): void {
    for (const step of steps) this.#term(step, visit)
    if (head.kind !== 'var') return this.#term(head, visit)
    if (head.name !== 'data' || lookUp(visit.variables, 'data'))
      return this.#variable(head.name, steps, visit)
    const names = constantNames(steps)
    const target = visit.scope.find(names)
    if (target.kind === 'document') visit.paths.push({ from: 'data', steps: names })
    else if (target.kind === 'rules') this.#group(target.group, [], visit)
    else if (target.kind === 'strange') {
      visit.paths.push(EVERYTHING)
      visit.isPure = false
    }
  }

  #group(group: RuleGroup, whole: readonly number[], visit: Visit): void {
    const { paths, isPure } = this.ofGroup(group, whole)
    visit.paths.push(...paths)
    visit.isPure &&= isPure
  }

  #call({ operator, args }: Call | Omit<Call, 'kind'>, visit: Visit): void {
    const name = operator.join('.')
    if (operator[0] !== 'data') {
      if (this.#nondeterministic.has(name)) visit.isPure = false
      const [object, key] = args
      const steps = key && keySteps(key)
      const isKnown = name === 'object.get' && object && steps && isWhole(object, visit)
      if (!isKnown) return args.forEach((arg) => this.#term(arg, visit))
      visit.paths.push(below(EVERYTHING, ...steps))
      return args.slice(2).forEach((arg) => this.#term(arg, visit))
    }
    const target = visit.scope.find(operator.slice(1))
    if (target.kind === 'strange' || target.kind === 'document') visit.paths.push(EVERYTHING)
    const whole = args.flatMap((arg, i) => (isWhole(arg, visit) ? [i] : []))
    if (target.kind === 'rules') this.#group(target.group, whole, visit)
    for (const arg of args) if (!isWhole(arg, visit)) this.#term(arg, visit)
  }
}

function startVisit(scope: Scope, variables: Variables = undefined): Visit {
  return { paths: [], isPure: true, scope, whole: new Set(), variables }
}

/** A term that is the whole event. */
function isWhole(term: Term, { whole, variables }: Visit): boolean {
  if (term.kind === 'ref' && term.steps.length === 0) {
    return isWhole(term.head, { whole, variables } as Visit)
  }
  if (term.kind !== 'var') return false
  const value = lookUp(variables, term.name)
  if (value)
    return value.kind === 'path' && value.path.from === 'event' && value.path.steps.length === 0
  return term.name === 'input' || whole.has(term.name)
}

/** The steps that a key of `object.get` stands for. */
function keySteps(key: Term): readonly (string | number)[] | undefined {
  if (key.kind !== 'constant') return undefined
  const steps = Array.isArray(key.value) ? (key.value as readonly unknown[]) : [key.value]
  return steps.every((step) => typeof step === 'string' || typeof step === 'number')
    ? (steps as readonly (string | number)[])
    : undefined
}

/** The steps of a reference before the first that is not constant. */
function constantSteps(steps: readonly Term[]): readonly (string | number)[] {
  const constant: (string | number)[] = []
  for (const step of steps) {
    if (step.kind !== 'constant') break
    if (typeof step.value !== 'string' && typeof step.value !== 'number') break
    constant.push(step.value)
  }
  return constant
}
