import { expect, test } from 'vitest'
import { any, compare, eventPath, not, some, elementPath } from '../../src/residual/residual.ts'
import { residualText } from '../../src/residual/text.ts'
import { waysOf } from '../../src/testing/alternatives.ts'

const verb = (name: string) => compare(eventPath('verb'), 'equal', name)
const stage = (name: string) => compare(eventPath('stage'), 'equal', name)
const image = (name: string) => compare(elementPath(1, 'image'), 'equal', name)

test('every choice is a way, with nothing else in its place', () => {
  const containers = some(eventPath('containers'), [image('a')], [image('b')])
  const ways = waysOf([
    [verb('get'), any([stage('x')], [stage('y'), containers])],
    [verb('list'), not([stage('x')], [stage('y')])],
  ])
  expect(
    ways.map(({ depth, apart, residual }) => [
      depth,
      residualText([apart]).replaceAll(/\n\s*/g, ' '),
      residualText(residual).replaceAll(/\n\s*/g, ' '),
    ]),
  ).toMatchInlineSnapshot(`
    [
      [
        0,
        "input.verb == "get" any of: input.stage == "x" or input.stage == "y" some in input.containers: element1.image == "a" or element1.image == "b"",
        "input.verb == "get" any of: input.stage == "x" or input.stage == "y" some in input.containers: element1.image == "a" or element1.image == "b"",
      ],
      [
        1,
        "input.stage == "x"",
        "input.verb == "get" any of: input.stage == "x"",
      ],
      [
        1,
        "input.stage == "y" some in input.containers: element1.image == "a" or element1.image == "b"",
        "input.verb == "get" any of: input.stage == "y" some in input.containers: element1.image == "a" or element1.image == "b"",
      ],
      [
        2,
        "element1.image == "a"",
        "input.verb == "get" any of: input.stage == "y" some in input.containers: element1.image == "a"",
      ],
      [
        2,
        "element1.image == "b"",
        "input.verb == "get" any of: input.stage == "y" some in input.containers: element1.image == "b"",
      ],
      [
        0,
        "input.verb == "list" not: input.stage == "x" or input.stage == "y"",
        "input.verb == "list" not: input.stage == "x" or input.stage == "y"",
      ],
    ]
  `)
})

test('what stands alone is no choice', () => {
  expect(waysOf([[verb('get'), any([stage('x')])]])).toHaveLength(1)
  expect(waysOf([])).toEqual([])
})
