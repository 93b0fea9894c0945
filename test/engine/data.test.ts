import { describe, expect, test } from 'vitest'
import { mergeData, readData } from '../../src/engine/data.ts'
import { locate } from '../../src/text/diagnostic.ts'

function problems(text: string): string[] {
  const document = { file: 'org.yaml', text }
  return readData(document).diagnostics.map((diagnostic) => {
    const { line, column, message, help } = locate(diagnostic, [document])
    return `${line}:${column} ${message}${help ? ` (${help})` : ''}`
  })
}

describe('readData', () => {
  test('reads YAML and JSON', () => {
    const value = { org: { registries: ['registry.example.com'] }, other: 1 }
    const yaml = 'org:\n  registries: [registry.example.com]\nother: 1\n'
    expect(readData({ file: 'a.yaml', text: yaml }).value).toEqual(value)
    expect(readData({ file: 'a.json', text: JSON.stringify(value) }).value).toEqual(value)
  })

  test.each([
    ['org:\n  registry: []', '2:3 `org` has no key `registry` (did you mean `registries`?)'],
    ['org: {users: {knwon: []}}', '1:15 `org.users` has no key `knwon` (did you mean `known`?)'],
    ['org:\n  networks: 10.0.0.0/8', '2:13 `org.networks` must be a list of texts'],
    ['org:\n  hours: {days: Mon}', '2:17 `org.hours.days` must be a list of texts'],
    ['- a', '1:1 data must be one mapping, such as `org: {registries: [registry.example.com]}`'],
  ])('%j', (text, wanted) => {
    expect(problems(text)).toEqual([wanted])
  })
})

describe('mergeData', () => {
  test('objects are merged, everything else is replaced', () => {
    const base = { org: { registries: ['a'], users: { known: ['x'], break_glass: [] } } }
    const overlay = { org: { registries: ['b'], users: { break_glass: ['root'] } } }
    expect(mergeData(base, overlay)).toEqual({
      org: { registries: ['b'], users: { known: ['x'], break_glass: ['root'] } },
    })
    expect(base.org.registries).toEqual(['a'])
  })

  test('a key named as an object method is a key', () => {
    expect(mergeData({}, JSON.parse('{"__proto__": {"a": 1}, "toString": 2}'))).not.toHaveProperty(
      'a',
    )
  })
})
