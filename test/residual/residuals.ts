import * as fc from 'fast-check'
import type {
  ComparingOperator,
  Conjunction,
  Json,
  Literal,
  Origin,
  Path,
  Residual,
} from '../../src/residual/residual.ts'

const scalar: fc.Arbitrary<Json> = fc.constantFrom<Json[]>(
  'a',
  'b',
  'ab',
  '',
  1,
  2,
  true,
  false,
  null,
)
const steps = fc.array(fc.constantFrom<(string | number)[]>('a', 'b', 0), { maxLength: 2 })
const operators: readonly ComparingOperator[] = [
  'equal',
  'notEqual',
  'less',
  'greaterOrEqual',
  'startsWith',
  'contains',
]

/** @param depth how many `some` stand around it */
function path(depth: number): fc.Arbitrary<Path> {
  const inner = Array.from({ length: depth }, (_, i) => i + 1)
  const from: fc.Arbitrary<Origin> = fc.constantFrom<Origin[]>(
    'event',
    ...inner.flatMap((element): Origin[] => [{ element }, { element }, { key: element }]),
  )
  return fc.record({ from, steps })
}

function atom(depth: number): fc.Arbitrary<Literal> {
  const at = path(depth)
  return fc.oneof(
    fc.record({
      kind: fc.constant('atom' as const),
      path: at,
      operator: fc.constantFrom(...operators),
      operand: fc.oneof(
        { weight: 4, arbitrary: fc.record({ constant: scalar }) },
        { weight: 1, arbitrary: fc.record({ path: at }) },
      ),
    }),
    fc.record({
      kind: fc.constant('atom' as const),
      path: at,
      operator: fc.constant('in' as const),
      operand: fc.record({ constant: fc.uniqueArray(scalar, { maxLength: 3 }) }),
    }),
    fc.record({
      kind: fc.constant('atom' as const),
      path: at,
      operator: fc.constantFrom('defined' as const, 'truthy' as const),
    }),
    fc.record({
      kind: fc.constant('atom' as const),
      path: at,
      operator: fc.constant('type' as const),
      type: fc.constantFrom(
        'string' as const,
        'array' as const,
        'object' as const,
        'number' as const,
      ),
    }),
  )
}

function literal(depth: number, room: number): fc.Arbitrary<Literal> {
  const simple = fc.oneof(
    { weight: 6, arbitrary: atom(depth) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('opaque' as const),
        reads: fc.array(path(depth), { maxLength: 2 }),
        text: fc.constantFrom('one', 'another'),
      }),
    },
  )
  if (room === 0) return simple
  return fc.oneof(
    { weight: 4, arbitrary: simple },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constantFrom('not' as const, 'any' as const),
        residual: residual(depth, room - 1),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('some' as const),
        path: path(depth),
        where: residual(depth + 1, room - 1),
      }),
    },
  )
}

/** Residuals over few paths and values, so that literals often have to do with one another. */
export function residual(depth = 0, room = 2): fc.Arbitrary<Residual> {
  const conjunction: fc.Arbitrary<Conjunction> = fc.array(literal(depth, room), { maxLength: 3 })
  return fc.array(conjunction, { maxLength: 3 })
}

/** Values with the paths that those residuals look at. */
export const subject: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    scalar,
    fc.array(tie('value'), { maxLength: 2 }),
    fc.record({ a: tie('value'), b: tie('value') }, { requiredKeys: [] }),
  ),
})).value
