import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { ARCHIVE_LIMITS, type ArchiveLimits } from '../../src/bundle/archive.ts'
import { type BundleReading, readBundle } from '../../src/bundle/read.ts'
import { ParapetError } from '../../src/text/error.ts'
import { pax, tar, tarGz, type TestEntry } from './tar.ts'

const REGO = 'package guardrails.x\n\nviolation contains "v" if input.verb == "create"\n'
const read = (entries: readonly TestEntry[]): Promise<BundleReading> =>
  readBundle(tarGz(entries), { file: 'b.tar.gz' })

async function refusal(bytes: Uint8Array, limits?: ArchiveLimits): Promise<string> {
  try {
    await readBundle(bytes, { file: 'b.tar.gz', ...(limits ? { limits } : {}) })
    return 'accepted'
  } catch (error) {
    if (!(error instanceof ParapetError)) throw error
    return `${error.code}: ${error.message}`
  }
}

describe('a bundle is read by OPA’s rules', () => {
  test('names, kinds and mounts', async () => {
    const { bundle, diagnostics } = await read([
      { name: '/data.json', body: '{"a":{"b":1}}' },
      { name: '/a/c/data.json', body: '{"d":2}' },
      { name: '/.hidden/data.json', body: '"dots are cut off"' },
      { name: '/guardrails/x/x.rego', body: REGO },
      { name: '/policy.wasm', body: 'wasm' },
      { name: '/plan.json', body: '{}' },
      { name: '/config.json', body: 'not read' },
      { name: '/._data.json', body: 'not read' },
      { name: '/folder/', type: '5' },
      {
        name: '/.manifest',
        body: '{"revision":"r","ROOTS":["/guardrails/","a","hidden"],"wasm":[{"entrypoint":"guardrails/x/violation","module":"/policy.wasm"}],"rego_version":1,"later":true,"metadata":{"team":"x"}}',
      },
    ])
    expect(bundle.data).toEqual({ a: { b: 1, c: { d: 2 } }, hidden: 'dots are cut off' })
    expect(bundle.manifest).toEqual({
      revision: 'r',
      roots: ['guardrails', 'a', 'hidden'],
      wasm: [{ entrypoint: 'guardrails/x/violation', module: '/policy.wasm', annotations: [] }],
      regoVersion: 1,
      metadata: { team: 'x' },
    })
    expect(bundle.modules).toEqual([
      { path: '/guardrails/x/x.rego', package: ['guardrails', 'x'], text: REGO },
    ])
    expect([...bundle.wasm.keys()]).toEqual(['/policy.wasm'])
    expect([...bundle.files.keys()]).toContain('guardrails/x/x.rego')
    expect(diagnostics.map((d) => d.message)).toEqual([
      '`/config.json` is no part of a bundle; OPA passes over it',
      '`/._data.json` is a leftover; OPA passes over it',
    ])
  })

  test('without a manifest the roots own everything', async () => {
    const { bundle } = await read([{ name: 'data.json', body: '{"x":1}' }])
    expect(bundle).toMatchObject({ hasManifest: false, manifest: { revision: '', roots: [''] } })
  })

  test('a manifest is told by the end of its name', async () => {
    const { bundle } = await read([{ name: '/my.manifest', body: '{"revision":"odd"}' }])
    expect(bundle.manifest.revision).toBe('odd')
  })

  test('a delta bundle', async () => {
    const patch = '{"data":[{"op":"upsert","path":"/org/x","value":[1]}]}'
    const { bundle } = await read([{ name: '/patch.json', body: patch }])
    expect(bundle.kind).toBe('delta')
    expect(bundle.patch).toMatchObject([{ op: 'upsert', path: '/org/x' }])
  })

  test('a key named __proto__ is data like any other', async () => {
    const { bundle } = await read([{ name: '/data.json', body: '{"__proto__":{"x":1}}' }])
    expect(Object.keys(bundle.data)).toEqual(['__proto__'])
  })

  test.each<[string, TestEntry]>([
    ['old header without a type', { name: 'data.json', type: '\0', body: '{"x":1}' }],
    ['dot slash', { name: './data.json', body: '{"x":1}' }],
  ])('%s', async (_, entry) => {
    expect((await read([entry])).bundle.data).toEqual({ x: 1 })
  })

  test('long names through pax and GNU headers, and the comment of `git archive`', async () => {
    const long = `/guardrails/${'n'.repeat(120)}/x.rego`
    const { bundle } = await read([
      { name: 'pax_global_header', type: 'g', body: pax('comment', 'f'.repeat(40)) },
      { name: 'PaxHeaders.0/x', type: 'x', body: pax('path', long) },
      { name: 'cut', body: REGO },
      { name: '././@LongLink', type: 'L', body: `${long}2.rego\0` },
      { name: 'cut', body: REGO },
    ])
    expect(bundle.modules.map((m) => m.path)).toEqual([long, `${long}2.rego`])
  })
})

