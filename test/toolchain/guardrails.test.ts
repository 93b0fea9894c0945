import { describe, expect, test } from 'vitest'
import { Policy } from '../../src/rego/policy.ts'
import type { ParapetError } from '../../src/text/error.ts'
import { checkGuardrails, compileGuardrails } from '../../src/toolchain/guardrails.ts'
import type { PolicySources } from '../../src/toolchain/sources.ts'
import { bytes, hasToolchain, openToolchain } from './support.ts'

interface Parts {
  name?: string
  custom?: string
  body?: string
  schema?: boolean
}

/** A guardrail `guardrails.test.<name>`, as a user writes it. */
function guardrail({
  name = 'one',
  custom = '',
  body = 'input.verb == "get"',
  schema,
}: Parts = {}): string {
  const schemas = schema ? '# schemas:\n#   - input: schema.audit_event\n' : ''
  return `# METADATA
# title: The ${name}
# scope: package
${schemas}# custom:
#   id: ${name}
#   priority: Notice
${custom}package guardrails.test.${name}

violation contains {"id": "${name}", "priority": "Notice", "message": "${name} found"} if {
	${body}
}
`
}

function sources(...texts: string[]): PolicySources {
  return {
    modules: texts.map((text) => {
      const name = /^package guardrails\.test\.(\w+)/m.exec(text)![1]!
      const path = `guardrails/test/${name}/${name}.rego`
      return { file: `mine/${path}`, path, text }
    }),
  }
}

