import { isNumber, literalOf } from '../value.ts'
import type { Value } from '../value.ts'
import type { Argument } from './go/argument.ts'
import { sprintf } from './go/printf.ts'
import { goText } from './go/text.ts'
import { arrayOperand, stringOperand } from './builtin.ts'
import type { Builtins } from './builtin.ts'

export const formatting: Builtins = {
  sprintf: (operands) =>
    sprintf(stringOperand(operands, 0), arrayOperand(operands, 1).map(argumentOf)),
}

/** OPA hands strings and numbers to Go's fmt as they are, and everything else as text. */
function argumentOf(value: Value): Argument {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return BigInt(value)
  return isNumber(value) ? numberArgument(literalOf(value)) : goText(value)
}

/** A point or an exponent makes a float, whatever its value. */
function numberArgument(literal: string): Argument {
  if (!/[.eE]/.test(literal)) return BigInt(literal)
  const float = Number(literal)
  return Number.isFinite(float) ? float : literal
}
