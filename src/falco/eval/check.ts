/** Compiles one comparison to a function of an event. */
import type { CheckExpr } from '../condition/ast.ts'
import { ConditionError } from '../condition/error.ts'
import { printOperand } from '../condition/print.ts'
import { utf8 } from '../event/byte-string.ts'
import type { Extracted } from '../fields/extract.ts'
import { constantTest, fieldTest, type Test } from './compare.ts'
import { compileOperand, type CompiledOperand } from './operand.ts'
import { checkOperator } from './operators.ts'
import type { FieldSlots, FieldStore } from './store.ts'

export interface CompiledCheck {
  readonly run: (store: FieldStore) => boolean
  /** Where the outcome depends on one field only: that field, and the outcome for its value. */
  readonly only?: {
    readonly slot: number
    readonly test: (value: Extracted) => boolean
    /** Where all values but these give the same outcome. */
    readonly constants?: readonly string[]
  }
}

/** @throws ConditionError with offsets into the condition's text. */
export function compileCheck(check: CheckExpr, slots: FieldSlots): CompiledCheck {
  const left = compileOperand(check.left, slots)
  checkOperator(check, left.type, left.list)
  const { right } = check
  if (right === undefined) return fromTest(left, () => true, [])
  if (right.kind === 'field' || right.kind === 'transform') {
    return fromField(check, left, compileOperand(right, slots))
  }
  const values = right.kind === 'values' ? right.values : [right.text]
  const test = located(right.at, () => constantTest(left, check, values))
  return fromTest(left, test, isEquality(check) ? values.map(utf8) : undefined)
}

/** True where only being one of the constants counts. */
function isEquality({ operator }: CheckExpr): boolean {
  return ['=', '==', '!=', 'in', 'intersects'].includes(operator)
}

/** A missing value makes every comparison false. */
function fromTest(
  left: CompiledOperand,
  test: Test,
  constants: readonly string[] | undefined,
): CompiledCheck {
  const { only } = left
  return {
    run: (store) => {
      const value = left.read(store)
      return value !== undefined && test(value)
    },
    ...(only
      ? {
          only: {
            slot: only.slot,
            test: (of) => {
              const value = only.apply(of)
              return value !== undefined && test(value)
            },
            // A transformed value is another one than the field's.
            ...(constants && !left.mayHoldNul ? { constants } : {}),
          },
        }
      : {}),
  }
}

function fromField(check: CheckExpr, left: CompiledOperand, right: CompiledOperand): CompiledCheck {
  const { operator } = check
  const at = check.right!.at
  if (operator === 'pmatch' || operator === 'regex') {
    throw new ConditionError(`\`${operator}\` cannot compare with another field`, at)
  }
  if (left.type !== right.type || left.list !== right.list) {
    const shown = (operand: CompiledOperand): string =>
      operand.list ? `a list of ${operand.type}` : operand.type
    throw new ConditionError(
      `\`${printOperand(check.left)}\` is ${shown(left)}, but the right side is ${shown(right)}`,
      at,
    )
  }
  const test = fieldTest(left, operator)
  return {
    run: (store) => {
      const value = left.read(store)
      if (value === undefined) return false
      const other = right.read(store)
      return other !== undefined && test(value, other)
    },
  }
}

function located<T>(at: number, make: () => T): T {
  try {
    return make()
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error
    throw new ConditionError(error.message, at, error.help)
  }
}
