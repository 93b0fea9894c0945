/** Falco rules for guardrails: from their residuals, by the wishes in their METADATA. */
import type { Saying } from '../../residual/message.ts'
import { pathsRead } from '../../residual/reads.ts'
import type { GuardrailResidual, Json, Residual } from '../../residual/residual.ts'
import { assumeTypes, type TypeOf } from '../../residual/typed.ts'
import type { Priority } from '../../text/priority.ts'
import type { Expr } from '../condition/ast.ts'
import { guardrailTag, WIDENED_TAG } from '../tag.ts'
import type { FixedData } from './fixed-data.ts'
import { Inexpressible } from './inexpressible.ts'
import { DataLists } from './lists.ts'
import { Macros, type SharedRule } from './macros.ts'
import { outputOf } from './output.ts'
import type { Loss, Notes } from './notes.ts'
import { translate, type Translation } from './translate.ts'
import { assumedTypes } from './types.ts'

/** A guardrail as its METADATA describes it; see `src/rego/metadata.ts`. */
export interface DescribedGuardrail {
  readonly id: string
  /** `guardrails.workloads.pod_exec` */
  readonly package: string
  readonly title: string
  readonly description: string
  readonly priority: Priority
  readonly tags: readonly string[]
  readonly falco: {
    readonly mode: 'exact' | 'widen' | 'manual' | 'none'
    readonly rule?: string
    readonly reason?: string
  }
}

export interface GenerateInput {
  readonly guardrails: readonly DescribedGuardrail[]
  /** In the order of the guardrails. */
  readonly residuals: readonly GuardrailResidual[]
  /** What the rules of each guardrail say, in the order of the guardrails; none where that is not known. */
  readonly messages: readonly (readonly Saying[])[]
  /** Rules of the policy's libraries that may become macros. */
  readonly shared: readonly { readonly name: string; readonly residual: Residual }[]
  /** The data document that the policy comes with. */
  readonly data: Json
  /** JSON Schema of an audit event. */
  readonly schema: Json
  /** Names of macros and lists begin with it: of two with one name Falco keeps the last. */
  readonly prefix: string
}

/** What became of one guardrail. */
export interface Outcome {
  readonly guardrail: DescribedGuardrail
  /**
   * `exact` and `widened` have a rule. `manual` and `none` were wished for. `off`: with the data that
   * the policy comes with there is nothing to find. `refused`: no condition says it.
   */
  readonly kind: 'exact' | 'widened' | 'manual' | 'none' | 'off' | 'refused'
  /** What the rule was made from. */
  readonly residual: Residual
  readonly rule?: GeneratedRule
  /** Why there is no rule, or why it is wider: the first reason decides. */
  readonly losses: readonly Loss[]
  /** Data that the rule has as it was. */
  readonly fixed: readonly FixedData[]
  /** What the rule takes for granted where no schema says it: `input.requestObject.spec.x is a boolean`. */
  readonly assumed: readonly string[]
}

export interface GeneratedRule {
  readonly name: string
  readonly description: string
  readonly condition: Expr
  readonly output: string
  readonly priority: Priority
  readonly tags: readonly string[]
}

export interface Generated {
  readonly prefix: string
  /** In the order of the guardrails. */
  readonly outcomes: readonly Outcome[]
  readonly macros: Macros['used']
  readonly lists: DataLists['all']
}

/** Makes rules of guardrails. Nothing is thrown for what Falco cannot say: outcomes tell. */
export function generateRules(input: GenerateInput): Generated {
  const types = assumedTypes(input.schema, input.data)
  const lists = new DataLists(input.data, input.prefix)
  const macros = new Macros(sharedRules(input, types), input.prefix)
  const ofMacros = new Map<string, Notes>()
  const outcomes = named(input.guardrails).map((guardrail, i) =>
    outcomeOf(guardrail, input.residuals[i]!, input.messages[i]!, {
      types,
      translation: { types, lists, macros, ofMacros, data: input.data },
    }),
  )
  return { prefix: input.prefix, outcomes, ...usedBy(outcomes, macros.used, lists.all) }
}

