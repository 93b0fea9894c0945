import { expect, test } from 'vitest'
import { putPaths } from '../../src/toolchain/put-paths.ts'

const packages = [
  ['team', 'common'],
  ['guardrails', 'team', 'mine'],
]

test.each([
  ['no package in the way', { org: { a: 1, b: { c: 2 } } }, [['org']]],
  ['beside a package', { team: { banned: ['nginx'] } }, [['team', 'banned']]],
  [
    'inside of one',
    { team: { common: { b: { c: 1 }, a: {} } } },
    [
      ['team', 'common', 'a'],
      ['team', 'common', 'b'],
    ],
  ],
  ['in place of one', { team: { common: 1 } }, [['team', 'common']]],
  ['nothing beside a package', { team: {} }, []],
  [
    'names that are none in Rego',
    { team: { 'a"b.c': null, '': [] } },
    [
      ['team', ''],
      ['team', 'a"b.c'],
    ],
  ],
  ['several', { z: 1, team: { b: 1 }, a: {} }, [['a'], ['team', 'b'], ['z']]],
  ['none', {}, []],
])('data is put where it hides no rules: %s', (_what, data, paths) => {
  expect(putPaths(data, packages)).toEqual(paths)
})
