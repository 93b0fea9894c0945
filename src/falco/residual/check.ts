/**
 * A comparison as literals of a residual. Exact where the field is one JSON value and the comparison
 * asks whether it is one of some texts, or begins with one; anything else is opaque, which counts as
 * unknown in either sense, except where value-test.ts has an answer.
 */
import {
  any,
  type Conjunction,
  eventPath,
  type Literal,
  not,
  type Opaque,
  type Path,
  test,
} from '../../residual/residual.ts'
import type { CheckExpr } from '../condition/ast.ts'
import { fromUtf8 } from '../event/byte-string.ts'
import { pointerKeys } from '../fields/json-fields.ts'
import type { ResolvedField } from '../fields/resolve.ts'
import { resolvedFieldsOf } from '../rules/fields-used.ts'
import { readsOf } from './reads.ts'
import { elementIn, textIn, textStartsWith } from './texts.ts'

/**
 * All of these hold exactly where the comparison does. Where a field is missing, it does not.
 *
 * @param text the comparison, printed
 */
export function checkLiterals(check: CheckExpr, text: string): Conjunction {
  const fields = resolvedFieldsOf(check)
  const needs = needsOf(fields)
  const opaque: Opaque = { kind: 'opaque', reads: readsOf(fields) ?? [eventPath()], text }
  const [field] = fields
  const path = check.left.kind === 'field' && fields.length === 1 ? pathOf(field!) : undefined
  if (!path) return [...needs, opaque]
  const literals = field!.info.list ? listLiterals : textLiterals
  return [...needs, ...literals(check, path, opaque)]
}

/** Of a field with one text, which is there. */
function textLiterals(check: CheckExpr, path: Path, opaque: Opaque): Conjunction {
  if (check.operator === 'exists') return []
  const values = constantsOf(check)
  // Falco's modifiers match nothing where there is nothing to compare with.
  if (!values || (check.modifier !== undefined && values.length === 0)) return [opaque]
  switch (equality(check)) {
    case 'one':
      return [textIn(path, values, opaque)]
    case 'none':
      // The answer to the comparison would be the opposite of what is asked in there.
      return [not([textIn(path, values, { ...opaque, reads: [eventPath()] })])]
    case undefined:
      break
  }
  const isAny = check.modifier === undefined || check.modifier === 'anyof'
  return check.operator === 'startswith' && isAny
    ? [any(...values.map((value) => [textStartsWith(path, value, opaque)]))]
    : [opaque]
}

/** Whether a text must be among the constants, or must not; undefined for anything else. */
function equality({ operator, modifier }: CheckExpr): 'one' | 'none' | undefined {
  if (modifier === 'oneof') return undefined
  if (operator === 'in' || operator === 'intersects') return 'one'
  if (operator === '!=') return modifier === 'anyof' ? undefined : 'none'
  return (operator === '=' || operator === '==') && modifier !== 'allof' ? 'one' : undefined
}

/** Of a field with the elements of an array. */
function listLiterals(check: CheckExpr, path: Path, opaque: Opaque): Literal[] {
  const array = { kind: 'atom', path, operator: 'type', type: 'array' } as const
  const filled: Literal = { kind: 'some', path, where: [[]] }
  const values = constantsOf(check)
  if (check.operator === 'exists') return [array, filled]
  if (!values) return [array, filled, opaque]
  const member = elementIn(path, values, opaque)
  return check.operator === 'intersects' ? [array, member] : [array, member, opaque]
}

/** Literals on the right; undefined where one is no Unicode text, which JSON can hold and UTF-8 not. */
function constantsOf({ right }: CheckExpr): readonly string[] | undefined {
  if (right?.kind !== 'values' && right?.kind !== 'value') return undefined
  const values = right.kind === 'values' ? right.values : [right.text]
  return values.some((value) => /\p{Cs}/u.test(value)) ? undefined : values
}

/** What must be there, or the fields are missing. */
function needsOf(fields: readonly ResolvedField[]): Conjunction {
  const isAudit = fields.some((field) => field.class === 'k8saudit')
  const paths = fields.map((field) => pathOf(field) ?? holderOf(field))
  return [isAudit ? eventPath('auditID') : undefined, ...paths].flatMap((path) =>
    path ? [test(path, 'defined')] : [],
  )
}

/** Where the value of a field stands that is one value of the event. */
function pathOf({ info, key }: ResolvedField): Path | undefined {
  if ('path' in info.from) return eventPath(...info.from.path)
  const keys = info.from.computed === 'pointer' ? (pointerKeys(key!) ?? []) : []
  return keys.length === 0 || keys.some(mayBeIndex) ? undefined : eventPath(...keys.map(fromUtf8))
}

/** What a field is computed of. */
function holderOf({ info, key }: ResolvedField): Path | undefined {
  const how = 'computed' in info.from ? info.from.computed : ''
  if (how === 'pointer') {
    const keys = pointerKeys(key!) ?? []
    const names = keys.slice(0, keys.findIndex(mayBeIndex)).map(fromUtf8)
    return names.length > 0 ? eventPath(...names) : undefined
  }
  if (how === 'uriParameter') return eventPath('requestURI')
  if (how === 'targetPodName') return eventPath('responseObject')
  return info.level === 'Request' ? eventPath('requestObject') : undefined
}

/** In an array a number stands for an element. */
function mayBeIndex(key: string): boolean {
  return /^[+-]?[0-9]+$/.test(key)
}
