/** Keeps what the rules files define, in order, and applies overrides to it. */
import { nearest } from '../../text/nearest.ts'
import { LoadError, warning } from './diagnose.ts'
import { checkException, isGiven } from './exceptions.ts'
import type { Diagnostic } from '../../text/diagnostic.ts'
import type {
  ExceptionDefinition,
  ListDefinition,
  MacroDefinition,
  Order,
  PluginRequirements,
  RuleDefinition,
  RuleUpdate,
} from './model.ts'
import { type SourcePlace, Traced } from './traced.ts'

/** The event source whose rules are evaluated here. */
export const AUDIT_SOURCE = 'k8s_audit'
/** The source that Falco itself provides; its rules are loaded, and neither checked nor run here. */
export const SYSCALL_SOURCE = 'syscall'

/** Definitions without their order, which the collector gives them. */
export type New<T extends Order> = Omit<T, keyof Order>

interface Placed {
  readonly name: string
  readonly place: SourcePlace
}

/** A definition that comes after another one of the same name. */
export interface Change {
  readonly kind: 'redefined' | 'appended'
  readonly what: 'rule' | 'macro' | 'list'
  readonly name: string
  readonly place: SourcePlace
  /** Where it was defined before. */
  readonly previous: SourcePlace
  /** Where a condition is appended: what it was, and what is added. */
  readonly condition?: { readonly before: Traced; readonly added: Traced }
}

export class Collector {
  /** By name, in order of first definition: a redefinition keeps its place. */
  readonly lists: Map<string, ListDefinition> = new Map()
  readonly macros: Map<string, MacroDefinition> = new Map()
  readonly rules: Map<string, RuleDefinition> = new Map()
  readonly plugins: PluginRequirements[] = []
  readonly changes: Change[] = []
  readonly diagnostics: Diagnostic[] = []
  /** For each file with rules, their sources. */
  readonly sources: Map<string, Set<string>> = new Map()
  #next = 0

  defineList(list: New<ListDefinition>): void {
    this.#define('list', this.lists, list)
  }

  appendList(list: New<ListDefinition>): void {
    const known = this.#known(this.lists, 'list', list.name, list.place)
    known.items = [...known.items, ...list.items]
    known.last = this.#next++
  }

  defineMacro(macro: New<MacroDefinition>): void {
    this.#define('macro', this.macros, macro)
  }

  appendMacro(macro: New<MacroDefinition>): void {
    const known = this.#known(this.macros, 'macro', macro.name, macro.place)
    this.#appended('macro', known, macro)
    known.condition = joined(known.condition, macro.condition)
    known.last = this.#next++
  }

  defineRule(rule: New<RuleDefinition>): void {
    this.#checkSource(rule)
    if (rule.unknownSource) {
      const message = `the rule \`${rule.name}\` has the source \`${rule.source}\`, which is not known; it is skipped`
      this.diagnostics.push(warning('LOAD_UNKNOWN_SOURCE', message, rule.place))
    }
    for (const exception of rule.exceptions) {
      if (!isGiven(exception.fields)) {
        throw invalid(exception.place, `the exception \`${exception.name}\` has no fields`)
      }
      checkException(exception, rule.source === AUDIT_SOURCE)
    }
    this.#define('rule', this.rules, rule)
    this.#note(rule.place, rule.source)
  }

  appendRule(update: RuleUpdate): void {
    this.#checkSource(update)
    const rule = this.#known(this.rules, 'rule', update.name, update.place)
    if (!update.any) {
      throw invalid(
        update.place,
        `nothing is appended to the rule \`${update.name}\``,
        'add a `condition` or `exceptions`',
      )
    }
    this.#appended('rule', rule, update)
    if (update.condition) rule.condition = joined(rule.condition, update.condition)
    if (update.output) rule.output = joined(rule.output, update.output)
    if (update.description) rule.description = joined(rule.description, update.description)
    for (const tag of update.tags ?? []) rule.tags.add(tag)
    for (const exception of update.exceptions ?? []) appendException(rule, exception)
    this.#note(update.place, rule.source)
    rule.last = this.#next++
  }

