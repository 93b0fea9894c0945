import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bindData } from '../../src/residual/bind.ts'
import { holds } from '../../src/residual/holds.ts'
import { necessary, sufficient } from '../../src/residual/necessary.ts'
import { pathsRead } from '../../src/residual/reads.ts'
import {
  any,
  compare,
  dataPath,
  elementPath,
  eventPath,
  type Json,
  type Literal,
  not,
  pathText,
  type Residual,
  some,
  test as unary,
} from '../../src/residual/residual.ts'
import { indexedEvent, residual } from '../rego/index-cases.ts'

const username = eventPath('user', 'username')

/** A controller is a service account of a namespace that the organisation lists, except `default`. */
const isController: Literal = some(dataPath('org', 'system_namespaces'), [
  {
    kind: 'atom',
    path: username,
    operator: 'startsWith',
    operand: {
      concat: [{ constant: 'system:serviceaccount:' }, { path: elementPath(1) }, { constant: ':' }],
    },
  },
  not([compare(username, 'endsWith', ':default')]),
])

describe('bindData', () => {
  test('writes the elements of data out', () => {
    const bound = bindData([[not([isController])]], {
      org: { system_namespaces: ['kube-system', 'kube-public'] },
    })
    const notDefault = not([compare(username, 'endsWith', ':default')])
    expect(bound).toEqual([
      [
        not(
          [compare(username, 'startsWith', 'system:serviceaccount:kube-system:'), notDefault],
          [compare(username, 'startsWith', 'system:serviceaccount:kube-public:'), notDefault],
        ),
      ],
    ])
  })

  test.each<[string, Literal, Json, Residual]>([
    ['an empty list', isController, { org: { system_namespaces: [] } }, []],
    ['no list', isController, {}, []],
    ['NOT of what never holds', not([isController]), {}, [[]]],
    ['a list that is a text', isController, { org: { system_namespaces: 'x' } }, []],
    ['data that is there', unary(dataPath('org', 'hours'), 'truthy'), { org: { hours: {} } }, [[]]],
    ['data that is not', unary(dataPath('org', 'hours'), 'truthy'), { org: {} }, []],
    [
      'a member of a list',
      {
        kind: 'atom',
        path: username,
        operator: 'in',
        operand: { path: dataPath('org', 'users') },
      },
      { org: { users: ['bob'] } },
      [[compare(username, 'in', ['bob'])]],
    ],
    [
      'an OR stays one',
      any([compare(username, 'equal', 'a')], [unary(dataPath('x'), 'defined')], [isController]),
      { org: {} },
      [[compare(username, 'equal', 'a')]],
    ],
  ])('%s', (_note, literal, data, want) => {
    expect(bindData([[literal]], data)).toEqual(want)
  })

  test('a template of anything but texts is not understood', () => {
    const [[literal]] = bindData([[isController]], { org: { system_namespaces: [1] } }) as [
      [Literal],
    ]
    expect(literal).toMatchObject({ kind: 'opaque', reads: [username] })
  })

  test('elements of the event are numbered anew', () => {
    const inner = some(dataPath('list'), [
      some(eventPath('a'), [
        {
          kind: 'atom',
          path: elementPath(2, 'name'),
          operator: 'equal',
          operand: { path: elementPath(1) },
        },
      ]),
    ])
    expect(bindData([[inner]], { list: ['x', 'y'] })).toEqual([
      [some(eventPath('a'), [compare(elementPath(1, 'name'), 'equal', 'x')])],
      [some(eventPath('a'), [compare(elementPath(1, 'name'), 'equal', 'y')])],
    ])
  })

  test('means the same as reading the data where it stands', () => {
    const data = fc.record({
      a: fc.jsonValue({ maxDepth: 2 }),
      l: fc.constantFrom<Json>(['a', 'ab'], [1], [], 'a', { k: 'pods' }),
    })
    fc.assert(
      fc.property(residual, indexedEvent, data, (item, event, values) => {
        const before = holds(moved(item, 'event'), { ...event, data: values as Json })
        const bound = bindData(moved(item, 'data'), values as Json)
        const after = holds(bound, { ...event, data: values as Json })
        // What is opaque may be dropped where the rest decides; it never changes a decision.
        if (before !== after && before !== 'maybe' && after !== 'maybe') {
          throw new Error(`${before} became ${after}: ${JSON.stringify(bound)}`)
        }
        expect(bound.flat().every((literal) => !readsData(literal))).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})

/** Half of the paths moved to data: to the document, or to where the event above carries it. */
function moved(item: Residual, to: 'data' | 'event'): Residual {
  return JSON.parse(JSON.stringify(item), (_key, value: unknown) => {
    const path = value as { from?: unknown; steps?: string[] }
    if (path?.from !== 'event' || !path.steps) return value
    if (path.steps[0] !== 'a' && path.steps[0] !== 'l') return value
    return to === 'data'
      ? { from: 'data', steps: path.steps }
      : { from: 'event', steps: ['data', ...path.steps] }
  }) as Residual
}

function readsData(literal: Literal): boolean {
  return pathsRead([[literal]]).some((path) => path.from === 'data')
}

describe('bounds', () => {
  test('necessary conditions hold wherever the residual does, sufficient ones nowhere else', () => {
    fc.assert(
      fc.property(residual, indexedEvent, (item, event) => {
        const exact = holds(item, event)
        const upper = holds(necessary(item), event)
        const lower = holds(sufficient(item), event)
        expect([upper, lower]).not.toContain('maybe')
        if (exact !== 'no') expect(upper).toBe('yes')
        if (exact !== 'yes') expect(lower).toBe('no')
      }),
      { numRuns: 2000 },
    )
  })
})

test('pathsRead', () => {
  const item: Residual = [
    [isController, some(eventPath('a', 'b'), [compare(elementPath(1, 'c'), 'equal', 1)])],
    [not([{ kind: 'opaque', reads: [eventPath()], text: 'walk(input, x)' }])],
  ]
  expect(pathsRead(item).map(pathText)).toEqual([
    'data.org.system_namespaces',
    'input.user.username',
    'input.a.b',
    'input',
  ])
})