const data: TestEntry = { name: '/data.json', body: '{}' }

describe('archives are refused with a reason', () => {
  test.each<[string, TestEntry[], string]>([
    [
      'traversal',
      [{ name: '/a/../../etc/passwd', body: '' }],
      'BUNDLE_ENTRY: the file name `/a/../../etc/passwd` climbs out of the bundle',
    ],
    [
      'traversal, hidden in pax',
      [{ name: 'x', type: 'x', body: pax('path', '../x') }, data],
      'BUNDLE_ENTRY: the file name `../x` climbs out of the bundle',
    ],
    [
      'Windows path',
      [{ name: 'C:\\x\\data.json', body: '{}' }],
      'BUNDLE_ENTRY: the file name `C:\\x\\data.json` is a Windows path',
    ],
    [
      'control character',
      [{ name: 'a\nb/data.json', body: '{}' }],
      'BUNDLE_ENTRY: the file name `a\\u000ab/data.json` holds a control character',
    ],
    [
      'invalid UTF-8',
      [{ name: new Uint8Array([0x61, 0xff, 0x62]), body: '' }],
      'BUNDLE_ENTRY: the file name `a\uFFFDb` is not UTF-8',
    ],
    [
      'symbolic link',
      [{ name: 'data.json', type: '2', link: '/etc/passwd' }],
      'BUNDLE_ENTRY: the archive holds `data.json`, which is a symbolic link',
    ],
    [
      'hard link',
      [{ name: 'data.json', type: '1', link: 'x' }],
      'BUNDLE_ENTRY: the archive holds `data.json`, which is a hard link',
    ],
    [
      'device',
      [{ name: 'null', type: '3' }],
      'BUNDLE_ENTRY: the archive holds `null`, which is a character device',
    ],
    [
      'sparse file',
      [{ name: 'data.json', type: 'S', body: '{}' }],
      'BUNDLE_ENTRY: the archive holds `data.json`, which is a sparse file',
    ],
    [
      'unknown type, which OPA skips',
      [{ name: 'data.json', type: '7', body: '{}' }],
      'BUNDLE_ENTRY: the archive holds `data.json`, which is of an unknown type',
    ],
    [
      'file that ends in a slash',
      [{ name: 'data.json/', body: '{}' }],
      'BUNDLE_ENTRY: the archive holds `data.json/`, a file whose name ends in `/`',
    ],
    [
      'byte-order mark',
      [{ name: '\uFEFFdata.json', body: '{}' }],
      'BUNDLE_ENTRY: the archive has a name that begins with a byte-order mark',
    ],
    [
      'global path',
      [{ name: 'g', type: 'g', body: pax('path', 'data.json') }, data],
      'BUNDLE_ENTRY: the archive has a global header with `path`',
    ],
    [
      'two extended headers',
      [{ name: 'x', type: 'x', body: pax('path', 'a') }, { name: 'L', type: 'L', body: 'b' }, data],
      'BUNDLE_ENTRY: the archive has two extended headers for one entry',
    ],
    [
      'size by pax',
      [{ name: 'x', type: 'x', body: pax('size', '0') }, data],
      'BUNDLE_ENTRY: the archive has an extended header with `size`',
    ],
    [
      'sparse by pax',
      [{ name: 'x', type: 'x', body: pax('GNU.sparse.major', '1') }, data],
      'BUNDLE_ENTRY: the archive has an extended header with `GNU.sparse.major`',
    ],
    [
      'path twice',
      [{ name: 'x', type: 'x', body: pax('path', 'a') + pax('path', 'b') }, data],
      'BUNDLE_ENTRY: the archive has an extended header with `path` twice',
    ],
    [
      'pax length lies',
      [{ name: 'x', type: 'x', body: '99 path=a\n' }, data],
      'BUNDLE_ENTRY: the archive has a malformed extended header',
    ],
    [
      'huge header',
      [{ name: 'x', type: 'x', body: pax('path', 'n'.repeat(20_000)) }, data],
      'BUNDLE_ENTRY: the archive has an extended header of 20012 bytes, the limit is 16384',
    ],
    [
      'long name',
      [{ name: 'x', type: 'x', body: pax('path', 'n'.repeat(2000)) }, data],
      `BUNDLE_ENTRY: the file name \`${'n'.repeat(100)}…\` is longer than 1024 bytes`,
    ],
    [
      'negative size',
      [{ name: 'data.json', size: '-0000000001\0' }],
      'BUNDLE_ENTRY: the archive has an entry with a bad size',
    ],
    [
      '8 GiB in base 256',
      [{ name: 'data.json', size: '\u0080\0\0\0\0\0\0\0\0\0\0' }],
      'BUNDLE_ENTRY: the archive has an entry with a bad size',
    ],
    [
      'size past the end',
      [{ name: 'data.json', size: '77777777777\0' }],
      'BUNDLE_ARCHIVE: the archive is damaged: tar archive is truncated',
    ],
    [
      'bad checksum',
      [{ name: 'data.json', checksum: 1 }],
      'BUNDLE_ARCHIVE: the archive is damaged: invalid tar header checksum',
    ],
    ['duplicate', [data, data], 'BUNDLE_ENTRY: the file `data.json` is there twice'],
    [
      'duplicate by another spelling',
      [data, { name: './data.json', body: '{}' }],
      'BUNDLE_ENTRY: the file `data.json` is there twice',
    ],
  ])('%s', async (_, entries, reason) => {
    expect(await refusal(tarGz(entries))).toBe(reason)
  })

  test('gzip: not one, cut off, damaged, a bomb, oversized, too many entries', async () => {
    const good = tarGz([{ name: '/data.json', body: `{"x":"${'random'.repeat(50)}"}` }])
    const damaged = Uint8Array.from(good)
    damaged[good.length - 5]! ^= 1
    expect(await refusal(new Uint8Array())).toMatch(/^BUNDLE_GZIP: the bundle is cut off/)
    expect(await refusal(tar([data]))).toMatch(/^BUNDLE_GZIP: the bundle is not a gzip archive/)
    expect(await refusal(good.subarray(0, -20))).toBe('BUNDLE_GZIP: the bundle is cut off')
    expect(await refusal(damaged)).toMatch(/^BUNDLE_GZIP: .* damaged/)
    const bomb = gzipSync(new Uint8Array(3_000_000))
    expect(await refusal(bomb, { ...ARCHIVE_LIMITS, unpackedBytes: 1_000_000 })).toBe(
      'BUNDLE_TOO_LARGE: the archive unpacks to more than 1000000 bytes',
    )
    expect(await refusal(good, { ...ARCHIVE_LIMITS, archiveBytes: 10 })).toMatch(/the limit is 10$/)
    const many = tarGz([{ name: 'a' }, { name: 'b' }, { name: 'c' }])
    expect(await refusal(many, { ...ARCHIVE_LIMITS, entries: 2 })).toMatch(/more than 2 entries$/)
  })

  test('tar: no end mark, garbage behind it', async () => {
    expect(await refusal(gzipSync(tar([data], 0)))).toMatch(/^BUNDLE_ARCHIVE: .*truncated$/)
    const tail = Buffer.concat([tar([data]), Buffer.from('x'.repeat(512))])
    expect(await refusal(gzipSync(tail))).toMatch(/^BUNDLE_ARCHIVE: /)
  })
})

