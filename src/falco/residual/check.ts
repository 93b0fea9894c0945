/**
 * A comparison as a literal of a residual. Exact where the field is one JSON value and the comparison
 * asks whether it is one of some texts, or begins with one; of others only what they need is said,
 * and the rest is opaque, which counts as unknown in either sense.
 */
import {
  any,
  type Conjunction,
  eventPath,
  type Literal,
  not,
  type Opaque,
  type Path,
  type Step,
  test,
} from '../../residual/residual.ts'
import type { CheckExpr, Operand } from '../condition/ast.ts'
import { printCondition } from '../condition/print.ts'
import { pointerKeys } from '../fields/json-fields.ts'
import { isProblem, resolveField, type ResolvedField } from '../fields/resolve.ts'
import { fromUtf8 } from '../event/byte-string.ts'
import { elementIn, textIn, textStartsWith } from './texts.ts'

/**
 * All of these hold exactly where the comparison does.
 *
 * @param allows whether constants may still be told apart at a path; see `ConstantBudget`.
 */
export function checkLiterals(
  check: CheckExpr,
  allows: (path: Path, texts: readonly string[]) => boolean,
): Conjunction {
  const left = neededOf(check.left)
  const opaque = opaqueOf(check, left?.path)
  if (!left) return [opaque]
  const { path, field, needs } = left
  if (!path) return [...needs, opaque]
  const values = constantsOf(check)
  const plain = check.left.kind === 'field' && (!values || allows(path, values))
  if (plain && field.info.list) return [...needs, ...listLiterals(check, path, opaque)]
  const literals = plain ? textLiterals(check, path, opaque) : undefined
  return [...needs, ...inArray(path, literals ?? [test(path, 'defined'), opaque], opaque)]
}

/** A number in a pointer is an element of an array, as in paths; but it can also be a member's name. */
function inArray(path: Path, literals: Conjunction, opaque: Opaque): Conjunction {
  const at = path.steps.findIndex((step) => typeof step === 'number')
  if (at < 0) return literals
  const holder: Path = { ...path, steps: path.steps.slice(0, at) }
  return [any(literals, [{ kind: 'atom', path: holder, operator: 'type', type: 'object' }, opaque])]
}

/** Of a field with one text; undefined where no more is known than that the text must be there. */
function textLiterals(check: CheckExpr, path: Path, opaque: Opaque): Conjunction | undefined {
  const there = test(path, 'defined')
  if (check.operator === 'exists') return [there]
  const values = constantsOf(check)
  // Falco's modifiers match nothing where there is nothing to compare with.
  if (!values || (check.modifier !== undefined && values.length === 0)) return undefined
  switch (equality(check)) {
    case 'one':
      return [textIn(path, values, opaque)]
    case 'none':
      return [there, not([textIn(path, values, opaque)])]
    case undefined:
      break
  }
  const isAny = check.modifier === undefined || check.modifier === 'anyof'
  return check.operator === 'startswith' && isAny
    ? [there, any(...values.map((value) => [textStartsWith(path, value, opaque)]))]
    : undefined
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

interface Needed {
  readonly field: ResolvedField
  /** Where the field's value stands, if it is one value of the event. */
  readonly path: Path | undefined
  /** What else must be there, or the field is missing. */
  readonly needs: readonly Literal[]
}

/** What a value on the left needs; undefined where it may be there whatever the event holds. */
function neededOf(operand: Operand): Needed | undefined {
  if (operand.kind === 'transform' && operand.args.length === 1) return neededOf(operand.args[0]!)
  if (operand.kind !== 'field') return undefined
  const field = resolveField(operand)
  if (isProblem(field) || field.class === 'falco') return undefined
  const needs = field.class === 'k8saudit' ? [test(eventPath('auditID'), 'defined')] : []
  const steps = stepsTo(field)
  if (steps) return { field, path: eventPath(...steps), needs }
  return { field, path: undefined, needs: [...needs, ...ancestors(field)] }
}

/** From the event to the value that a field is; undefined where it is computed of several. */
function stepsTo({ info, key }: ResolvedField): readonly Step[] | undefined {
  if ('path' in info.from) return info.from.path
  const keys = info.from.computed === 'pointer' ? pointerKeys(key!) : undefined
  const numbers = keys?.filter(mayBeIndex) ?? []
  if (numbers.length > 1 || (keys && mayBeIndex(keys[0]!))) return undefined
  if (numbers.some((each) => !/^(?:0|[1-9][0-9]{0,5})$/.test(each))) return undefined
  return keys?.map((each) => (mayBeIndex(each) ? Number(each) : fromUtf8(each)))
}

/** What a computed field reads must be there. */
function ancestors({ info, key }: ResolvedField): Literal[] {
  const how = 'computed' in info.from ? info.from.computed : ''
  if (how === 'pointer') {
    const keys = pointerKeys(key!) ?? []
    const names = keys.slice(0, keys.findIndex(mayBeIndex)).map(fromUtf8)
    return names.length > 0 ? [test(eventPath(...names), 'defined')] : []
  }
  if (how === 'uriParameter') return [test(eventPath('requestURI'), 'defined')]
  if (how === 'targetPodName') return [test(eventPath('responseObject'), 'defined')]
  return info.level === 'Request' ? [test(eventPath('requestObject'), 'defined')] : []
}

/** In an array a number stands for an element, which a name never does. */
function mayBeIndex(key: string): boolean {
  return /^[+-]?[0-9]+$/.test(key)
}

function opaqueOf(check: CheckExpr, path: Path | undefined): Opaque {
  return { kind: 'opaque', reads: [path ?? eventPath()], text: printCondition(check) }
}
