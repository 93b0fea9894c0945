import { RegoSet } from '../value.ts'
import type { Value } from '../value.ts'
import { arrayOperand, stringOperand } from './builtin.ts'
import type { Builtins } from './builtin.ts'
import { goText } from './go/text.ts'

export const output: Builtins = {
  // Nobody listens to traces here; the note is true all the same.
  trace: (operands) => typeof stringOperand(operands, 0) === 'string',
  'internal.print': (operands, evaluation) => {
    for (const line of lines(arrayOperand(operands, 0))) evaluation.print(line)
    return true
  },
}

/** Each operand is a set of what it can be, none where it is undefined: all combinations print. */
function lines(operands: readonly Value[]): readonly string[] {
  let beginnings: readonly string[] = ['']
  for (const [index, operand] of operands.entries()) {
    const texts = textsOf(operand)
    const gap = index === 0 ? '' : ' '
    beginnings = beginnings.flatMap((start) => texts.map((text) => start + gap + text))
  }
  return beginnings
}

function textsOf(operand: Value): readonly string[] {
  if (!(operand instanceof RegoSet)) return [plainText(operand)]
  return operand.elements.length === 0 ? ['<undefined>'] : operand.sorted().map(plainText)
}

function plainText(value: Value): string {
  return typeof value === 'string' ? value : goText(value)
}
