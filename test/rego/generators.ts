import * as fc from 'fast-check'
import { objectOf, numberOf, setOf } from '../../src/rego/value.ts'
import type { Value } from '../../src/rego/value.ts'

/** Literals that a builtin might read in more than one way. */
const literals = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -20, max: 300 }).map(String) },
  fc.maxSafeInteger().map(String),
  fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(decimalText),
  fc.constantFrom(
    '1.0',
    '1e2',
    '-0',
    '0.10',
    '1.5E-3',
    '9223372036854775807',
    '-9223372036854775808',
  ),
  fc.constantFrom('9223372036854775808', '1e18', '1e400', '2.5', '0.5', '100000000000000000000'),
)

/** As JSON writes it. */
function decimalText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value).replace('e+', 'e')
}

export const number: fc.Arbitrary<Value> = literals.map(numberOf)
export const integer: fc.Arbitrary<Value> = fc.integer({ min: -5, max: 12 })

/** Short texts with what Go, JSON and URLs escape. */
export const text: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.string({
    unit: fc.constantFrom(...'ab/.%+&=;-_~!\'()*"\\\n\t\u0007\u007f\u0085\u2028<>é😀\ufeff '),
  }),
)

/** Texts over few letters, so that one is often found in another. */
export const word: fc.Arbitrary<string> = fc.string({
  unit: fc.constantFrom('a', 'b', 'é', '😀'),
  maxLength: 6,
})

const scalar: fc.Arbitrary<Value> = fc.oneof(text, number, integer, fc.boolean(), fc.constant(null))

/** Any value, sets and keys of any kind included. */
export const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(tie('value'), { maxLength: 3 }).map(setOf),
    fc.array(fc.tuple(fc.oneof(word, scalar), tie('value')), { maxLength: 3 }).map(objectOf),
  ),
})).value

export function collection(element: fc.Arbitrary<Value>): fc.Arbitrary<Value> {
  const list = fc.array(element, { maxLength: 4 })
  return fc.oneof(list, list.map(setOf))
}

/** Mostly the wanted kind, now and then something else. */
export function mostly(wanted: fc.Arbitrary<Value>): fc.Arbitrary<Value> {
  return fc.oneof({ weight: 40, arbitrary: wanted }, { weight: 1, arbitrary: value })
}
