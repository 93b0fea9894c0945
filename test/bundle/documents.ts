import * as fc from 'fast-check'

/** JSON text as nobody in their right mind writes it: the hash must follow Go through all of it. */
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => JSON.stringify(n)),
  fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }).map(String),
  fc.stringMatching(/^-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?$/),
)
const character = fc.oneof(
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 1 })
    .map((c) => JSON.stringify(c).slice(1, -1)),
  fc
    .integer({ min: 0x20, max: 0x10ffff })
    .filter((c) => (c < 0xd800 || c > 0xdfff) && c !== 0x22 && c !== 0x5c)
    .map((c) => String.fromCodePoint(c)),
  fc.integer({ min: 0, max: 0xffff }).map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`),
  fc.constantFrom(
    '<',
    '>',
    '&',
    '\\/',
    '\\b',
    '\\f',
    '\\u2028',
    '\u2029',
    '\u007f',
    '\ufeff',
    '\uffff',
    '\ue000',
    '😀',
    '\\ud83d\\ude00',
    '\\ud800',
    '\\udc00',
  ),
)
const string = fc.array(character, { maxLength: 12 }).map((parts) => `"${parts.join('')}"`)
export const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, depthSize: 'medium' },
    number,
    string,
    fc.constantFrom('true', 'false', 'null', '{}', '[]'),
    fc.array(tie('value'), { maxLength: 5 }).map((items) => `[ ${items.join(' ,')}]`),
    fc
      .array(fc.tuple(string, tie('value')), { maxLength: 5 })
      .map((pairs) => `{${pairs.map((pair) => pair.join(' : ')).join(',\n')}}`),
  ),
}))
export const nested = fc
  .integer({ min: 1, max: 9999 })
  .map((depth) => `${'['.repeat(depth)}${']'.repeat(depth)}`)
export const deepObject = fc
  .integer({ min: 1, max: 3000 })
  .map((depth) => `${'{"k<":'.repeat(depth)}1${'}'.repeat(depth)}`)
