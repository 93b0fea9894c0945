import { identity } from '../value.ts'
import { operand } from './builtin.ts'
import type { Builtins, Evaluation } from './builtin.ts'

export const uuids: Builtins = {
  /** A random UUID, the same for the same operand in one evaluation. */
  'uuid.rfc4122': (operands, evaluation) => {
    const question = `uuid.rfc4122 ${identity(operand(operands, 0))}`
    const known = evaluation.remembered.get(question)
    if (known !== undefined) return known
    const uuid = version4(evaluation)
    evaluation.remembered.set(question, uuid)
    return uuid
  },
}

function version4(evaluation: Evaluation): string {
  const bytes = Uint8Array.from(evaluation.random(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = Buffer.from(bytes).toString('hex')
  const lengths = [8, 4, 4, 4, 12]
  let at = 0
  return lengths.map((length) => hex.slice(at, (at += length))).join('-')
}