/** Those macros and lists that rules use: what was refused in the end leaves none behind. */
function usedBy(
  outcomes: readonly Outcome[],
  macros: Generated['macros'],
  lists: Generated['lists'],
): Pick<Generated, 'macros' | 'lists'> {
  const names = new Set(outcomes.flatMap(({ rule }) => (rule ? namesIn(rule.condition) : [])))
  const used = macros.toReversed().filter(({ name, condition }) => {
    if (!names.has(name)) return false
    for (const inner of namesIn(condition)) names.add(inner)
    return true
  })
  return { macros: used.toReversed(), lists: lists.filter(({ name }) => names.has(name)) }
}

/** Macros, and values that may be the names of lists. */
function namesIn(expr: Expr): readonly string[] {
  switch (expr.kind) {
    case 'identifier':
      return [expr.name]
    case 'check':
      return expr.right?.kind === 'values' ? expr.right.values : []
    case 'not':
      return namesIn(expr.child)
    default:
      return expr.children.flatMap(namesIn)
  }
}

/** Of two rules with one name Falco keeps the last, so a title that stands twice has its id behind it. */
function named(guardrails: readonly DescribedGuardrail[]): readonly DescribedGuardrail[] {
  const titles = guardrails.map(({ title }) => title)
  return guardrails.map((guardrail) => {
    const { id, title } = guardrail
    const isAlone = titles.indexOf(title) === titles.lastIndexOf(title)
    return isAlone ? guardrail : { ...guardrail, title: `${title} (${id})` }
  })
}

/** Those that a condition can say: a macro is exact or not there. */
function sharedRules({ shared, data, prefix }: GenerateInput, types: TypeOf): SharedRule[] {
  return shared.flatMap(({ name, residual }) => {
    const typed = assumeTypes(residual, types)
    try {
      translate(typed, {
        types,
        lists: new DataLists(data, prefix),
        macros: new Macros([], prefix),
        ofMacros: new Map(),
      })
    } catch (error) {
      if (error instanceof Inexpressible) return []
      throw error
    }
    return [{ name, residual: typed }]
  })
}

interface Context {
  readonly types: TypeOf
  readonly translation: Translation
}

function outcomeOf(
  guardrail: DescribedGuardrail,
  { residual: given }: GuardrailResidual,
  messages: readonly Saying[],
  context: Context,
): Outcome {
  const residual = assumeTypes(given, context.types)
  const { mode } = guardrail.falco
  const none = { guardrail, residual, losses: [], fixed: [], assumed: [] }
  if (mode === 'manual' || mode === 'none') return { ...none, kind: mode }
  const { term, notes } = translate(residual, { ...context.translation, isWider: true })
  const { losses, fixed, assumed } = notes
  if (term === false) return { ...none, kind: 'off', fixed }
  if (losses.length > 0 && mode === 'exact') return { ...none, kind: 'refused', losses }
  if (term === true)
    return {
      ...none,
      kind: 'refused',
      fixed,
      losses: [...losses, { reason: 'it holds for every event' }],
    }
  const kind = losses.length > 0 ? 'widened' : 'exact'
  const output = outputOf(guardrail.title, messages, pathsRead(residual), context.types)
  const rule = ruleOf(guardrail, term, output, losses)
  return { ...none, kind, rule, losses, fixed, assumed }
}

function ruleOf(
  { id, title, description, priority, tags, falco }: DescribedGuardrail,
  condition: Expr,
  output: string,
  losses: readonly Loss[],
): GeneratedRule {
  const isWider = losses.length > 0
  const why =
    falco.reason ?? `it leaves out ${[...new Set(losses.map(({ reason }) => reason))].join('; ')}.`
  const note = isWider ? ` Wider than the guardrail: ${why}` : ''
  return {
    name: title,
    description: `${description}${note}`.replaceAll(/\s+/g, ' '),
    condition,
    output,
    priority,
    tags: ['k8s', ...tags, guardrailTag(id), ...(isWider ? [WIDENED_TAG] : [])],
  }
}
