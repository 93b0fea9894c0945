import { expect, test } from 'vitest'
import { compare, eventPath, some } from '../../src/residual/residual.ts'
import { decisive } from '../../src/testing/decides.ts'
import { matcher } from '../residual/matcher.ts'

const at = (row: number): { location: { file: string; row: number; column: number } } => ({
  location: { file: 'a.rego', row, column: 1 },
})
const isWrite = { ...compare(eventPath('verb'), 'equal', 'create'), ...at(3) }
const replicas = eventPath('replicas')
const isLarge = {
  kind: 'opaque',
  reads: [replicas],
  text: 'input.replicas + 1 > 100',
  ...at(4),
} as const
const groups = {
  ...some(eventPath('groups'), [{ ...compare(eventPath('verb'), 'equal', 'x'), ...at(6) }]),
  ...at(5),
}

const say = (event: { readonly [name: string]: string | number | readonly string[] }): string[] =>
  decisive([[isWrite, isLarge], [groups]], event, matcher, ({ row }) => `line ${row}`)

test('what is not understood may hold, and is not said to', () => {
  expect(say({ verb: 'create', replicas: 200 })).toEqual([
    '`input.verb == "create"` holds (line 3)',
    '`opaque (input.replicas): input.replicas + 1 > 100` may hold (line 4)',
  ])
})

test('what keeps the nearest alternative from holding', () => {
  expect(say({ verb: 'get', groups: ['a'] })).toEqual([
    '`input.verb == "create"` does not hold (line 3)',
  ])
})
