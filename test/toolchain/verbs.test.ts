import { describe, expect, test } from 'vitest'
import type { LocatedDiagnostic } from '../../src/text/diagnostic.ts'
import type { ParapetError } from '../../src/text/error.ts'
import type { PolicySources } from '../../src/toolchain/sources.ts'
import { hasToolchain, openToolchain, text } from './support.ts'

const schema = {
  type: 'object',
  properties: {
    verb: { type: 'string' },
    objectRef: { type: 'object', properties: { resource: { type: 'string' } } },
  },
}

function module(source: string, file = 'a.rego'): PolicySources {
  return { modules: [{ file, text: source }] }
}

const brief = ({ code, file, line, column }: LocatedDiagnostic): string =>
  `${file}:${line}:${column} ${code}`

describe.skipIf(!hasToolchain)('the embedded toolchain', () => {
  const toolchain = openToolchain()
  const refusal = async (promise: Promise<unknown>): Promise<ParapetError> =>
    promise.then(
      () => expect.fail('was accepted'),
      (error: ParapetError) => error,
    )

  test('names its versions and, asked for, its capabilities', async () => {
    expect(await toolchain.version()).toEqual({
      opa: '1.22.2',
      go: expect.stringMatching(/^go1\.\d+/),
    })
    const { capabilities } = await toolchain.version({ capabilities: true })
    const { builtins } = capabilities as { builtins: { name: string }[] }
    expect(builtins.map(({ name }) => name)).toContain('time.parse_rfc3339_ns')
  })

  describe('check', () => {
    const cases: [string, string, string[]][] = [
      ['nothing wrong', 'package a\n\nx if input.verb == "get"\n', []],
      ['a syntax error', 'package a\n\nx if {input.a==\n', ['a.rego:4:1 REGO_PARSE_ERROR']],
      ['no package', 'x := 1\n', ['a.rego:1:1 REGO_PARSE_ERROR']],
      ['an empty file', '', ['a.rego:undefined:undefined REGO_PARSE_ERROR']],
      [
        'an unsafe variable',
        'package a\n\nx if y == z\n',
        ['a.rego:3:6 REGO_UNSAFE_VAR_ERROR', 'a.rego:3:6 REGO_UNSAFE_VAR_ERROR'],
      ],
      ['a type error', 'package a\n\nx if 1 + "a"\n', ['a.rego:3:6 REGO_TYPE_ERROR']],
      ['an undefined function', 'package a\n\nx if nope(1)\n', ['a.rego:3:6 REGO_TYPE_ERROR']],
      ['recursion', 'package a\n\nx if x\n', ['a.rego:3:1 REGO_RECURSION_ERROR']],
      [
        'strictness: an unused import and an unused variable',
        'package a\n\nimport data.b\n\nx if y := 1\n',
        ['a.rego:3:1 REGO_COMPILE_ERROR', 'a.rego:5:6 REGO_COMPILE_ERROR'],
      ],
      [
        'columns in UTF-16',
        'package a\n\nx if "😀😀" == nope(1)\n',
        ['a.rego:3:16 REGO_TYPE_ERROR'],
      ],
      [
        'a syntax error behind an emoji',
        'package a\n\nx if "😀" == )\n',
        ['a.rego:3:14 REGO_PARSE_ERROR'],
      ],
    ]
    test.each(cases)('%s', async (_, source, want) => {
      expect((await toolchain.check(module(source))).map(brief)).toEqual(want)
    })

    test('reports the syntax errors of all files, under the names they were given', async () => {
      const modules = [
        { file: './pol/b.rego', path: 'b.rego', text: 'package b\n\ny if {' },
        { file: './pol/a.rego', path: 'a.rego', text: 'package a\n\nx if ]' },
      ]
      const found = (await toolchain.check({ modules })).map(brief)
      expect(found.map((line) => line.split(':')[0])).toEqual(['./pol/a.rego', './pol/b.rego'])
    })

    test('type errors against the input schema name what there is', async () => {
      const source =
        '# METADATA\n# scope: package\n# schemas:\n#   - input: schema.audit_event\npackage a\n\nx if input.objectref.resource == "pods"\n'
      const policy = { ...module(source), schemas: { audit_event: schema } }
      expect(await toolchain.check(policy)).toEqual([
        {
          code: 'REGO_TYPE_ERROR',
          severity: 'error',
          message: 'undefined ref: input.objectref.resource',
          file: 'a.rego',
          line: 7,
          column: 6,
          help: 'have: "objectref"; want (one of): ["objectRef" "verb"]',
        },
      ])
    })

    test('a rule where data stands is a conflict', async () => {
      const policy = { ...module('package a\n\nx := 1\n'), data: { a: { x: 2 } } }
      expect((await toolchain.check(policy)).map(brief)).toEqual(['a.rego:3:1 REGO_COMPILE_ERROR'])
    })
  })

  test('parse gives the located syntax tree', async () => {
    const tree = await toolchain.parse({ file: 'p.rego', text: 'package a\n\nx := 1\n' })
    expect(tree).toMatchObject({
      package: { path: [{ value: 'data' }, { value: 'a' }] },
      rules: [{ location: { file: 'p.rego', row: 3, col: 1 }, head: { name: 'x' } }],
    })
  })

  test('format formats, and refuses what does not parse', async () => {
    const file = 'p.rego'
    expect(await toolchain.format({ file, text: 'package a\nx if {input.a==1}' })).toBe(
      'package a\n\nx if input.a == 1\n',
    )
    expect(await refusal(toolchain.format({ file, text: 'package a\nx if {' }))).toMatchObject({
      code: 'REGO_PARSE_ERROR',
      file,
      line: 2,
    })
  })

  describe('build', () => {
    test('keeps the digits of data, and mounts documents at their folders', async () => {
      const built = await toolchain.build(
        {
          modules: [{ file: 'x/a.rego', text: 'package a\n\nx := data.org.n\n' }],
          documents: [
            { file: 'org/data.json', text: '{"n": 12345678901234567890, "one": 1.0}' },
            { file: 'data.yaml', text: 'top: yes\nlist: [a]\n' },
          ],
          data: { list: ['b'], more: { deep: true } },
        },
        { entrypoints: ['a/x'], revision: 'r1', metadata: { by: 'test' } },
      )
      expect(built.entrypoints).toEqual(['a/x'])
      expect(text(built.data)).toBe(
        '{"list":["b"],"more":{"deep":true},"org":{"n":12345678901234567890,"one":1.0},"top":"yes"}',
      )
      expect(built.manifest).toMatchObject({ revision: 'r1', metadata: { by: 'test' } })
      expect(WebAssembly.Module.exports(new WebAssembly.Module(built.wasm))).toContainEqual(
        expect.objectContaining({ name: 'opa_eval' }),
      )
    })

    test.each([
      ['an entrypoint that is not there', 'package a\n\nx := 1\n', ['a/y'], 'OPA_ERROR'],
      ['no entrypoint', 'package a\n\nx := 1\n', [], 'OPA_ERROR'],
      ['a type error', 'package a\n\nx if 1 + "a"\n', ['a/x'], 'REGO_TYPE_ERROR'],
      ['a syntax error', 'package a\n\nx if {\n', ['a/x'], 'REGO_PARSE_ERROR'],
    ])('refuses %s', async (_, source, entrypoints, code) => {
      const error = await refusal(toolchain.build(module(source), { entrypoints }))
      expect(error).toMatchObject({ name: 'ParapetError', code })
      expect(error.diagnostics).not.toHaveLength(0)
      expect(error.message).not.toContain('\n')
    })

    test('roots that do not hold the packages are refused', async () => {
      const building = toolchain.build(module('package a\n\nx := 1\n'), {
        entrypoints: ['a/x'],
        roots: ['b'],
      })
      expect((await refusal(building)).message).toMatch(/roots \[b\] do not permit/)
    })

    test('two sources of one name are refused', async () => {
      const source = 'package a\n'
      const modules = [
        { file: 'one/a.rego', path: 'a.rego', text: source },
        { file: 'two/a.rego', path: 'a.rego', text: source },
      ]
      expect((await refusal(toolchain.build({ modules }, { entrypoints: ['a'] }))).code).toBe(
        'POLICY_FILE_TWICE',
      )
    })
  })

  test('annotations describe every module', async () => {
    const source =
      '# METADATA\n# title: T\n# scope: package\n# custom:\n#   id: one\npackage a.b\n\nx := 1\n\ny[1] := 2\n'
    expect(await toolchain.annotations(module(source, 'dir/a.rego'))).toEqual([
      {
        path: 'dir/a.rego',
        file: 'dir/a.rego',
        package: ['a', 'b'],
        line: 6,
        rules: [
          { name: 'x', line: 8 },
          { name: 'y[1]', line: 10 },
        ],
        annotations: [
          {
            scope: 'package',
            line: 1,
            value: { scope: 'package', title: 'T', custom: { id: 'one' } },
          },
        ],
      },
    ])
  })

  test('a runaway of print statements reaches no stream of ours', async () => {
    const written: unknown[] = []
    const streams = [process.stdout, process.stderr].map(
      (stream) => [stream, stream.write] as const,
    )
    for (const [stream] of streams) {
      stream.write = (chunk: unknown) => (written.push(chunk), true)
    }
    try {
      const policy = module('package a\n\nx := 1 if print("leaked")\n')
      const evaluator = await toolchain.prepare(policy, 'data.a.x')
      expect((await evaluator.evaluate([Buffer.from('{}')]))[0]?.value).toBe(1)
      await toolchain.build(policy, { entrypoints: ['a/x'] })
    } finally {
      for (const [stream, write] of streams) stream.write = write
    }
    expect(written.filter((chunk) => String(chunk).includes('leaked'))).toEqual([])
  })
})
