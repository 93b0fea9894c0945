import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readPolicyFolder } from '../../../src/io/policy/policy-folder.ts'
import type { ParapetError } from '../../../src/text/error.ts'
import { SOURCE_BYTES_MAX } from '../../../src/text/limits.ts'
import { hasToolchain, openToolchain, text } from '../../toolchain/support.ts'

const root = mkdtempSync(join(tmpdir(), 'parapet-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let count = 0

/** A folder with these files. */
function folder(files: Record<string, string | Uint8Array>): string {
  const at = join(root, String((count += 1)))
  mkdirSync(at)
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(at, name)), { recursive: true })
    writeFileSync(join(at, name), content)
  }
  return at
}

const refusal = (path: string): Promise<ParapetError> =>
  readPolicyFolder(path, { shown: 'pol' }).then(
    () => expect.fail('was accepted'),
    (error: ParapetError) => error,
  )

describe('reading a policy folder', () => {
  test('takes modules, documents, schemas and the manifest, by their paths inside', async () => {
    const at = folder({
      'a/x.rego': 'package a.x\n',
      'a/x_test.rego': 'package a.x_test\n',
      'a/data.json': '{"n": 12345678901234567890}',
      'data.yaml': 'top: yes\n',
      'schemas/audit_event.json': '{"type": "object"}',
      'schemas/k8s/pod.json': '{"type": "object"}',
      '.manifest': '{"roots": ["a"]}',
      'README.md': 'ignored',
      'other.json': 'ignored {',
      'policy.wasm': 'ignored',
    })
    const { policy, diagnostics } = await readPolicyFolder(at, { shown: 'pol/' })
    expect(diagnostics).toEqual([])
    expect(policy).toEqual({
      modules: [
        { file: 'pol/a/x.rego', path: 'a/x.rego', text: 'package a.x\n' },
        { file: 'pol/a/x_test.rego', path: 'a/x_test.rego', text: 'package a.x_test\n' },
      ],
      documents: [
        { file: 'pol/a/data.json', path: 'a/data.json', text: '{"n": 12345678901234567890}' },
        { file: 'pol/data.yaml', path: 'data.yaml', text: 'top: yes\n' },
      ],
      schemas: { audit_event: { type: 'object' }, 'k8s.pod': { type: 'object' } },
      manifest: { roots: ['a'] },
    })
  })

  test('takes a single file', async () => {
    const at = folder({ 'x.rego': 'package x\n', 'y.rego': 'package y\n' })
    const { policy } = await readPolicyFolder(join(at, 'x.rego'))
    expect(policy.modules).toEqual([
      { file: join(at, 'x.rego'), path: 'x.rego', text: 'package x\n' },
    ])
  })

  test('leaves out what editors leave behind, and names it', async () => {
    const at = folder({
      'a.rego': 'package a\n',
      '._a.rego': 'x',
      '.#a.rego': 'x',
      'a.rego~': 'x',
      '.a.rego.swp': 'x',
      'a.rego.bak': 'x',
      'b/._data.json': 'x',
      '.hidden/b.rego': 'package b\n',
      '.git/c.rego': 'package c\n',
      'node_modules/d.rego': 'package d\n',
      '.DS_Store': 'x',
      'notes.txt~': 'x',
    })
    const { policy, diagnostics } = await readPolicyFolder(at, { shown: 'pol' })
    expect(policy.modules.map(({ path }) => path)).toEqual(['a.rego'])
    expect(diagnostics.map(({ severity, code }) => `${severity} ${code}`)).toEqual(
      diagnostics.map(() => 'warning POLICY_FILE_SKIPPED'),
    )
    expect(diagnostics.map(({ file }) => file).sort()).toEqual([
      'pol/.#a.rego',
      'pol/._a.rego',
      'pol/.a.rego.swp',
      'pol/.hidden',
      'pol/a.rego.bak',
      'pol/a.rego~',
      'pol/b/._data.json',
      'pol/node_modules',
    ])
  })

  test('follows links to files, as in a mounted ConfigMap, and not to folders', async () => {
    const at = folder({ '..2024/a.rego': 'package a\n' })
    symlinkSync('..2024', join(at, '..data'))
    symlinkSync('..data/a.rego', join(at, 'a.rego'))
    symlinkSync('nowhere', join(at, 'b.rego'))
    symlinkSync('.', join(at, 'loop'))
    const { policy, diagnostics } = await readPolicyFolder(at, { shown: 'pol' })
    expect(policy.modules).toEqual([{ file: 'pol/a.rego', path: 'a.rego', text: 'package a\n' }])
    expect(diagnostics.map(({ message }) => message)).toEqual([
      '`pol/b.rego` was left out: is a link to nothing',
      '`pol/loop` was left out: is a link to a folder',
    ])
  })

  const a = { 'a.rego': 'package a\n' }
  test.each<[string, Record<string, string | Uint8Array>, object]>([
    [
      'broken JSON',
      { ...a, 'b/data.json': '{\n  "x": 1,\n  y\n}' },
      { code: 'JSON_SYNTAX', file: 'pol/b/data.json', line: 3, column: 3 },
    ],
    [
      'broken YAML',
      { ...a, 'data.yml': 'x: 1\ny: [1\n' },
      { code: 'YAML_SYNTAX', file: 'pol/data.yml' },
    ],
    [
      'a key twice in YAML',
      { ...a, 'data.yaml': 'x: 1\nx: 2\n' },
      { code: 'YAML_DUPLICATE_KEY', file: 'pol/data.yaml', line: 2 },
    ],
    [
      'two YAML documents',
      { ...a, 'data.yaml': 'x: 1\n---\ny: 1\n' },
      { code: 'YAML_DOCUMENTS', file: 'pol/data.yaml', line: 3 },
    ],
    [
      'a root that is no object',
      { ...a, 'data.json': '[1]' },
      { code: 'FILE_NOT_OBJECT', file: 'pol/data.json' },
    ],
    [
      'an empty manifest',
      { ...a, '.manifest': '' },
      { code: 'JSON_SYNTAX', file: 'pol/.manifest', line: 1 },
    ],
    [
      'a broken schema',
      { ...a, 'schemas/x.json': '{]' },
      { code: 'JSON_SYNTAX', file: 'pol/schemas/x.json', line: 1, column: 2 },
    ],
    [
      'Rego that is not UTF-8',
      { 'a.rego': Buffer.from('package a # \xff', 'latin1') },
      { code: 'FILE_ENCODING', file: 'pol/a.rego' },
    ],
    ['no Rego', { 'data.json': '{}' }, { code: 'POLICY_EMPTY', file: 'pol' }],
  ])('refuses %s', async (_, files, want) => {
    expect(await refusal(folder(files))).toMatchObject(want)
  })

  test('tells every broken file', async () => {
    const { diagnostics } = await refusal(folder({ ...a, 'data.json': '{', 'b/data.yaml': '[' }))
    expect(diagnostics.map(({ file }) => file)).toEqual(['pol/b/data.yaml', 'pol/data.json'])
  })

  test('refuses what is missing, of another kind or too large', async () => {
    const at = folder({ 'x.tar.gz': 'x', 'big/a.rego': '' })
    expect((await refusal(join(at, 'nothing'))).code).toBe('POLICY_NOT_FOUND')
    expect((await refusal(join(at, 'x.tar.gz'))).code).toBe('POLICY_UNSUPPORTED')
    truncateSync(join(at, 'big/a.rego'), SOURCE_BYTES_MAX + 1)
    expect(await refusal(join(at, 'big'))).toMatchObject({
      code: 'POLICY_TOO_LARGE',
      file: 'pol/a.rego',
    })
  })

  test.skipIf(!hasToolchain)('what was read is mounted as OPA mounts it', async () => {
    const at = folder({
      'a.rego': 'package a\n\nx := data.b.c.n\n',
      'b/c/data.json': '{"n": 12345678901234567890}',
      'b/data.yaml': 'word: on\n',
    })
    const { policy } = await readPolicyFolder(at)
    const built = await openToolchain().build(policy, { entrypoints: ['a/x'] })
    expect(text(built.data)).toBe('{"b":{"c":{"n":12345678901234567890},"word":"on"}}')
  })
})
