import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { unpackArchive } from '../../src/bundle/archive.ts'
import type { Bundle } from '../../src/bundle/bundle.ts'
import { diffBundles } from '../../src/bundle/diff.ts'
import { readSources } from '../../src/bundle/sources.ts'
import { packBundle } from '../../src/bundle/write.ts'
import { type BuildResult, buildRecipe } from '../../src/io/build.ts'
import { ParapetError } from '../../src/text/error.ts'
import { builtWasm } from '../../src/toolchain/location.ts'
import { must, withFolder, writeFiles } from '../bundle/opa.ts'
import { findOpa } from '../tools.ts'

const root = path.resolve(import.meta.dirname, '../..')
const hasToolchain = existsSync(builtWasm)
if (!hasToolchain)
  process.stderr.write(
    'skipped: builds of bundles need toolchain/out/opa.wasm; run `npm run prepare` with Go\n',
  )
const opa = findOpa()

const GUARDRAIL = `# METADATA
# title: A test
# description: Finds what it is told to find.
# scope: package
# custom:
#   id: test
#   priority: Notice
package guardrails.test.test

violation contains {"id": "test", "priority": "Notice", "message": data.org.word} if {
	input.verb == "create"
}
`
const FILES = {
  'pack/guardrails/test/test/test.rego': GUARDRAIL,
  'pack/guardrails/test/test/test_test.rego': 'package guardrails.test.test_test\n',
  'pack/org/data.yaml': 'big: 12345678901234567890\nword: default\nlist: [a, b]\n',
  'pack/.manifest': '{"roots": ["guardrails", "org"]}',
  'pack/._data.json': 'junk of macOS',
  'bundles/mine.yaml':
    'policy: ../pack\nroots: [guardrails, org, other]\ndata: [data/all.yaml]\nenvironments:\n  dev: {data: data/dev.yaml}\n  prod: {data: [data/prod.json], output: prod.tgz}\n',
  'bundles/data/all.yaml': 'other: {x: 1.0}\norg: {users: {known: [everyone]}}\n',
  'bundles/data/dev.yaml': 'org: {registries: [dev.example.com]}\n',
  'bundles/data/prod.json':
    '{"org":{"registries":["prod.example.com"],"users":{"known":["alice"]}}}',
}

describe.skipIf(!hasToolchain)('the built-in bundle', () => {
  let built: BuildResult
  beforeAll(async () => {
    built = await buildRecipe({ recipe: 'bundles/builtin.yaml' }, { cwd: root, env: {} })
  })

  test('is what its recipe builds: after a change to rego/ run `npm run bundle`', () => {
    const stored = readFileSync(path.join(root, 'bundles/parapet.tar.gz'))
    expect(Buffer.compare(built.archives[0]!.bytes, stored)).toBe(0)
  })

  test.skipIf(!opa)(
    'is what `opa build` makes of the same sources, file by file and tar by tar',
    async () => {
      const { bundle } = built.archives[0]!.reading
      await withFolder(async (folder) => {
        const { revision, roots, metadata } = bundle.manifest
        writeFiles(folder, {
          ...Object.fromEntries(readSources(bundle)!.modules),
          'data.json': bundle.files.get('data.json')!,
          '.manifest': JSON.stringify({ roots, metadata }),
        })
        const entrypoints = bundle.manifest.wasm.flatMap(({ entrypoint }) => ['-e', entrypoint])
        const out = path.join(folder, 'out.tar.gz')
        must(
          opa!,
          ['build', '-t', 'wasm', '-b', '.', '-o', out, '-r', revision, ...entrypoints],
          folder,
        )
        const archive = readFileSync(out)
        const theirs = await unpackArchive(archive, 'theirs')
        const ours = (await unpackArchive(built.archives[0]!.bytes, 'ours')).filter(
          ({ name }) => name !== '/.parapet.json',
        )
        expect(ours.map(({ name }) => name)).toEqual(theirs.map(({ name }) => name))
        expect(Buffer.compare(gunzipSync(packBundle(ours)), gunzipSync(archive))).toBe(0)
      })
    },
  )
})

describe.skipIf(!hasToolchain || !opa)('real OPA', () => {
  test('inspects, runs and decides with every bundle that is built', async () => {
    await withFolder(async (folder) => {
      writeFiles(folder, FILES)
      const own = await buildRecipe({ recipe: 'bundles/mine.yaml' }, { cwd: folder, env: {} })
      const builtin = await buildRecipe({ recipe: 'bundles/builtin.yaml' }, { cwd: root, env: {} })
      const event = '{"kind":"Event","verb":"create"}'
      writeFiles(folder, { 'event.json': event })
      for (const { bytes } of [...own.archives, ...builtin.archives]) {
        writeFiles(folder, { 'b.tar.gz': bytes })
        must(opa!, ['inspect', 'b.tar.gz'], folder)
        const evaluate = ['eval', '-b', 'b.tar.gz', '-i', 'event.json', '-f', 'json']
        const { result } = JSON.parse(
          must(opa!, [...evaluate, 'data.guardrails.violations'], folder),
        )
        expect(Array.isArray(result[0].expressions[0].value)).toBe(true)
      }
    })
  })
})

