/** Which operators a type has, by Falco's tables. */
import type { CheckExpr, Operator } from '../condition/ast.ts'
import { ConditionError } from '../condition/error.ts'
import { printOperand } from '../condition/print.ts'
import type { FieldType } from '../fields/catalogue.ts'

const LIST: readonly Operator[] = ['exists', 'in', 'intersects']
const EQUALITY: readonly Operator[] = ['=', '==', '!=', ...LIST]
const NUMBER: readonly Operator[] = [...EQUALITY, '<', '<=', '>', '>=']
const TEXT: readonly Operator[] = [
  ...NUMBER,
  'contains',
  'icontains',
  'startswith',
  'endswith',
  'glob',
  'iglob',
  'pmatch',
  'regex',
]

const BY_TYPE: Readonly<Record<FieldType, readonly Operator[]>> = {
  text: TEXT,
  uint64: NUMBER,
  abstime: NUMBER,
  reltime: NUMBER,
  bool: EQUALITY,
}

/** @throws ConditionError where the left side's type does not have the operator. */
export function checkOperator(check: CheckExpr, type: FieldType, list: boolean): void {
  const { operator } = check
  if (operator === 'exists' || (list ? LIST : BY_TYPE[type]).includes(operator)) return
  const left = printOperand(check.left)
  if (list) {
    throw new ConditionError(
      `\`${left}\` is a list, which has no operator \`${operator}\``,
      check.at,
      'use `intersects` (one of its elements), `in` (all of them) or `exists`, or `join` it to a text',
    )
  }
  const what = type === 'text' ? 'a text' : type === 'bool' ? 'true or false' : 'a number'
  throw new ConditionError(
    `\`${left}\` is ${what}, which has no operator \`${operator}\``,
    check.at,
  )
}
