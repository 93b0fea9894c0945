import { namesOf, readBody, readRule, type Rule, type Term } from './syntax.ts'

/** The namespace of the rules that partial evaluation writes; see toolchain/residuals.go. */
const SUPPORT = '$partial'

/** All rules of one name, in the order of the sources. */
export interface RuleGroup {
  /** Without `data` and the namespace of partial evaluation. */
  readonly names: readonly string[]
  readonly rules: readonly Rule[]
  readonly kind: Rule['kind']
  readonly isFunction: boolean
  /** What references in the rules' bodies are looked up in. */
  readonly scope: Scope
  /** Stands below a variable, or beside rules that are part of it: not understood. */
  readonly isStrange: boolean
}

/** What a reference to data means. */
export type Target =
  | { readonly kind: 'rules'; readonly group: RuleGroup; readonly steps: number }
  /** A document, whose value is not known before data is loaded. */
  | { readonly kind: 'document' }
  /** A part of the tree that holds rules. */
  | { readonly kind: 'strange' }
  | { readonly kind: 'undefined' }

/** A set of rules that refer to one another, and to the originals, which are in every scope. */
export class Scope {
  readonly #groups = new Map<string, RuleGroup>()
  readonly #mentioned = new Set<string>()
  /** Names that stand above some rule. */
  readonly #above = new Set<string>()
  readonly originals: Scope

  /** @param originals absent where this is the scope of originals. */
  constructor(originals?: Scope) {
    this.originals = originals ?? this
  }

  /** @param scope of the rules' bodies; default: this one */
  add(names: readonly string[], rules: readonly Rule[], scope: Scope = this): void {
    const [first] = rules
    // Of what has no rules left nothing is defined.
    const kind = first?.kind ?? 'complete'
    this.#groups.set(keyOf(names), {
      names,
      rules: sorted(rules),
      kind,
      isFunction: first?.parameters !== undefined,
      scope,
      isStrange: rules.some((rule) => rule.isStrange || rule.kind !== kind),
    })
    this.mention(names)
  }

  /** Makes known that rules stand there, whether anything is known about them or not. */
  mention(names: readonly string[]): void {
    this.#mentioned.add(keyOf(names))
    for (let length = 0; length < names.length; length++) {
      this.#above.add(keyOf(names.slice(0, length)))
    }
  }

  /** Adds the support modules that came with a residual. */
  addModules(modules: readonly unknown[]): void {
    const found = new Map<string, { names: readonly string[]; rules: Rule[] }>()
    for (const module of modules as readonly ModuleSyntax[]) {
      // The package begins with `data` and the namespace.
      const base = module.package.path.slice(2).map(({ value }) => value)
      for (const rule of module.rules.map(readRule)) {
        const names = [...base, ...rule.names]
        const group = found.get(keyOf(names)) ?? { names, rules: [] }
        group.rules.push(rule)
        found.set(keyOf(names), group)
      }
    }
    for (const { names, rules } of found.values()) this.add(names, rules)
  }

  /** @param names of a reference, `data` left out, as far as they are constant */
  find(names: readonly string[]): Target {
    if (names[0] !== SUPPORT) return this.originals.#find(names)
    const target = this.#find(names.slice(1))
    if (target.kind === 'document') return { kind: 'undefined' }
    return target.kind === 'rules' ? { ...target, steps: target.steps + 1 } : target
  }

  #find(names: readonly string[]): Target {
    for (let length = 1; length <= names.length; length++) {
      const key = keyOf(names.slice(0, length))
      const group = this.#groups.get(key)
      if (!group && this.#mentioned.has(key)) return { kind: 'strange' }
      if (!group) continue
      if (group.isStrange || this.#above.has(key)) return { kind: 'strange' }
      return { kind: 'rules', group, steps: length }
    }
    return { kind: this.#above.has(keyOf(names)) ? 'strange' : 'document' }
  }
}

interface ModuleSyntax {
  readonly package: { readonly path: readonly { readonly value: string }[] }
  readonly rules: readonly unknown[]
}

interface ResidualSyntax {
  readonly queries: readonly unknown[] | null
  readonly support: readonly unknown[] | null
  readonly failure?: string
}

interface OriginalSyntax extends ResidualSyntax {
  readonly path: readonly string[]
  readonly rules?: readonly unknown[]
}

/** The rules of everything that was partially evaluated, ready to be looked up. */
export interface Residue {
  /** In the order in which they were asked for; or why there is nothing. */
  readonly violations: readonly (RuleGroup | string)[]
  readonly originals: Scope
}

/** Reads what `toolchain/residuals.go` answers. */
export function readResidue(syntax: unknown): Residue {
  const { residuals, originals, rules } = syntax as {
    readonly residuals: readonly ResidualSyntax[]
    readonly originals: readonly OriginalSyntax[] | null
    readonly rules: readonly (readonly string[])[]
  }
  const scope = new Scope()
  for (const names of rules) scope.mention(names)
  for (const original of originals ?? []) {
    if (original.rules) scope.add(original.path, original.rules.map(fixedTo(original.path)))
    else scope.add(original.path, [...queryRules(original)], supportOf(original, scope))
  }
  return {
    originals: scope,
    violations: residuals.map((residual) => {
      if (residual.failure !== undefined) return residual.failure
      const support = supportOf(residual, scope)
      return {
        names: [],
        rules: queryRules(residual),
        kind: 'complete',
        isFunction: false,
        scope: support,
        isStrange: false,
      }
    }),
  }
}

/** The rules of a guardrail's own set, of which the query asks; undefined where none are left. */
export function guardrailRules({ scope }: RuleGroup, entrypoint: string): RuleGroup | undefined {
  const names = [SUPPORT, ...entrypoint.split('/')]
  const target = scope.find(names)
  return target.kind === 'rules' && target.steps === names.length && target.group.kind === 'set'
    ? target.group
    : undefined
}

/** A query about `x`, read as a rule with the value `x`. */
function queryRules({ queries }: ResidualSyntax): Rule[] {
  return (queries ?? []).map((query) => ({
    names: [],
    parameters: undefined,
    kind: 'complete',
    value: { kind: 'var', name: 'x' },
    body: readBody(query),
    isDefault: false,
    otherwise: undefined,
    isStrange: false,
  }))
}

function supportOf({ support }: ResidualSyntax, originals: Scope): Scope {
  const scope = new Scope(originals)
  scope.addModules(support ?? [])
  return scope
}

/** Rules that stand deeper than the name under which they were found are strange. */
function fixedTo(path: readonly string[]): (node: unknown) => Rule {
  return (node) => {
    const rule = readRule(node)
    const isHere = rule.names.every((name, i) => name === path.at(i - rule.names.length))
    return isHere ? rule : { ...rule, isStrange: true }
  }
}

/** In the order of the sources, so that what is read from them does not depend on OPA's maps. */
function sorted(rules: readonly Rule[]): readonly Rule[] {
  const order = ({ place }: Rule): string =>
    place
      ? `${place.file}\0${[place.row, place.column].map((n) => String(n).padStart(9, '0'))}`
      : ''
  return rules.toSorted((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0))
}

function keyOf(names: readonly string[]): string {
  return JSON.stringify(names)
}

/** The constant names that a reference to data begins with, `data` left out. */
export function constantNames(steps: readonly Term[]): readonly string[] {
  const end = steps.findIndex((step) => step.kind !== 'constant' || typeof step.value !== 'string')
  const constant = end < 0 ? steps : steps.slice(0, end)
  return namesOf({ kind: 'ref', head: { kind: 'var', name: 'data' }, steps: constant })!.slice(1)
}