describe.skipIf(!hasToolchain)('a recipe', () => {
  const build = async (files: Record<string, string>, request: object = {}): Promise<BuildResult> =>
    withFolder((cwd) => {
      writeFiles(cwd, { ...FILES, ...files })
      return buildRecipe(
        { recipe: 'bundles/mine.yaml', ...request },
        { cwd, env: { KEY: 'x'.repeat(40) } },
      )
    })

  test('makes a bundle for each environment, alike but for data and revision', async () => {
    const { archives, diagnostics } = await build({})
    expect(archives.map(({ output }) => output)).toEqual([
      'bundles/mine-dev.tar.gz',
      'bundles/prod.tgz',
    ])
    const [dev, prod] = archives.map(({ reading }) => reading.bundle)
    expect(dev!.data['org']).toMatchObject({
      word: 'default',
      list: ['a', 'b'],
      registries: ['dev.example.com'],
      users: { known: ['everyone'] },
    })
    expect(prod!.data['org']).toMatchObject({
      registries: ['prod.example.com'],
      users: { known: ['alice'] },
    })
    expect(Buffer.from(dev!.files.get('data.json')!).toString()).toContain(
      '"big":12345678901234567890',
    )
    const differing = [...dev!.files].filter(
      ([name, bytes]) => Buffer.compare(bytes, prod!.files.get(name)!) !== 0,
    )
    expect(differing.map(([name]) => name)).toEqual(['data.json', '.manifest'])
    expect(diagnostics.map(({ message }) => message)).toEqual([
      '`pack/._data.json` was left out: looks like a leftover of an editor',
    ])
  })

  test('has no tests of Rego and no leftovers in it', async () => {
    const [archive] = (await build({}, { environments: ['dev'] })).archives
    const names = [...archive!.reading.bundle.files.keys()]
    expect(names).toEqual([
      'data.json',
      'guardrails/test/test/test.rego',
      'guardrails/union.rego',
      'policy.wasm',
      '.parapet.json',
      '.manifest',
    ])
  })

  test('is reproducible, and its revision follows the content', async () => {
    const revision = async (files: Record<string, string>): Promise<string[]> =>
      (await build(files)).archives.map((archive: { revision: string }) => archive.revision)
    const before = await revision({})
    expect(await revision({})).toEqual(before)
    const [dev, prod] = await revision({
      'bundles/data/dev.yaml': 'org: {registries: [b.example.com]}\n',
    })
    expect(dev).not.toBe(before[0])
    expect(prod).toBe(before[1])
  })

  test('is compared with another by what its guardrails mean', async () => {
    const file = 'pack/guardrails/test/test/test.rego'
    const build1 = async (text: string): Promise<Bundle> =>
      (await build({ [file]: text }, { environments: ['dev'] })).archives[0]!.reading.bundle
    const before = await build1(GUARDRAIL)
    const meaning = async (text: string): Promise<unknown> => {
      const [found] = diffBundles(before, await build1(text)).guardrails
      return found && [found.changes, found.meaning]
    }
    expect(await meaning(GUARDRAIL)).toBeUndefined()
    const turned = GUARDRAIL.replace('input.verb == "create"', '"create" == input.verb')
    expect(await meaning(turned)).toEqual([['rules'], 'same'])
    const other = GUARDRAIL.replace('"create"', '"delete"')
    expect(await meaning(other)).toEqual([['rules'], 'changed'])
    const louder = GUARDRAIL.replace('priority: Notice', 'priority: Alert')
    expect(await meaning(louder)).toEqual([['rules', 'metadata'], 'same'])
  })

  test('takes a revision, a key and a scope from outside', async () => {
    const signing = { keyId: 'k', algorithm: 'HS256', scope: 'write' }
    const { archives } = await build(
      {},
      { revision: 'v1', signingKey: 'env:KEY', signing, environments: ['dev'] },
    )
    expect(archives[0]).toMatchObject({ revision: 'v1', signedWith: 'k' })
    expect(archives[0]!.reading.bundle.manifest.revision).toBe('v1')
    expect(archives[0]!.reading.bundle.signatures?.signatures).toHaveLength(1)
  })

  test.each<[string, Record<string, string>, object, string]>([
    [
      'unknown key',
      { 'bundles/mine.yaml': 'polizy: ../pack\n' },
      {},
      'RECIPE_INVALID bundles/mine.yaml:1:1 the recipe has no key `polizy`',
    ],
    [
      'no policy',
      { 'bundles/mine.yaml': 'revision: x\n' },
      {},
      'RECIPE_INVALID bundles/mine.yaml:1:1 `policy` is missing',
    ],
    [
      'overlapping roots',
      { 'bundles/mine.yaml': 'policy: ../pack\nroots: [a/b, a]\n' },
      {},
      'RECIPE_INVALID bundles/mine.yaml:2:8 the roots `a/b` and `a` overlap',
    ],
    [
      'unknown environment',
      {},
      { environments: ['stage'] },
      'RECIPE_ENVIRONMENT bundles/mine.yaml:: the recipe has no environment `stage`',
    ],
    [
      'data with a typo',
      { 'bundles/data/dev.yaml': 'org: {registrys: []}\n' },
      {},
      'DATA_INVALID bundles/data/dev.yaml:1:7 `org` has no key `registrys`',
    ],
    [
      'data outside the roots',
      { 'bundles/mine.yaml': 'policy: ../pack\ndata: data/all.yaml\n' },
      {},
      'BUNDLE_ROOTS bundles/mine.tar.gz:: the data at `/other` lies outside the roots `guardrails`, `org`',
    ],
    [
      'missing key',
      {},
      { signingKey: 'env:NONE' },
      'KEY_UNREADABLE :: the variable `NONE` holds no key',
    ],
    [
      'broken Rego',
      { 'pack/guardrails/test/test/test.rego': 'package guardrails.test.test\n\nx := {\n' },
      {},
      'REGO_PARSE_ERROR pack/guardrails/test/test/test.rego:4:1 unexpected eof token',
    ],
  ])('is refused: %s', async (_, files, request, expected) => {
    const error = await build(files, request).catch((cause: unknown) => cause)
    if (!(error instanceof ParapetError)) throw error
    const { code, file = '', line = '', column = '', message } = error
    expect(`${code} ${file}:${line}:${column} ${message}`).toBe(expected)
  })
})
