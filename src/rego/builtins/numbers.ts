import { numberOf } from '../value.ts'
import type { Value } from '../value.ts'
import { BuiltinError, int64Operand, integerOperand, stringOperand } from './builtin.ts'
import type { Builtins, Evaluation } from './builtin.ts'
import { Limit } from './limit.ts'

export const numbers: Builtins = {
  'numbers.range_step': (operands) => {
    const step = integerOperand(operands, 2)
    if (step <= 0n) throw new BuiltinError('step must be a positive integer')
    return range(integerOperand(operands, 0), integerOperand(operands, 1), step)
  },
  'rand.intn': (operands, evaluation) =>
    dice(stringOperand(operands, 0), int64Operand(operands, 1), evaluation),
}

function range(from: bigint, to: bigint, step: bigint): Value {
  const limit = new Limit('numbers.range_step')
  const values: Value[] = []
  const isDown = from > to
  for (let at = from; isDown ? at >= to : at <= to; at += isDown ? -step : step) {
    limit.count(1)
    values.push(numberOf(String(at)))
  }
  return values
}

/** A number from 0 up to `sides`, the same for the same question in one evaluation. */
function dice(seed: string, sides: bigint, evaluation: Evaluation): Value {
  if (sides === 0n) return 0
  const bound = sides < 0n ? -sides : sides
  const question = `rand.intn ${bound} ${seed}`
  const known = evaluation.remembered.get(question)
  if (known !== undefined) return known
  const answer = numberOf(String(uniform(bound, evaluation)))
  evaluation.remembered.set(question, answer)
  return answer
}

/** Draws until a draw falls below the largest multiple of the bound, so that none is favoured. */
function uniform(bound: bigint, evaluation: Evaluation): bigint {
  const fair = 2n ** 64n - (2n ** 64n % bound)
  for (;;) {
    let draw = 0n
    for (const byte of evaluation.random(8)) draw = (draw << 8n) | BigInt(byte)
    if (draw < fair) return draw % bound
  }
}