  replaceInRule(update: RuleUpdate): void {
    this.#checkSource(update)
    const rule = this.#known(this.rules, 'rule', update.name, update.place)
    rule.condition = update.condition ?? rule.condition
    rule.output = update.output ?? rule.output
    rule.description = update.description ?? rule.description
    rule.priority = update.priority ?? rule.priority
    rule.enabled = update.enabled ?? rule.enabled
    rule.skipIfUnknownFilter = update.skipIfUnknownFilter ?? rule.skipIfUnknownFilter
    if (update.tags) rule.tags = new Set(update.tags)
    if (update.exceptions) rule.exceptions = [...update.exceptions]
    this.#note(update.place, rule.source)
    rule.last = this.#next++
  }

  enableRule(name: string, enabled: boolean, place: SourcePlace): void {
    this.#known(this.rules, 'rule', name, place).enabled = enabled
  }

  #note({ file }: SourcePlace, source: string): void {
    const sources = this.sources.get(file) ?? new Set()
    this.sources.set(file, sources.add(source))
  }

  #define<T extends Order & Placed>(
    what: Change['what'],
    known: Map<string, T>,
    definition: Omit<T, keyof Order> & Placed,
  ): void {
    const { name, place } = definition
    const last = this.#next++
    const before = known.get(name)
    if (before) this.changes.push({ kind: 'redefined', what, name, place, previous: before.place })
    known.set(name, { ...definition, first: before?.first ?? last, last } as unknown as T)
  }

  #appended(
    what: Change['what'],
    { condition, place: previous }: { readonly condition: Traced; readonly place: SourcePlace },
    { name, condition: added, place }: Placed & { readonly condition?: Traced },
  ): void {
    const change = { kind: 'appended', what, name, place, previous } as const
    this.changes.push(added ? { ...change, condition: { before: condition, added } } : change)
  }

  #known<T>(known: Map<string, T>, what: string, name: string, place: SourcePlace): T {
    const definition = known.get(name)
    if (definition) return definition
    const meant = nearest(name.slice(0, 100), known.keys())
    throw invalid(
      place,
      `the ${what} \`${name}\` is changed, but not defined before`,
      meant
        ? `did you mean \`${meant}\`?`
        : 'load the file that defines it first, or remove `append` and `override`',
    )
  }

  #checkSource({
    name,
    source,
    place,
  }: {
    name: string
    source: string
    place: SourcePlace
  }): void {
    const known = this.rules.get(name)
    if (!known || source === '' || known.source === source) return
    throw invalid(
      place,
      `the rule \`${name}\` has the source \`${known.source}\`, and cannot be redefined with \`${source}\``,
      'give the rule another name',
    )
  }
}

function joined(before: Traced, added: Traced): Traced {
  return Traced.join(before, before.standInBehind(' '), added)
}

function appendException(rule: RuleDefinition, exception: ExceptionDefinition): void {
  const { name, fields, comps, place } = exception
  const known = rule.exceptions.find((each) => each.name === name)
  if (known) {
    if (isGiven(fields) || isGiven(comps)) {
      const key = isGiven(fields) ? 'fields' : 'comps'
      throw invalid(
        place,
        `the exception \`${name}\` exists, so only values can be appended to it`,
        `remove \`${key}\``,
      )
    }
    known.values = [...known.values, ...exception.values]
    return
  }
  if (!isGiven(fields)) throw invalid(place, `the new exception \`${name}\` has no fields`)
  if (exception.values.length === 0) {
    throw invalid(place, `the new exception \`${name}\` has no values`)
  }
  checkException(exception, rule.source === AUDIT_SOURCE)
  rule.exceptions = [...rule.exceptions, exception]
}

function invalid(place: SourcePlace, message: string, help?: string): LoadError {
  return new LoadError('LOAD_ERR_VALIDATE', message, place, help)
}
