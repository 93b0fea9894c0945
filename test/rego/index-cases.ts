import * as fc from 'fast-check'
import {
  any,
  type Atom,
  type Conjunction,
  type Json,
  type Literal,
  not,
  type Path,
  type Residual,
  some,
} from '../../src/residual/residual.ts'

/** Texts that are each other's beginnings, endings and parts, with odd characters among them. */
const words = [
  ['', 'a', 'ab', 'abc', 'b', 'bc', 'pods', 'pod', 'pods/exec', 'system:', 'system:node:n1'],
  ['é', 'éa', '😀', '<a>', 'a"b', 'a\\', 'a\\b', 'a\nb', '10.', '10.0.0.1', '\u2028', 'true'],
].flat()
export const word: fc.Arbitrary<string> = fc.constantFrom(...words)

const scalar: fc.Arbitrary<Json> = fc.oneof(
  { weight: 5, arbitrary: word },
  fc.constantFrom<Json>(null, true, false, 0, 1, -1, 1.5, 403, 200, 1e3),
)

const steps: fc.Arbitrary<string[]> = fc.constantFrom(
  ['a'],
  ['b'],
  ['o'],
  ['o', 'a'],
  ['o', 'p', 'a'],
  ['l'],
  ['m'],
  ['o', 'l'],
  ['a"b'],
)

const eventPath = steps.map((names): Path => ({ from: 'event', steps: names }))

/** Paths inside of elements; `depth` of them are around. */
function innerPath(depth: number): fc.Arbitrary<Path> {
  const number = fc.integer({ min: 1, max: depth })
  return fc.oneof(
    number.map((element): Path => ({ from: { element }, steps: [] })),
    number.map((element): Path => ({ from: { element }, steps: ['a'] })),
    number.map((key): Path => ({ from: { key }, steps: [] })),
  )
}

function atom(path: fc.Arbitrary<Path>): fc.Arbitrary<Atom> {
  const texts = fc.record(
    {
      operator: fc.constantFrom(...(['startsWith', 'endsWith', 'contains'] as const)),
      constant: word,
    },
    { noNullPrototype: true },
  )
  const compared = fc.record(
    {
      operator: fc.constantFrom(
        ...(['equal', 'notEqual', 'less', 'lessOrEqual', 'greater', 'greaterOrEqual'] as const),
      ),
      constant: scalar,
    },
    { noNullPrototype: true },
  )
  const among = fc
    .array(scalar, { maxLength: 4 })
    .map((constant) => ({ operator: 'in' as const, constant }))
  return fc.oneof(
    fc.tuple(path, fc.oneof(compared, texts, among)).map(([at, { operator, constant }]): Atom => {
      return { kind: 'atom', path: at, operator, operand: { constant } }
    }),
    fc
      .tuple(path, fc.constantFrom('defined' as const, 'truthy' as const))
      .map(([at, operator]): Atom => ({ kind: 'atom', path: at, operator })),
    fc
      .tuple(
        path,
        fc.constantFrom(...(['null', 'boolean', 'number', 'string', 'array', 'object'] as const)),
      )
      .map(([at, type]): Atom => ({ kind: 'atom', path: at, operator: 'type', type })),
    // Two fields of the event are compared, or an element with one.
    fc.tuple(path, eventPath).map(([at, other]): Atom => {
      return { kind: 'atom', path: at, operator: 'equal', operand: { path: other } }
    }),
  )
}

function literal(depth: number, nesting: number): fc.Arbitrary<Literal> {
  const path = depth === 0 ? eventPath : fc.oneof(eventPath, innerPath(depth))
  const plain = atom(path)
  if (nesting === 0) return plain
  const inner = residualOf(depth, nesting - 1)
  return fc.oneof(
    { weight: 6, arbitrary: plain },
    { weight: 2, arbitrary: inner.map((parts) => not(...parts)) },
    inner.map((parts) => any(...parts)),
    {
      weight: 3,
      arbitrary: fc
        .tuple(path, residualOf(depth + 1, nesting - 1))
        .map(([at, where]) => some(at, ...where)),
    },
    path.map((at): Literal => ({ kind: 'opaque', reads: [at], text: 'walk(input)' })),
  )
}

function residualOf(depth: number, nesting: number): fc.Arbitrary<Residual> {
  const conjunction: fc.Arbitrary<Conjunction> = fc.array(literal(depth, nesting), { maxLength: 3 })
  return fc.array(conjunction, { maxLength: 3 })
}

/** Anything that a guardrail's residual may be, after `bindData`. */
export const residual: fc.Arbitrary<Residual> = residualOf(0, 2)

const value: fc.Arbitrary<Json> = fc.oneof(
  { weight: 6, arbitrary: scalar },
  fc.array(scalar, { maxLength: 3 }),
  fc.array(fc.record({ a: scalar, b: scalar }, { requiredKeys: [], noNullPrototype: true }), {
    maxLength: 3,
  }),
  fc.dictionary(word, scalar, { maxKeys: 3, noNullPrototype: true }),
)

/** An event with values at the paths that residuals look at, or without. */
export const indexedEvent: fc.Arbitrary<Record<string, Json>> = fc
  .record(
    {
      a: value,
      b: value,
      l: value,
      m: value,
      'a"b': value,
      o: fc.oneof(
        value,
        fc.record(
          {
            a: value,
            l: value,
            p: fc.oneof(value, fc.record({ a: value }, { noNullPrototype: true })),
          },
          { requiredKeys: [], noNullPrototype: true },
        ),
      ),
    },
    { requiredKeys: [], noNullPrototype: true },
  )
  .map((members) => ({ kind: 'Event', ...members }))

/** The same event in another spelling: Go escapes more than JavaScript, others everything. */
export const spelling: fc.Arbitrary<(text: string) => string> = fc.constantFrom(
  (text: string) => text,
  (text: string) => text.replaceAll(/[<>&\u2028]/g, unicode),
  (text: string) => text.replaceAll(/[\u0080-\uffff]/g, unicode),
  // In values only: names spelled like this put a line in doubt.
  (text: string) => text.replaceAll(/(?<=[:,[]")[a-z](?=[^"]*"[,\]}])/g, unicode),
)

function unicode(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
