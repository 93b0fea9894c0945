/** What a rule is made of. */
import type { FieldLevel } from '../fields/catalogue.ts'
import type { Priority } from '../../text/priority.ts'
import { groupsOf } from '../format/groups.ts'
import { lines } from '../format/layout.ts'
import { fieldName, fieldsOfRule, levelOfAll } from '../rules/fields-used.ts'
import { parseCondition } from '../condition/parser.ts'
import type { CompiledRule } from '../rules/compile.ts'
import type { ResolvedExpr } from '../rules/resolved.ts'
import type { SourcePlace } from '../rules/traced.ts'
import { expandedCondition } from './explain.ts'

export interface ExplainedRule {
  readonly rule: string
  readonly description: string
  readonly priority: Priority
  readonly source: string
  readonly enabled: boolean
  readonly tags: readonly string[]
  readonly place: SourcePlace
  /** With macros, lists and exceptions put in, broken into lines. */
  readonly condition: readonly string[]
  /** Names of the macros that it uses, in order of use. */
  readonly macros: readonly string[]
  readonly exceptions: readonly string[]
  readonly fields: readonly string[]
  /** The lowest audit level at which all of its fields can be there; undefined for other sources. */
  readonly level?: FieldLevel
  readonly output: string
}

const WIDTH = 96

export function explainRule(rule: CompiledRule): ExplainedRule {
  const { definition, program } = rule
  const fields = program ? fieldsOfRule(rule) : []
  const condition = expandedCondition(rule)
  const group = groupsOf(parseCondition(condition), condition)
  return {
    rule: definition.name,
    description: definition.description.text.trim(),
    priority: definition.priority,
    source: definition.source,
    enabled: definition.enabled,
    tags: [...definition.tags].sort(),
    place: definition.place,
    condition: group ? lines(group, WIDTH) : [condition],
    macros: macrosOf(rule.condition),
    exceptions: definition.exceptions.map(({ name }) => name),
    fields: fields.map(fieldName),
    ...(program ? { level: levelOfAll(fields) } : {}),
    output: definition.output.text,
  }
}

function macrosOf(condition: ResolvedExpr): string[] {
  const names = new Set<string>()
  const seen = new Set<ResolvedExpr>()
  const visit = (expr: ResolvedExpr): void => {
    if (seen.has(expr)) return
    seen.add(expr)
    if (expr.kind === 'macro') {
      names.add(expr.name)
      visit(expr.body)
    } else if (expr.kind === 'not') {
      visit(expr.child)
    } else if (expr.kind !== 'check') {
      expr.children.forEach(visit)
    }
  }
  visit(condition)
  return [...names]
}
