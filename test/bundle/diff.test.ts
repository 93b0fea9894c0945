import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ArchiveFile } from '../../src/bundle/archive.ts'
import type { Bundle } from '../../src/bundle/bundle.ts'
import { deltaBundle } from '../../src/bundle/delta.ts'
import { type BundleDiff, diffBundles } from '../../src/bundle/diff.ts'
import { inspectBundle } from '../../src/bundle/inspect.ts'
import { parseJson, toPlain } from '../../src/bundle/json.ts'
import { bundleFromFiles } from '../../src/bundle/read.ts'
import { sourcesFile } from '../../src/bundle/sources.ts'

const PACKAGES: Record<string, string> = {
  'guardrails/a/one.rego':
    'package guardrails.a.one\n\nimport data.lib.words\n\nviolation contains words.x\n',
  'guardrails/a/two.rego': 'package guardrails.a.two\n\nviolation contains "two"\n',
  'lib/words.rego': 'package lib.words\n\nx := data.lib.more.x\n',
  'lib/more.rego': 'package lib.more\n\nx := "more"\n',
}
const META = ['one', 'two'].map((id) => ({
  id,
  package: `guardrails.a.${id}`,
  entrypoint: `guardrails/a/${id}/violation`,
  title: `Title ${id}`,
  priority: 'Notice',
  file: `guardrails/a/${id}.rego`,
  line: 1,
}))

async function bundle(
  changes: Record<string, string> = {},
  data = '{"org":{"x":[1]}}',
  metadata: unknown = META,
): Promise<Bundle> {
  const texts = { ...PACKAGES, ...changes }
  const files: ArchiveFile[] = [
    { name: '/data.json', bytes: Buffer.from(data) },
    ...Object.entries(texts).map(([name, text]) => ({
      name: `/${name}`,
      bytes: Buffer.from(text),
    })),
    {
      name: '/policy.wasm',
      bytes: Buffer.from(
        `wasm of ${Object.values(texts)
          .join('')
          .replaceAll(/#.*|\s/g, '')}`,
      ),
    },
    sourcesFile({ opa: '1.22.2', parapet: '0.1.0', modules: new Map(Object.entries(texts)) }),
    {
      name: '/.manifest',
      bytes: Buffer.from(
        JSON.stringify({
          revision: 'r',
          roots: ['guardrails', 'lib', 'org'],
          metadata: { guardrails: metadata },
        }),
      ),
    },
  ]
  return (await bundleFromFiles(files, 'b')).bundle
}

