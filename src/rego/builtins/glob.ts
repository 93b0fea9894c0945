import { stringOperand } from './builtin.ts'
import type { Builtins } from './builtin.ts'

export const globs: Builtins = {
  'glob.quote_meta': (operands) => stringOperand(operands, 0).replaceAll(/[*?\\[\]{}]/g, '\\$&'),
}
