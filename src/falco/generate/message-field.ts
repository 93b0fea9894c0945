import type { MessageValue } from '../../residual/message.ts'
import type { FieldExpr, TransformExpr } from '../condition/ast.ts'
import type { Way } from './bodies.ts'
import { field as namedField, transform } from './expr.ts'
import { fieldAt, listFieldAt, pointerField, subjectNames } from './fields.ts'
import { ifExpressible } from './inexpressible.ts'

/**
 * The field that says what a message says at some place of the event. Of an element of an array Falco
 * knows no more than the array, so the field that lists the elements stands for it. Undefined where
 * there is none, or only one that shows far more: the containers of a pod, a JSON patch.
 */
export function fieldOfValue({
  way,
  element,
  letters,
}: MessageValue): FieldExpr | TransformExpr | undefined {
  const field = ifExpressible(() => fieldOfWay(way, element))
  return field && letters ? transform(letters === 'lower' ? 'tolower' : 'toupper', field) : field
}

function fieldOfWay(way: Way, element: MessageValue['element']): FieldExpr | undefined {
  const at = way.indexOf(null)
  if (BODIES.includes(way[0]) && way.length === 1) return undefined
  if (at < 0) return fieldAt({ from: 'event', steps: steps(way) })
  if (JSON.stringify(way) === SUBJECT_NAME) {
    const names = namesOfKind(element)
    if (names !== undefined) return namedField(names)
  }
  const listed = listFieldAt(way) ?? listFieldAt(way.slice(0, at + 1))
  return listed ?? (at === way.length - 1 ? pointerField(steps(way.slice(0, at))) : undefined)
}

function steps(way: Way): (string | number)[] {
  return way.filter((step) => step !== null)
}

/** As a whole they hold secrets, and more than anybody reads. */
const BODIES: readonly unknown[] = ['requestObject', 'responseObject']
const SUBJECT_NAME = JSON.stringify(['requestObject', 'subjects', null, 'name'])

/** The field with the names of subjects of the kind that the element is known to have. */
function namesOfKind(element: MessageValue['element']): string | undefined {
  for (const literal of element) {
    if (literal.kind !== 'atom' || literal.operator !== 'equal') continue
    if (literal.path.steps.join('.') !== 'kind' || !('constant' in literal.operand)) continue
    return subjectNames[String(literal.operand.constant)]
  }
  return undefined
}
