import { expect, test } from 'vitest'
import { affectedBy, isAbout, isNeeded, type TestedFiles } from '../../src/testing/affected.ts'
import { mayMeanOthers } from '../../src/rego/meant-guardrails.ts'

const module = (file: string, text: string): { file: string; text: string } => ({ file, text })

const library = module('rego/lib/who.rego', 'package parapet.lib\n\nx := data.org.users\n')
const libraryTest = module('rego/lib/who_test.rego', 'package parapet.lib_test\n')
const fixtures = module('rego/lib/fixtures_test.rego', 'package parapet.fixtures\n')
const one = module('rego/a/one/one.rego', 'package guardrails.a.one\n\nimport data.parapet.lib\n')
const oneTest = module(
  'rego/a/one/one_test.rego',
  'package guardrails.a.one_test\n\nimport data.guardrails.a.one\n',
)
const two = module('rego/a/two/two.rego', 'package guardrails.a.two\n')

const pack: TestedFiles = {
  modules: [library, libraryTest, fixtures, one, oneTest, two],
  caseFiles: [
    { file: 'rego/a/one/one.cases.yaml' },
    { file: 'falco-rules/mine.cases.yaml', rules: 'falco-rules/mine.yaml' },
  ],
}

const affected = (changed: string[], ...suites: TestedFiles[]): string[] | 'all' => {
  const found = affectedBy(suites, changed)
  return found === 'all' ? found : [...found]
}

test('a guardrail, its tests and its cases decide about its folder alone', () => {
  for (const name of ['one.rego', 'one_test.rego', 'one.cases.yaml', 'gone.rego']) {
    expect(affected([`rego/a/one/${name}`], pack)).toEqual(['rego/a/one'])
  }
  expect(affected(['./rego/a/one/one.rego', 'rego/a/two/two.rego'], pack)).toEqual([
    'rego/a/one',
    'rego/a/two',
  ])
})

test('cases of Falco rules decide about their file alone', () => {
  expect(affected(['falco-rules/mine.cases.yaml'], pack)).toEqual(['falco-rules/mine.cases.yaml'])
  expect(affected(['falco-rules/mine.yaml'], pack)).toBe('all')
})

test('the library, data and what nobody knows decide about all', () => {
  for (const file of ['rego/lib/who.rego', 'rego/org/data.yaml', 'rego/.manifest', 'x/y.rego']) {
    expect(affected([file], pack)).toBe('all')
    expect(affected(['rego/a/one/one.rego', file], pack)).toBe('all')
  }
})

test('guardrails that mean one another are tested together', () => {
  for (const text of [
    'package guardrails.a.two\n\nimport data.guardrails.a.one\n',
    'package guardrails.a.two\n\nx := data.guardrails.a[_].violation\n',
    'package guardrails.a.two\n\nx := data["guardrails"]\n',
  ]) {
    const modules = [library, one, oneTest, module(two.file, text)]
    expect(affected(['rego/a/one/one.rego'], { ...pack, modules })).toBe('all')
  }
})

test('what is affected needs its own modules and those that all share, without their tests', () => {
  const folder = new Set(['rego/a/one'])
  const needed = pack.modules.filter((one) => isNeeded(one, pack, folder))
  expect(needed).toEqual([library, fixtures, one, oneTest])
  expect(isAbout('rego/a/one/one.cases.yaml', folder)).toBe(true)
  expect(isAbout('rego/a/two/two.rego', folder)).toBe(false)
})

test('a package is told from one whose name begins alike', () => {
  const text = 'x := data.guardrails.a.one_more.y'
  expect(mayMeanOthers(text, ['guardrails.a.one'])).toBe(true)
  expect(mayMeanOthers(text, ['guardrails.a.one_more'])).toBe(false)
  expect(mayMeanOthers('x := data.org.users', [])).toBe(false)
})
