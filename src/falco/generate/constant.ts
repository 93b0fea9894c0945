import type { Json } from '../../residual/residual.ts'
import { CONSTANT_BYTES_MAX } from '../eval/compare.ts'
import { Inexpressible, TooLong } from './inexpressible.ts'

/** A value as Falco has it: a string itself, anything else as JSON. */
export function constantText(value: Json): string {
  return checked(typeof value === 'string' ? value : JSON.stringify(value))
}

/** It is not too long to be compared with. */
export function isShort(text: string): boolean {
  return Buffer.byteLength(text) <= CONSTANT_BYTES_MAX
}

/** A text that can be compared with: a constant or a pattern. */
export function checked(text: string): string {
  if (!isShort(text)) throw new TooLong(`a constant of more than ${CONSTANT_BYTES_MAX} bytes`)
  if (/[\0\p{Cs}]/u.test(text)) throw new Inexpressible('a constant that no text can hold')
  return text
}