const manifest = (value: unknown): TestEntry => ({
  name: '/.manifest',
  body: typeof value === 'string' ? value : JSON.stringify(value),
})

describe('contents are refused with a reason', () => {
  test.each<[string, TestEntry[], string]>([
    [
      'manifest is no JSON',
      [manifest('{')],
      'BUNDLE_MANIFEST: `/.manifest` has an object key that is not a string, at character 2',
    ],
    ['manifest is no object', [manifest([])], 'BUNDLE_MANIFEST: the manifest is not an object'],
    [
      'revision',
      [manifest({ revision: 1 })],
      'BUNDLE_MANIFEST: `revision` in the manifest is not a string',
    ],
    [
      'roots',
      [manifest({ roots: 'a' })],
      'BUNDLE_MANIFEST: `roots` in the manifest is not an array',
    ],
    [
      'roots hold numbers',
      [manifest({ roots: [1] })],
      'BUNDLE_MANIFEST: `roots` in the manifest holds something other than strings',
    ],
    [
      'overlapping roots',
      [manifest({ roots: ['a/b', 'a'] })],
      'BUNDLE_MANIFEST: the roots `a/b` and `a` overlap',
    ],
    [
      'same root twice',
      [manifest({ roots: ['a', '/a'] })],
      'BUNDLE_MANIFEST: the roots `a` and `a` overlap',
    ],
    [
      'a field in two spellings',
      [manifest({ revision: 'a', Revision: 'b' })],
      'BUNDLE_MANIFEST: `revision` stands in the manifest twice',
    ],
    [
      'a key twice',
      [manifest('{"roots":["a"],"roots":["b"]}')],
      'BUNDLE_MANIFEST: `/.manifest` has a key twice, at character 29',
    ],
    [
      'Rego version',
      [manifest({ rego_version: 3 })],
      'BUNDLE_MANIFEST: `rego_version` in the manifest is not a Rego version (0, 1 or 2)',
    ],
    [
      'Rego version of a file',
      [manifest({ file_rego_versions: { x: '1' } })],
      'BUNDLE_MANIFEST: `file_rego_versions.x` in the manifest is not a Rego version (0, 1 or 2)',
    ],
    [
      'module is not there',
      [manifest({ wasm: [{ entrypoint: 'a/b', module: '/policy.wasm' }] })],
      'BUNDLE_MANIFEST: the manifest names the module `/policy.wasm`, which is not there',
    ],
    [
      'entrypoint outside',
      [
        manifest({ roots: ['a'], wasm: [{ entrypoint: 'b', module: '/policy.wasm' }] }),
        { name: '/policy.wasm' },
      ],
      'BUNDLE_ROOTS: the entrypoint `b` lies outside the roots',
    ],
    [
      'entrypoint twice',
      [
        manifest({
          wasm: [
            { entrypoint: 'b', module: '/policy.wasm' },
            { entrypoint: 'b', module: '/policy.wasm' },
          ],
        }),
        { name: '/policy.wasm' },
      ],
      'BUNDLE_MANIFEST: the entrypoint `b` stands in the manifest twice',
    ],
    [
      'two manifests',
      [manifest({}), { name: '/a/.manifest', body: '{}' }],
      'BUNDLE_MANIFEST: `/a/.manifest` is the second file of its kind',
    ],
    [
      'protobuf manifest',
      [{ name: '/.manifest.pb' }],
      'BUNDLE_MANIFEST: `/.manifest.pb` is a protobuf manifest',
    ],
    [
      'two signatures files',
      [
        { name: '/.signatures.json', body: '{}' },
        { name: '/a/.signatures.json', body: '{}' },
      ],
      'BUNDLE_SIGNATURES: `/a/.signatures.json` is the second file of its kind',
    ],
    [
      'package outside the roots',
      [manifest({ roots: ['a'] }), { name: '/x.rego', body: 'package b\n' }],
      'BUNDLE_ROOTS: package `b` in `/x.rego` lies outside the roots `a`',
    ],
    [
      'no package',
      [{ name: '/x.rego', body: '# package x\n' }],
      'BUNDLE_MODULE: `/x.rego` does not begin with a package',
    ],
    [
      'data outside the roots',
      [manifest({ roots: ['a/b'] }), { name: '/data.json', body: '{"a":{"b":1,"c":2}}' }],
      'BUNDLE_ROOTS: the data at `/a/c` lies outside the roots `a/b`',
    ],
    [
      'data conflict',
      [
        { name: '/data.json', body: '{"a":1}' },
        { name: '/a/data.json', body: '2' },
      ],
      'BUNDLE_DATA: `/a/data.json` gives `data/a` a second value',
    ],
    [
      'data is no object',
      [{ name: '/data.json', body: '[]' }],
      'BUNDLE_DATA: `/data.json` is not an object',
    ],
    [
      'data is no JSON',
      [{ name: '/data.json', body: '{"a":1}}' }],
      'BUNDLE_DATA: `/data.json` has `}` after its value, at character 8',
    ],
    [
      'patch beside policies',
      [
        { name: '/patch.json', body: '{"data":[{"op":"remove","path":"/a"}]}' },
        { name: '/x.rego', body: REGO },
      ],
      'BUNDLE_PATCH: a delta bundle holds a patch and a manifest, nothing else',
    ],
    [
      'patch outside the roots',
      [
        manifest({ roots: ['a'] }),
        { name: '/patch.json', body: '{"data":[{"op":"remove","path":"/b/c"}]}' },
      ],
      'BUNDLE_ROOTS: the patch at `/b/c` lies outside the roots `a`',
    ],
  ])('%s', async (_, entries, reason) => {
    expect(await refusal(tarGz(entries))).toBe(reason)
  })

  test('every fault is carried, not only the first', async () => {
    const error = await read([manifest({ revision: 1, roots: ['a', 'a'] })]).catch(
      (e: unknown) => e,
    )
    expect(error).toBeInstanceOf(ParapetError)
    expect((error as ParapetError).diagnostics).toHaveLength(2)
  })
})
