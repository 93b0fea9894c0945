/** Fields whose use in a ruleset deserves a word; each is said once, where it is first used. */
import type { Diagnostic } from '../../text/diagnostic.ts'
import type { FieldInfo } from '../fields/catalogue.ts'
import { isProblem, resolveField } from '../fields/resolve.ts'
import type { SourcePlace } from '../rules/traced.ts'
import {
  fieldName,
  fieldsOfCheck,
  fieldsOfRule,
  levelOf,
  levelOfAll,
} from '../rules/fields-used.ts'
import { finding } from './report.ts'
import type { LintSubject } from './subject.ts'

export function fieldNotes({ sites }: LintSubject): Diagnostic[] {
  const said = new Set<string>()
  return sites.flatMap(({ check, text }) =>
    fieldsOfCheck(check).flatMap((expr) => {
      const field = resolveField(expr)
      if (isProblem(field) || said.has(field.info.name)) return []
      said.add(field.info.name)
      return notesOn(field.info, text.place(expr.at, expr.end))
    }),
  )
}

function notesOn(
  { name, deprecated, surprise, useless }: FieldInfo,
  place: SourcePlace | undefined,
): Diagnostic[] {
  const notes: Diagnostic[] = []
  if (deprecated !== undefined) {
    const message = `the field \`${name}\` is deprecated`
    notes.push(finding('FALCO_DEPRECATED_FIELD', message, place, `use ${deprecated}`))
  }
  if (surprise === undefined) return notes
  const [code, help] = useless
    ? (['FALCO_USELESS_FIELD', 'remove it, or find the value by `jevt.value[/…]`'] as const)
    : (['FALCO_FIELD_SURPRISE', 'make sure that the rule is meant so'] as const)
  notes.push(finding(code, `of \`${name}\`: ${surprise}`, place, help))
  return notes
}

/** Rules that need more than the audit level `Metadata`. */
export function auditLevels({ rules }: LintSubject): Diagnostic[] {
  return rules.flatMap((rule) => {
    const needing = fieldsOfRule(rule).filter((field) => levelOf(field) !== 'Metadata')
    if (needing.length === 0) return []
    const { name, place } = rule.definition
    const names = needing.map((field) => `\`${fieldName(field)}\``).join(', ')
    return finding(
      'FALCO_AUDIT_LEVEL',
      `the rule \`${name}\` looks into bodies: ${names}`,
      place,
      `the audit policy must log these requests at level ${levelOfAll(needing)}; at Metadata the fields are missing`,
    )
  })
}

/** Fields that only one stage has, or that say which it is. */
const STAGED = /^(?:ka\.stage|ka\.response\.|ka\.resp\.|ka\.target\.pod\.name)/
const STAGED_POINTER = /^\/?(?:stage|stageTimestamp|responseStatus|responseObject)(?:\/|$)/

/** Rules that do not say which stage they mean. */
export function everyStage({ rules }: LintSubject): Diagnostic[] {
  return rules.flatMap((rule) => {
    const staged = fieldsOfRule(rule).some(
      ({ info, key }) => STAGED.test(info.name) || STAGED_POINTER.test(key ?? ''),
    )
    if (staged) return []
    const { name, place } = rule.definition
    return finding(
      'FALCO_EVERY_STAGE',
      `the rule \`${name}\` looks at every stage of a request`,
      place,
      'where the audit policy logs RequestReceived too it fires twice; add `ka.stage = ResponseComplete`',
    )
  })
}
