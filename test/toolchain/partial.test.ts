import { describe, expect, test } from 'vitest'
import { hasToolchain, openToolchain } from './support.ts'

describe.skipIf(!hasToolchain)('partial evaluation', () => {
  const toolchain = openToolchain()
  const modules = [
    {
      file: 'a.rego',
      text: 'package a\n\nx if {\n\tinput.verb == data.verbs[_]\n\tnot quiet\n}\n\nquiet if input.a\n\nquiet if input.b\n\ndefault loud := false\n\nloud if input.c\n\nlisted if input.user in data.org.users\n',
    },
  ]
  const data = { verbs: ['get', 'list'], org: { users: ['u'] } }

  test('leaves queries and support modules, as text and as located trees', async () => {
    const left = await toolchain.partial({ modules, data }, { query: 'data.a.x' })
    expect(left.queries).toHaveLength(2)
    expect(left.queries.join('\n')).toContain('input.verb = "get"')
    expect(left.queries.join('\n')).toContain('not input.a')
    const [first] = left.ast.queries as { location: object; terms: unknown[] }[][]
    expect(first?.[0]?.location).toMatchObject({ file: 'a.rego', row: 4 })
    const defaulted = await toolchain.partial({ modules, data }, { query: 'data.a.loud' })
    expect(defaulted.support).toEqual([expect.stringContaining('default loud = false')])
    expect(defaulted.ast.support).toMatchObject([{ rules: [{ default: true }, {}] }])
  })

  test('unknown data stays symbolic', async () => {
    const { queries } = await toolchain.partial(
      { modules, data },
      { query: 'data.a.listed', unknowns: ['input', 'data.org'] },
    )
    expect(queries.join()).toContain('data.org.users')
  })

  test('located trees do not leak into what is built afterwards', async () => {
    const source = '# METADATA\n# title: T\n# entrypoint: true\nx := 1\n'
    const policy = { modules: [{ file: 'b.rego', text: `package b\n\n${source}` }] }
    const before = await toolchain.build(policy, { entrypoints: [] })
    await toolchain.partial({ modules, data }, { query: 'data.a.x' })
    const after = await toolchain.build(policy, { entrypoints: [] })
    expect(JSON.stringify(after.manifest)).toContain('"title":"T"')
    expect(Buffer.from(after.bundle)).toEqual(Buffer.from(before.bundle))
  })
})
