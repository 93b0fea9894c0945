import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { holds } from '../../../src/residual/holds.ts'
import {
  any,
  type Atom,
  compare,
  elementPath,
  eventPath,
  type Path,
  type Json,
  type Literal,
  not,
  type Residual,
  some,
  test as atom,
} from '../../../src/residual/residual.ts'
import { matcher } from '../../residual/matcher.ts'
import { ruleOf } from './one-rule.ts'

const texts = ['', 'a', 'ab', 'b', 'a/b', 'system:x'] as const
const fields = [
  eventPath('verb'),
  eventPath('user', 'username'),
  eventPath('objectRef', 'name'),
  eventPath('objectRef', 'apiGroup'),
  eventPath('annotations', 'x/y'),
]
const constant = fc.constantFrom<Json[]>(...texts)

const textAtom: fc.Arbitrary<Literal> = fc
  .tuple(
    fc.constantFrom(...fields),
    fc.constantFrom('equal', 'notEqual', 'startsWith', 'endsWith', 'contains', 'in', 'defined'),
    constant,
  )
  .map(([path, operator, to]) => {
    if (operator === 'defined') return atom(path, 'defined')
    if (operator === 'in') return compare(path, 'in', ['ab', to])
    return compare(path, operator as 'equal', to)
  })
const patternAtom = fc
  .tuple(fc.constantFrom(...fields), fc.constantFrom('^a', 'b$', '^(a|ab)$', 'a[/:]', '^a(/|$)'))
  .map(([path, pattern]): Literal => compare(path, 'regexMatch', pattern))
const codeAtom = fc
  .tuple(
    fc.constantFrom('equal', 'less', 'lessOrEqual', 'greater', 'greaterOrEqual'),
    fc.constantFrom(99, 200, 400, 403),
  )
  .map(([operator, to]): Literal =>
    compare(eventPath('responseStatus', 'code'), operator as 'equal', to),
  )
const groupSome = fc
  .array(constant, { minLength: 1, maxLength: 2 })
  .map((to): Literal => some(eventPath('user', 'groups'), [compare(elementPath(1), 'in', to)]))
const pairSome = fc.tuple(constant, constant).map(([kind, name]): Literal => {
  const parts: Atom[] = [
    compare(elementPath(1, 'kind'), 'equal', kind),
    compare(elementPath(1, 'name'), 'startsWith', name),
  ]
  return some(eventPath('requestObject', 'subjects'), parts)
})
const key: Path = { from: { key: 1 }, steps: [] }

/** Labels, and the annotations of the event itself: by their values alone, and by their names too. */
const maps = [eventPath('requestObject', 'metadata', 'labels'), eventPath('annotations')]
const mapSome = fc
  .tuple(
    fc.constantFrom(...maps),
    fc.constantFrom('equal', 'startsWith', 'endsWith', 'contains', 'in'),
    fc.constantFrom(...texts, ',', '"', 'x/y'),
    fc.option(fc.constantFrom('x/y', 'a', '1'), { nil: undefined }),
  )
  .map(([path, operator, to, named]): Literal => {
    const constant = operator === 'in' ? ['ab', to] : to
    const value = compare(elementPath(1), operator as 'equal', constant)
    return some(path, named === undefined ? [value] : [compare(key, 'equal', named), value])
  })
const literal: fc.Arbitrary<Literal> = fc.oneof(
  textAtom,
  mapSome,
  patternAtom,
  codeAtom,
  groupSome,
  pairSome,
)

function residual(depth: number): fc.Arbitrary<Residual> {
  const inner: fc.Arbitrary<Literal> =
    depth === 0
      ? literal
      : fc.oneof(
          literal,
          residual(depth - 1).map((one): Literal => not(...one)),
          residual(depth - 1).map((one): Literal => any(...one)),
        )
  return fc.array(fc.array(inner, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 2 })
}

const text = fc.constantFrom(...texts)
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined })
const subject = fc
  .record({ kind: text, name: text, apiGroup: maybe(text) })
  .chain((members) =>
    fc.shuffledSubarray(Object.entries(members), { minLength: 3 }).map(Object.fromEntries),
  )
const map = fc.dictionary(
  fc.constantFrom('x/y', 'a', '1', 'z"x/y', 'b,', ':'),
  fc.constantFrom(...texts, ',', ':', '"', 'x/y', ':"ab'),
  { maxKeys: 3 },
)
const event = fc
  .record({
    verb: maybe(text),
    user: maybe(
      fc.record({ username: maybe(text), groups: maybe(fc.array(text, { maxLength: 2 })) }),
    ),
    objectRef: maybe(fc.record({ name: maybe(text), apiGroup: maybe(text) })),
    annotations: maybe(map),
    responseStatus: maybe(
      fc.record({ code: maybe(fc.constantFrom(99, 100, 200, 400, 403, 1000)) }),
    ),
    requestObject: maybe(
      fc.record({
        metadata: maybe(fc.record({ labels: maybe(map) })),
        subjects: maybe(fc.array(subject, { maxLength: 3 })),
      }),
    ),
  })
  .map((value) => JSON.parse(JSON.stringify(value)) as { [name: string]: Json })

test('a condition holds where its residual does', () => {
  const property = fc.property(
    residual(2),
    fc.array(event, { minLength: 8, maxLength: 8 }),
    (given, events) => {
      const { outcome, fires, text: file } = ruleOf(given)
      if (outcome.kind === 'off') {
        for (const one of events) expect(holds(given, one, matcher)).toBe('no')
        return
      }
      fc.pre(outcome.kind === 'exact')
      for (const one of events)
        expect(fires(one), `${JSON.stringify(one)}\n${file}`).toBe(
          holds(given, one, matcher) === 'yes',
        )
    },
  )
  fc.assert(property, { numRuns: 120 })
})
