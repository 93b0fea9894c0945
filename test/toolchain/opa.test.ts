/** What the embedded toolchain does, held against a real `opa` of the same version. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readPolicyFolder } from '../../src/io/policy/policy-folder.ts'
import { compileGuardrails } from '../../src/toolchain/guardrails.ts'
import { bundlePath, type PolicySources } from '../../src/toolchain/sources.ts'
import { findOpa } from '../tools.ts'
import { bytes, hasToolchain, openToolchain, temporaryFolder } from './support.ts'

const opa = findOpa()
const pack = join(import.meta.dirname, '../../rego')

function run(args: readonly string[], cwd: string): { status: number | null; stdout: string } {
  const { status, stdout, stderr } = spawnSync(opa!, args, { cwd, encoding: 'utf8' })
  return { status, stdout: stdout || stderr }
}

/** Writes a policy out as the folder that `opa build -b .` reads. */
function folderOf(policy: PolicySources): string {
  const folder = temporaryFolder()
  for (const source of [...policy.modules, ...(policy.documents ?? [])]) {
    const file = join(folder, bundlePath(source))
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, source.text)
  }
  return folder
}

describe.skipIf(!hasToolchain || !opa)('beside real OPA', () => {
  const toolchain = openToolchain()

  test('it is the same OPA', async () => {
    const { opa: version } = await toolchain.version()
    expect(run(['version'], '.').stdout).toContain(`Version: ${version}`)
  })

  test('a bundle of guardrails has the bytes that `opa build` writes', async () => {
    const { policy } = await readPolicyFolder(pack)
    const compiled = await compileGuardrails(toolchain, policy, { revision: 'r1' })
    const folder = folderOf(compiled.policy)
    const { roots, metadata } = compiled.manifest
    writeFileSync(join(folder, '.manifest'), JSON.stringify({ roots, metadata }))
    const entrypoints = compiled.entrypoints.flatMap((name) => ['-e', name])
    const output = join(temporaryFolder(), 'bundle.tar.gz')
    const args = ['build', '-b', '.', '-t', 'wasm', '-r', 'r1', ...entrypoints, '-o', output]
    expect(run(args, folder)).toEqual({ status: 0, stdout: '' })
    expect(Buffer.compare(readFileSync(output), compiled.bundle)).toBe(0)
  })

  test('and so has one with data in folders, annotated entrypoints and odd numbers', async () => {
    const policy: PolicySources = {
      modules: [
        {
          file: 'x/a.rego',
          text: 'package a.b\n\nimport rego.v1\n\n# METADATA\n# entrypoint: true\n# custom: {n: 1.0}\nallow if data.a.list[_] == input.u\nunused := 1\n',
        },
      ],
      documents: [
        { file: 'a/data.json', text: '{"list": [1.0, 1e2, 12345678901234567890, "<\\u2028>"]}' },
        { file: 'c/d/data.yaml', text: 'on: yes\nwhen: 2024-01-01\nfloat: 1.50\n' },
      ],
    }
    const built = await toolchain.build(policy, { entrypoints: ['a/b/unused'] })
    const output = join(temporaryFolder(), 'bundle.tar.gz')
    const args = ['build', '-b', '.', '-t', 'wasm', '-e', 'a/b/unused', '-o', output]
    expect(run(args, folderOf(policy))).toEqual({ status: 0, stdout: '' })
    expect(Buffer.compare(readFileSync(output), built.bundle)).toBe(0)
  })

  test('Rego of before OPA 1.0 builds to the bytes of `opa build --v0-compatible`', async () => {
    const modules = [{ file: 'a.rego', text: 'package main\n\ndeny[msg] { msg := input.x }\n' }]
    const policy: PolicySources = { modules, regoVersion: 0 }
    const built = await toolchain.build(policy, { entrypoints: ['main/deny'] })
    const output = join(temporaryFolder(), 'bundle.tar.gz')
    const args = [
      'build',
      '--v0-compatible',
      '-b',
      '.',
      '-t',
      'wasm',
      '-e',
      'main/deny',
      '-o',
      output,
    ]
    expect(run(args, folderOf(policy))).toEqual({ status: 0, stdout: '' })
    expect(Buffer.compare(readFileSync(output), built.bundle)).toBe(0)
  })

  test.each([
    'package a\nx if {input.a==1}',
    'package a\nimport rego.v1\n#c\nx contains y if {some y in [1,\n2] } # d',
    '# METADATA\n# title: x\npackage a\ny := {"b":1,\n"a":[1,2]}',
  ])('format agrees with `opa fmt`: %j', async (source) => {
    const folder = folderOf({ modules: [{ file: 'a.rego', text: source }] })
    expect(await toolchain.format({ file: 'a.rego', text: source })).toBe(
      run(['fmt', 'a.rego'], folder).stdout,
    )
  })

  test.each([
    ['package a\n\nx if y == z\n\nw if 1 + "a"\n'],
    ['package a\n\nimport data.b\n\nf(x) := 1\n\ng if y := 1\n'],
    ['package a\n\nx if {\n'],
    ['package a\n\nx if nope("😀", 1)\n'],
  ])('check agrees with `opa check --strict`: %j', async (source) => {
    const policy = { modules: [{ file: 'a.rego', text: source }] }
    const found = await toolchain.check(policy)
    const { stdout } = run(['check', '--strict', '-f', 'json', 'a.rego'], folderOf(policy))
    type Errors = { code: string; message: string; location: { row: number } }[]
    const want = (JSON.parse(stdout) as { errors: Errors }).errors
    const brief = (code: string, line: number | undefined, message: string): string =>
      `${line} ${code.toUpperCase()} ${message}`
    expect(found.map((d) => brief(d.code, d.line, d.message)).sort()).toEqual(
      [...new Set(want.map((e) => brief(e.code, e.location.row, e.message)))].sort(),
    )
  })

  test.each([
    '{"n": 12345678901234567890, "a": [1.0, 1e2]}',
    '{"n": "\\ud800 <&>\\u2028"}',
    '{"n": 1, "n": 2}',
    '\ufeff{"n": 1}',
    'n: yes',
    '[1, 2]',
    'null',
    '{}',
    '{"n": ',
    '{} {}',
  ])('evaluate agrees with `opa eval` on %j', async (input) => {
    const policy = {
      modules: [{ file: 'a.rego', text: 'package a\n\nx := [input, input.n]\n\ny := input\n' }],
    }
    const folder = folderOf(policy)
    writeFileSync(join(folder, 'input'), input)
    for (const query of ['data.a.x', 'data.a.y']) {
      const evaluator = await toolchain.prepare(policy, query)
      const [found] = await evaluator.evaluate([bytes(input)])
      const real = run(['eval', '-f', 'raw', '-i', 'input', '-d', 'a.rego', query], folder)
      // `opa eval -f raw` prints a text as it is and everything else as JSON; no answer is empty.
      const isText = typeof found?.value === 'string'
      const shown = isText ? (found.value as string) : (found?.json ?? '')
      const printed = real.stdout
        .trim()
        .replaceAll(/\\u00(3c|3e|26)/g, (_, hex: string) =>
          String.fromCharCode(Number.parseInt(hex, 16)),
        )
      if (found?.diagnostics.length === 0) expect(printed).toBe(shown)
      else expect(real.status).not.toBe(0)
    }
  })

  test('the runner agrees with `opa test` on the pack', async () => {
    const { policy } = await readPolicyFolder(pack)
    const { tests } = await toolchain.test(policy)
    const folder = temporaryFolder()
    cpSync(pack, folder, { recursive: true, filter: (from) => !from.endsWith('schemas') })
    const { stdout } = run(['test', '-b', '-f', 'json', '.'], folder)
    type Real = { package: string; name: string; fail?: boolean; error?: unknown }[]
    const real = (JSON.parse(stdout) as Real).map(
      (one) => `${one.package}.${one.name} ${one.error ? 'error' : one.fail ? 'fail' : 'pass'}`,
    )
    expect(tests.map((one) => `${one.package}.${one.name} ${one.status}`).sort()).toEqual(
      real.sort(),
    )
  })
})