describe.skipIf(!hasToolchain)('compiling guardrails', () => {
  const toolchain = openToolchain()
  const refusal = async (policy: PolicySources): Promise<ParapetError> =>
    compileGuardrails(toolchain, policy).then(
      () => expect.fail('was accepted'),
      (error: ParapetError) => error,
    )

  test('gives the union, its portable part and each guardrail as entrypoints', async () => {
    const apart = guardrail({ name: 'two', custom: '#   portable: false\n', body: 'input.verb' })
    const test = {
      file: 'mine/a_test.rego',
      path: 'a_test.rego',
      text: 'package a_test\n\ntest_x := true\n',
    }
    const policy = sources(guardrail(), apart)
    const compiled = await compileGuardrails(
      toolchain,
      { ...policy, modules: [...policy.modules, test], data: { org: { x: 1 } } },
      { revision: 'r1', metadata: { by: 'test' } },
    )
    expect(compiled.entrypoints).toEqual([
      'guardrails/violations',
      'guardrails/portable',
      'guardrails/excepted',
      'guardrails/test/one/violation',
      'guardrails/test/two/violation',
    ])
    expect(compiled.diagnostics).toEqual([])
    expect(compiled.guardrails.map(({ id, portable }) => [id, portable])).toEqual([
      ['one', true],
      ['two', false],
    ])
    expect(compiled.policy.modules.map(({ path }) => path)).not.toContain('a_test.rego')
    expect(compiled.manifest).toMatchObject({
      revision: 'r1',
      roots: ['guardrails', 'org'],
      metadata: {
        by: 'test',
        guardrails: [
          { id: 'one', file: 'guardrails/test/one/one.rego', line: 1 },
          { id: 'two', portable: false },
        ],
      },
    })
  })

  test('the union in WASM finds what each guardrail finds, as OPA does', async () => {
    const compiled = await compileGuardrails(
      toolchain,
      sources(
        guardrail(),
        guardrail({ name: 'two', body: 'input.verb', custom: '#   portable: false\n' }),
      ),
    )
    const policy = await Policy.load(compiled.wasm)
    for (const event of ['{"verb": "get"}', '{"verb": "list"}', '{}']) {
      for (const entrypoint of compiled.entrypoints) {
        const query = `data.${entrypoint.replaceAll('/', '.')}`
        const evaluator = await toolchain.prepare(compiled.policy, query)
        const [reference] = await evaluator.evaluate([bytes(event)])
        const decision = policy.decideValue(policy.entrypoint(entrypoint), event)
        expect(JSON.parse(decision ?? '[]')).toEqual(reference?.value)
      }
    }
  })

  test('the library, its data and the schema of an event are there for policies of one’s own', async () => {
    const text = guardrail({ body: 'data.parapet.lib.is_anonymous', schema: true })
    const compiled = await compileGuardrails(toolchain, sources(text))
    expect(compiled.manifest).toMatchObject({ roots: ['guardrails', 'org', 'parapet'] })
    const policy = await Policy.load(compiled.wasm, {
      dataText: Buffer.from(compiled.data).toString(),
    })
    const event = '{"user": {"username": "system:anonymous"}}'
    const decision = policy.decideValue(policy.entrypoint('guardrails/violations'), event)
    expect(JSON.parse(decision!)).toMatchObject([{ id: 'one' }])
  })

  test('the defaults of data.org are there for who reads them, unless they are brought', async () => {
    const policy = sources(guardrail({ body: 'count(data.org.system_namespaces) > 0' }))
    const org = async (from: PolicySources): Promise<object> => {
      const { data } = await compileGuardrails(toolchain, from)
      return JSON.parse(Buffer.from(data).toString()) as object
    }
    expect(await org(policy)).toMatchObject({ org: { system_namespaces: expect.any(Array) } })
    expect(await org({ ...policy, data: { org: { x: 1 } } })).toEqual({ org: { x: 1 } })
    const document = { file: 'org/data.json', text: '{"y": 1}' }
    expect(await org({ ...policy, documents: [document] })).toEqual({ org: { y: 1 } })
    expect(await org(sources(guardrail()))).toEqual({})
    const exceptions = { file: 'data.yaml', text: 'org: {exceptions: {}}' }
    expect(await org({ ...policy, documents: [exceptions] })).toMatchObject({
      org: { exceptions: {}, system_namespaces: expect.any(Array) },
    })
  })

  test('what the union reads is among the roots; a manifest’s are kept, and widened by what was added', async () => {
    const plain = await compileGuardrails(toolchain, sources(guardrail()))
    expect(plain.manifest['roots']).toEqual(['guardrails', 'org/exceptions'])
    const text = guardrail({ body: 'data.parapet.lib.is_anonymous' })
    const policy = { ...sources(text), manifest: { roots: ['guardrails', 'mine'] } }
    const { manifest } = await compileGuardrails(toolchain, policy)
    expect(manifest['roots']).toEqual(['guardrails', 'mine', 'parapet', 'org'])
  })

  test('a mistyped field of an event is refused where it stands', async () => {
    const error = await refusal(
      sources(guardrail({ schema: true, body: 'input.objectref.name == "x"' })),
    )
    expect(error).toMatchObject({
      code: 'REGO_TYPE_ERROR',
      file: 'mine/guardrails/test/one/one.rego',
      line: 12,
      column: 2,
      help: expect.stringContaining('objectRef'),
    })
  })

  test('every error is told, of METADATA and of Rego', async () => {
    const error = await refusal(
      sources(guardrail({ custom: '#   tags: x\n' }), guardrail({ name: 'two', body: 'nope(1)' })),
    )
    expect(error.diagnostics.map(({ code }) => code)).toEqual([
      'GUARDRAIL_METADATA',
      'REGO_TYPE_ERROR',
    ])
  })

  test('syntax errors of all files are told at once, and nothing else', async () => {
    const { diagnostics, guardrails } = await checkGuardrails(
      toolchain,
      sources(
        guardrail({ body: '(' }),
        guardrail({ name: 'two', body: ']' }),
        guardrail({ name: 'three' }),
      ),
    )
    expect(guardrails).toEqual([])
    expect(new Set(diagnostics.map(({ file, code }) => `${file} ${code}`))).toEqual(
      new Set(['one', 'two'].map((n) => `mine/guardrails/test/${n}/${n}.rego REGO_PARSE_ERROR`)),
    )
  })

  test.each([
    [
      'the union written by hand',
      'guardrails/union.rego',
      'package guardrails\n\nviolations contains 1\n',
      'GUARDRAIL_UNION_TAKEN',
    ],
    [
      'a guardrail without METADATA',
      'x.rego',
      'package guardrails.a.b\n\nviolation contains 1\n',
      'GUARDRAIL_METADATA_MISSING',
    ],
  ])('refuses %s', async (_, path, text, code) => {
    const policy = sources(guardrail())
    const modules = [...policy.modules, { file: path, path, text }]
    expect(await refusal({ modules })).toMatchObject({ code, file: path })
  })

  test('a policy without guardrails says what one is, and how else to go on', async () => {
    const modules = [{ file: 'a.rego', text: 'package a\n\ndeny contains "x" if input.x\n' }]
    expect(await refusal({ modules })).toMatchObject({
      code: 'GUARDRAILS_NONE',
      help: expect.stringContaining('--decision'),
    })
  })
})
