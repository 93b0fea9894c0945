/** Fields in what is compared. */
import type { CheckExpr, FieldExpr, Operand } from '../condition/ast.ts'
import { type FieldInfo, type FieldLevel, fields } from '../fields/catalogue.ts'
import { pointerKeys } from '../fields/json-fields.ts'
import { isProblem, resolveField, type ResolvedField } from '../fields/resolve.ts'
import type { CompiledRule } from './compile.ts'
import type { ResolvedExpr } from './resolved.ts'

/** All fields of an operand, transformers looked into. */
function fieldsIn(operand: Operand): FieldExpr[] {
  switch (operand.kind) {
    case 'field':
      return [operand]
    case 'transform':
      return operand.args.flatMap(fieldsIn)
    case 'list':
      return operand.items.flatMap(fieldsIn)
    case 'value':
      return []
  }
}

/** All fields of a comparison. */
export function fieldsOfCheck({ left, right }: CheckExpr): FieldExpr[] {
  const other = right?.kind === 'field' || right?.kind === 'transform' ? fieldsIn(right) : []
  return [...fieldsIn(left), ...other]
}

/** The same, looked up; all of them exist in a condition that was compiled. */
export function resolvedFieldsOf(check: CheckExpr): ResolvedField[] {
  return fieldsOfCheck(check).flatMap(resolved)
}

/** What the left side of a comparison is about: the one field in it. */
export function comparedField(check: CheckExpr): ResolvedField | undefined {
  const [field, ...others] = fieldsIn(check.left)
  if (!field || others.length > 0) return undefined
  const resolved = resolveField(field)
  return isProblem(resolved) ? undefined : resolved
}

/** The fields that a rule's condition mentions, each once, macros looked into. */
export function fieldsOfRule({ condition }: CompiledRule): ResolvedField[] {
  const found = new Map<string, ResolvedField>()
  const seen = new Set<ResolvedExpr>()
  const visit = (expr: ResolvedExpr): void => {
    if (seen.has(expr)) return
    seen.add(expr)
    if (expr.kind === 'macro') return visit(expr.body)
    if (expr.kind === 'not') return visit(expr.child)
    if (expr.kind !== 'check') return expr.children.forEach(visit)
    for (const field of resolvedFieldsOf(expr)) found.set(fieldName(field), field)
  }
  visit(condition)
  return [...found.values()]
}

/** The fields that a rule's output prints. */
export function fieldsOfOutput({ template }: CompiledRule): ResolvedField[] {
  const operands = template?.parts.flatMap((part) => (part.kind === 'field' ? [part.expr] : []))
  return (operands ?? []).flatMap(fieldsIn).flatMap(resolved)
}

function resolved(field: FieldExpr): ResolvedField[] {
  const found = resolveField(field)
  return isProblem(found) ? [] : [found]
}

/** As it is written. */
export function fieldName({ info, key, index }: ResolvedField): string {
  const argument = key ?? index
  return argument === undefined ? info.name : `${info.name}[${argument}]`
}

/** The k8saudit field with the same value: for `jevt.value[/verb]` that is `ka.verb`. */
export function auditInfo(field: ResolvedField): FieldInfo | undefined {
  if (field.class === 'k8saudit') return field.info
  const path = field.key === undefined ? undefined : pointerKeys(field.key)?.join('/')
  if (path === undefined) return undefined
  return fields.find(({ name, from }) => {
    return name.startsWith('ka.') && 'path' in from && from.path.join('/') === path
  })
}

/** The lowest audit level at which a field can be there. */
export function levelOf(field: ResolvedField): FieldLevel {
  const info = auditInfo(field)
  if (info) return info.level
  const [member] = pointerKeys(field.key ?? '') ?? []
  if (member === 'requestObject') return 'Request'
  return member === 'responseObject' ? 'RequestResponse' : field.info.level
}

/** From the lowest. */
const LEVELS: readonly FieldLevel[] = ['Metadata', 'Request', 'RequestResponse']

/** The lowest audit level at which all of these can be there. */
export function levelOfAll(used: readonly ResolvedField[]): FieldLevel {
  const levels = used.map(levelOf)
  return LEVELS.findLast((each) => levels.includes(each)) ?? 'Metadata'
}
