/** Compiles what was collected: lists, macros, then each rule, in the order of Falco's compiler. */
import type { Diagnostic } from '../../text/diagnostic.ts'
import { ConditionError } from '../condition/error.ts'
import { parseCondition } from '../condition/parser.ts'
import type { Expr } from '../condition/ast.ts'
import { type CompiledCondition, ConditionCompiler } from '../eval/condition.ts'
import { UnknownFieldError } from '../eval/operand.ts'
import { FieldSlots } from '../eval/store.ts'
import { compileTemplate, type Template } from '../output/template.ts'
import { AUDIT_SOURCE, type Change, type Collector } from './collect.ts'
import { ConditionWarnings } from './condition-warnings.ts'
import { LoadError, warning } from './diagnose.ts'
import { withExceptions } from './exceptions.ts'
import { type ResolvedList, resolveLists, substituteLists } from './lists.ts'
import { BrokenMacro, type Macro, MacroResolver } from './macros.ts'
import type { MacroDefinition, RuleDefinition } from './model.ts'
import type { ResolvedExpr } from './resolved.ts'
import { Traced } from './traced.ts'

/** A rule that Falco would load. */
export interface CompiledRule {
  readonly definition: RuleDefinition
  /** The condition with exceptions and lists in it; offsets of `condition` refer to it. */
  readonly text: Traced
  readonly condition: ResolvedExpr
  /** Only for rules of `k8s_audit`, which are evaluated here. */
  readonly program?: CompiledCondition
  readonly template?: Template
}

export interface Compilation {
  readonly lists: readonly ResolvedList[]
  readonly macros: ReadonlyMap<string, Macro>
  readonly rules: readonly CompiledRule[]
  readonly slots: FieldSlots
  /** What replaced or extended an earlier definition, in order. */
  readonly changes: readonly Change[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Errors of one item do not keep the others from being compiled. */
export function compileRules(collector: Collector): Compilation {
  return new RulesCompiler(collector).compile()
}

class RulesCompiler {
  readonly #collector: Collector
  readonly #diagnostics: Diagnostic[] = []
  readonly #slots = new FieldSlots()
  readonly #conditions: ConditionCompiler = new ConditionCompiler(this.#slots)
  readonly #warnings = new ConditionWarnings()
  #lists: readonly ResolvedList[] = []

  constructor(collector: Collector) {
    this.#collector = collector
  }

  compile(): Compilation {
    this.#attempt(() => (this.#lists = resolveLists(this.#collector.lists)))
    const macros = new Map<string, Macro>()
    for (const definition of this.#collector.macros.values()) {
      this.#attempt(() => macros.set(definition.name, this.#macro(definition)))
    }
    const broken = this.#diagnostics.length > 0
    const resolver = new MacroResolver(macros)
    if (!broken) resolver.resolveAll((error) => this.#diagnostics.push(error.diagnostic))
    const rules: CompiledRule[] = []
    for (const definition of this.#collector.rules.values()) {
      if (definition.unknownSource) continue
      this.#attempt(() => {
        const rule = this.#rule(definition, resolver, broken)
        if (rule) rules.push(rule)
      })
    }
    this.#warnUnused(macros)
    const diagnostics = [...this.#diagnostics, ...this.#warnings.diagnostics]
    const { changes } = this.#collector
    return { lists: this.#lists, macros, rules, slots: this.#slots, changes, diagnostics }
  }

  #attempt(work: () => void): void {
    try {
      work()
    } catch (error) {
      if (error instanceof LoadError) this.#diagnostics.push(error.diagnostic)
      else if (!(error instanceof BrokenMacro)) throw error
    }
  }

  #macro(definition: MacroDefinition): Macro {
    const text = substituteLists(definition.condition, this.#lists)
    return { definition, text, parsed: parse(text), used: false }
  }

  /** Undefined where the rule is dropped with a warning. */
  #rule(
    definition: RuleDefinition,
    resolver: MacroResolver,
    macrosBroken: boolean,
  ): CompiledRule | undefined {
    const whole = withExceptions(definition.condition, definition.exceptions)
    const audited = definition.source === AUDIT_SOURCE
    try {
      const template = audited ? this.#template(definition) : undefined
      const text = substituteLists(whole, this.#lists)
      const parsed = parse(text)
      // With macros missing, an error here would only repeat theirs.
      if (macrosBroken) return undefined
      const condition = resolver.resolve(parsed, text)
      if (!template) return { definition, text, condition }
      const program = this.#conditions.compile(condition, text)
      this.#warnings.visit(condition, text)
      return { definition, text, condition, program, template }
    } catch (error) {
      if (!(error instanceof LoadError && error.unknownField)) throw error
      if (!definition.skipIfUnknownFilter) throw error
      const { message, help, file, span } = error.diagnostic
      const place = file !== undefined && span ? { file, span } : definition.place
      const skipped = `${message}; the rule \`${definition.name}\` is skipped`
      this.#diagnostics.push(warning('LOAD_UNKNOWN_FILTER', skipped, place, help))
      return undefined
    }
  }

  #template({ name, output, place }: RuleDefinition): Template {
    const text = withoutContainerInfo(output)
    if (text !== output) {
      const message = `the output of \`${name}\` holds \`%container.info\`, which is deprecated and empty`
      this.#diagnostics.push(warning('LOAD_DEPRECATED_ITEM', message, place, 'remove it'))
    }
    try {
      return compileTemplate(text.text, this.#slots)
    } catch (error) {
      if (!(error instanceof ConditionError)) throw error
      throw new LoadError(
        'LOAD_ERR_COMPILE_OUTPUT',
        error.message,
        text.place(error.at) ?? place,
        error.help,
        error instanceof UnknownFieldError,
      )
    }
  }

  #warnUnused(macros: ReadonlyMap<string, Macro>): void {
    for (const { used, definition } of macros.values()) {
      if (used) continue
      const message = `the macro \`${definition.name}\` is used nowhere`
      this.#diagnostics.push(warning('LOAD_UNUSED_MACRO', message, definition.place))
    }
    for (const { used, definition } of this.#lists) {
      if (used) continue
      const message = `the list \`${definition.name}\` is used nowhere`
      this.#diagnostics.push(warning('LOAD_UNUSED_LIST', message, definition.place))
    }
  }
}

function parse(text: Traced): Expr {
  try {
    return parseCondition(text.text)
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error
    const place = text.place(error.at)
    throw new LoadError('LOAD_ERR_COMPILE_CONDITION', error.message, place, error.help)
  }
}

const CONTAINER_INFO = '%container.info'

function withoutContainerInfo(output: Traced): Traced {
  const parts: Traced[] = []
  let from = 0
  for (;;) {
    const at = output.text.indexOf(CONTAINER_INFO, from)
    if (at < 0) break
    parts.push(output.slice(from, at))
    from = at + CONTAINER_INFO.length
  }
  return from === 0 ? output : Traced.join(...parts, output.slice(from))
}
