import { createHash, createHmac } from 'node:crypto'
import { stringOperand } from './builtin.ts'
import type { Builtin, Builtins } from './builtin.ts'

export const digests: Builtins = {
  'crypto.md5': hash('md5'),
  'crypto.sha1': hash('sha1'),
  'crypto.sha256': hash('sha256'),
  'crypto.hmac.md5': hmac('md5'),
  'crypto.hmac.sha1': hmac('sha1'),
  'crypto.hmac.sha256': hmac('sha256'),
  'crypto.hmac.sha512': hmac('sha512'),
  // Timing tells nothing here: the policy already holds both codes.
  'crypto.hmac.equal': (operands) => stringOperand(operands, 0) === stringOperand(operands, 1),
}

function hash(algorithm: string): Builtin {
  return (operands) => createHash(algorithm).update(stringOperand(operands, 0)).digest('hex')
}

function hmac(algorithm: string): Builtin {
  return (operands) =>
    createHmac(algorithm, stringOperand(operands, 1))
      .update(stringOperand(operands, 0))
      .digest('hex')
}
