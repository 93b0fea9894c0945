import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { decodeResiduals } from '../../src/residual/decode.ts'
import { readResiduals } from '../../src/residual/read.ts'
import { type GuardrailResidual, pathText } from '../../src/residual/residual.ts'
import { residualText } from '../../src/residual/text.ts'
import { compileGuardrails } from '../../src/toolchain/guardrails.ts'
import { residualsOf } from '../../src/toolchain/residuals.ts'
import type { PolicySources } from '../../src/toolchain/sources.ts'
import { hasToolchain, openToolchain, temporaryFolder } from './support.ts'

const one = { id: 'one', entrypoint: 'guardrails/test/one/violation' }

function sources(body: string, helpers = '', others: PolicySources['modules'] = []): PolicySources {
  const text = `package guardrails.test.one\n\nviolation contains "m" if {\n${body}\n}\n\n${helpers}\n`
  return { modules: [{ file: 'one.rego', text }, ...others] }
}

describe.skipIf(!hasToolchain)('residuals of a policy', () => {
  const toolchain = openToolchain()
  const residualOf = async (policy: PolicySources): Promise<GuardrailResidual> =>
    (await residualsOf(toolchain, policy, [one])).get(one.id)!
  const textOf = async (policy: PolicySources): Promise<string> =>
    residualText((await residualOf(policy)).residual)

  test('do not know data that the policy comes with, wherever it stands', async () => {
    const policy = {
      ...sources(
        'input.a == data.org.x\ninput.b == data.lib.y\nnot data.absent.z\ndata.lib.h',
        '',
        [{ file: 'lib.rego', text: 'package lib\n\nh if input.c == data.lib.deep.w\n' }],
      ),
      data: { org: { x: 1 }, lib: { y: 2, deep: { w: 3 } } },
    }
    const text = await textOf(policy)
    expect(text.split('\n').sort()).toEqual([
      'input.a == data.org.x',
      'input.b == data.lib.y',
      'input.c == data.lib.deep.w',
      'not data.absent.z',
    ])
  })

  test('do not guess what a variable below data stands for', async () => {
    const policy = sources('some name\ndata.lib[name].on == true\ninput.a == 1', '', [
      { file: 'lib.rego', text: 'package lib.inner\n\non if input.b\n' },
    ])
    const { residual, pure } = await residualOf(policy)
    expect(residualText(residual)).toMatch(/^opaque \(input\): .*\ninput\.a == 1$/)
    expect(pure).toBe(false)
  })

  test('leave numbers open that a double does not hold', async () => {
    const body = 'input.a == 9007199254740993\ninput.b == 0.1\ninput.c == 0.5'
    expect((await textOf(sources(body))).split('\n')).toEqual([
      'input.a is there',
      'opaque (input.a, input.b): input.a == 9007199254740993',
      'input.b is there',
      'input.c == 0.5',
    ])
  })

  test('say what is read, and by whom nothing more must be asked', async () => {
    const body =
      'input.a.b == 1\nsome x in input.list\nx.c\nm := $"{object.get(input, ["d", "e"], "")} {h}"'
    const { reads, pure } = await residualOf(sources(body, 'h := input.f if input.g\nelse := "z"'))
    expect(reads.map(pathText)).toEqual([
      'input.a.b',
      'input.d.e',
      'input.f',
      'input.g',
      'input.list',
    ])
    expect(pure).toBe(true)
    expect((await residualOf(sources('time.now_ns() > input.a'))).pure).toBe(false)
    expect((await residualOf(sources('m := $"{time.now_ns()}"'))).pure).toBe(false)
  })

  test('are open as a whole where partial evaluation takes more steps than it may', async () => {
    const raw = await toolchain.residuals(sources('input.a == 1'), {
      rules: ['data.guardrails.test.one.violation'],
      steps: 1,
    })
    const [read] = readResiduals(raw, [one.entrypoint])
    expect(read).toMatchObject({
      residual: [[{ kind: 'opaque', reads: [{ steps: [] }] }]],
      pure: false,
    })
  })

  test('leave a statement open that comes to too much, and keep what stands beside it', async () => {
    // Sixteen sets of two, crossed with one another: more ways than anybody would follow.
    const crossed = Array.from({ length: 16 }, (_, i) => `some v${i} in q`)
    const joined = Array.from({ length: 15 }, (_, i) => `v${i}.k == v${i + 1}.j`)
    const helpers = `h if {\n${[...crossed, ...joined].join('\n')}\n}\n\nq contains input.one\n\nq contains input.two\n`
    const text = await textOf(sources('input.verb == "get"\nh', helpers))
    expect(text).toMatch(/^input\.verb == "get"\nopaque \(.*\): data\.guardrails\.test\.one\.h/)
  })

  test('are there for names that Rego does not write plainly', async () => {
    const text = 'package guardrails.test["a-b"]\n\nviolation contains "m" if input.a == 1\n'
    const guardrail = { id: 'dashed', entrypoint: 'guardrails/test/a-b/violation' }
    const residuals = await residualsOf(toolchain, { modules: [{ file: 'a.rego', text }] }, [
      guardrail,
    ])
    expect(residualText(residuals.get('dashed')!.residual)).toBe('input.a == 1')
  })

  test('say where each literal was written', async () => {
    const { residual } = await residualOf(sources('input.a == 1\nh', 'h if {\n\tinput.b == 2\n}'))
    expect(residual[0]!.map(({ location }) => location)).toEqual([
      { file: 'one.rego', row: 4, column: 1 },
      { file: 'one.rego', row: 9, column: 2 },
    ])
  })

  test('are kept in the cache until the policy changes', async () => {
    const cacheDir = temporaryFolder()
    const cached = openToolchain({ cacheDir })
    const entries = (): number => readdirSync(join(cacheDir, 'compiled')).length
    const first = await residualsOf(cached, sources('input.a == 1'), [one])
    expect(await residualsOf(cached, sources('input.a == 1'), [one])).toEqual(first)
    expect(entries()).toBe(1)
    expect(await residualsOf(cached, sources('input.a == 2'), [one])).not.toEqual(first)
    expect(entries()).toBe(2)
  })
})

describe.skipIf(!hasToolchain)('a compiled bundle', () => {
  const toolchain = openToolchain()
  const policy: PolicySources = {
    modules: [
      {
        file: 'one.rego',
        text: `# METADATA
# title: One
# description: The one.
# scope: package
# custom:
#   id: one
#   priority: Notice
package guardrails.test.one

violation contains {"id": "one", "priority": "Notice", "message": "m"} if input.a == data.org.x
`,
      },
    ],
  }

  test('carries the residuals, and the digest of the policy.wasm that they are about', async () => {
    const built = await compileGuardrails(toolchain, policy)
    const { residuals } = built.manifest['metadata'] as { residuals: { wasm: string } }
    expect(residuals.wasm).toBe(createHash('sha256').update(built.wasm).digest('hex'))
    const read = decodeResiduals(residuals, built.wasm)!
    expect(read.map(({ entrypoint }) => entrypoint)).toEqual([one.entrypoint])
    expect(residualText(read[0]!.residual)).toBe('input.a == data.org.x')
    expect(residualText(built.residuals[0]!.residual)).toBe('input.a == data.org.x')
    expect(decodeResiduals(residuals, Buffer.from('another module'))).toBeUndefined()
  })

  test('of Rego alone carries none: there is no module that they could be bound to', async () => {
    const built = await compileGuardrails(toolchain, policy, { target: 'rego' })
    expect(built.manifest['metadata']).not.toHaveProperty('residuals')
  })
})