/** Comments and layout away, as the compiler's syntax tree would have it. */
const syntax = (text: string): string => text.replaceAll(/#.*/g, '').replaceAll(/\s+/g, ' ')

async function diff(
  changes: Record<string, string>,
  data?: string,
  metadata?: unknown,
): Promise<BundleDiff> {
  return diffBundles(await bundle(), await bundle(changes, data, metadata), syntax)
}

describe('the difference of two bundles', () => {
  test('of the same content is none', async () => {
    expect(await diff({})).toMatchObject({
      isSame: true,
      isOnlyData: true,
      data: [],
      guardrails: [],
      files: [],
      manifest: [],
    })
  })

  test('in data only is proved by everything else', async () => {
    const found = await diff({}, '{"org":{"x":[1,2],"y":{"z":1.0}}}')
    expect(found).toMatchObject({
      isSame: false,
      isOnlyData: true,
      guardrails: [],
      isWasmChanged: false,
    })
    expect(found.data.map(({ path }) => path.join('/'))).toEqual(['org/x', 'org/y'])
  })

  test.each<[string, Record<string, string>, [string, string[]][]]>([
    [
      'rules',
      { 'guardrails/a/two.rego': 'package guardrails.a.two\n\nviolation contains "2"\n' },
      [['two', ['rules']]],
    ],
    [
      'text only',
      { 'guardrails/a/two.rego': 'package guardrails.a.two\n\n# why\nviolation contains "two"\n' },
      [['two', ['text']]],
    ],
    [
      'a library of a library',
      { 'lib/more.rego': 'package lib.more\n\nx := "less"\n' },
      [['one', ['library']]],
    ],
    ['layout of a library', { 'lib/more.rego': 'package lib.more\n\n\nx := "more"\n' }, []],
  ])('guardrails: %s', async (_, changes, expected) => {
    expect((await diff(changes)).guardrails.map(({ id, changes: found }) => [id, found])).toEqual(
      expected,
    )
  })

  test('guardrails added, removed and described anew', async () => {
    const [one, two] = META
    const three = { ...two!, id: 'three', package: 'guardrails.a.three' }
    const found = await diff({}, undefined, [{ ...one!, priority: 'Alert', line: 9 }, three])
    expect(found.guardrails).toEqual([
      { id: 'one', title: 'Title one', changes: ['metadata'], meaning: 'same' },
      { id: 'three', title: 'Title two', changes: ['added'], meaning: 'changed' },
      { id: 'two', title: 'Title two', changes: ['removed'], meaning: 'changed' },
    ])
    expect(found).toMatchObject({ isOnlyData: false, manifest: ['metadata'] })
  })
})

test('an inspection says what is in a bundle', async () => {
  const found = inspectBundle(await bundle())
  expect(found.files.map(({ kind }) => kind)).toEqual([
    'data',
    'module',
    'module',
    'module',
    'module',
    'wasm',
    'sources',
    'manifest',
  ])
  expect(found).toMatchObject({
    kind: 'snapshot',
    compiledBy: '1.22.2',
    signature: { state: 'none' },
  })
  expect(found.packages.map(({ name }) => name)).toEqual([
    'guardrails.a.one',
    'guardrails.a.two',
    'lib.more',
    'lib.words',
  ])
  expect(found.guardrails.map(({ id, portable }) => [id, portable])).toEqual([
    ['one', true],
    ['two', true],
  ])
})

describe('a delta', () => {
  const json = fc.letrec<{ object: unknown }>((tie) => ({
    object: fc.dictionary(
      fc.string({
        unit: fc.constantFrom('a', 'b', '/', '~', '%', ' ', 'é'),
        minLength: 1,
        maxLength: 3,
      }),
      fc.oneof(
        { maxDepth: 3 },
        fc.integer(),
        fc.constant(null),
        fc.array(fc.integer(), { maxLength: 2 }),
        tie('object'),
      ),
      { maxKeys: 4 },
    ),
  })).object

  test('turns the data of one revision into that of the next', async () => {
    const property = fc.asyncProperty(json, json, async (a, b) => {
      const [before, after] = await Promise.all(
        [a, b].map((org) => bundle({}, JSON.stringify({ org }))),
      )
      const files = deltaBundle(before!, after!)
      const patch = files && (toPlain(parseJson(files[0]!.bytes)) as { data: Operation[] })
      expect(apply({ org: a }, patch?.data ?? [])).toEqual({ org: b })
    })
    await fc.assert(property, { numRuns: 300 })
  })

  test('is read back as a bundle with the manifest of the next revision', async () => {
    const files = deltaBundle(await bundle(), await bundle({}, '{"org":{}}'))
    const read = (await bundleFromFiles(files!, 'd')).bundle
    expect(read).toMatchObject({
      kind: 'delta',
      manifest: { revision: 'r' },
      patch: [{ op: 'remove', path: '/org/x' }],
    })
  })

  test('does not exist where there is WASM, which OPA takes in no delta', async () => {
    const withWasm = async (data: string): Promise<Bundle> => {
      const plain = await bundle({}, data)
      const wasm = [{ entrypoint: 'guardrails/a/one', module: '/policy.wasm', annotations: [] }]
      return { ...plain, manifest: { ...plain.manifest, wasm } }
    }
    expect(
      deltaBundle(await withWasm('{"org":{}}'), await withWasm('{"org":{"x":1}}')),
    ).toBeUndefined()
  })

  test('does not exist where more than data differs, or nothing does', async () => {
    expect(deltaBundle(await bundle(), await bundle())).toBeUndefined()
    expect(
      deltaBundle(
        await bundle(),
        await bundle({ 'lib/more.rego': 'package lib.more\n' }, '{"org":{}}'),
      ),
    ).toBeUndefined()
    expect(deltaBundle(await bundle(), await bundle({}, '{"org":{"":1}}'))).toBeUndefined()
  })
})

interface Operation {
  op: string
  path: string
  value: unknown
}

/** OPA's application of a patch, written plainly. */
function apply(data: unknown, operations: readonly Operation[]): unknown {
  const root = structuredClone(data) as Record<string, unknown>
  for (const { op, path, value } of operations) {
    const keys = path
      .slice(1)
      .split('/')
      .map((key) => decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~'))
    let node = root
    for (const key of keys.slice(0, -1)) {
      if (!Object.hasOwn(node, key)) node[key] = {}
      node = node[key] as Record<string, unknown>
    }
    const last = keys.at(-1)!
    if (op === 'remove') delete node[last]
    else node[last] = value
  }
  return root
}
