import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ARCHIVE_LIMITS } from '../../src/bundle/archive.ts'
import { inspectBundle } from '../../src/bundle/inspect.ts'
import { readBundle } from '../../src/bundle/read.ts'
import { verifyBundle } from '../../src/bundle/verify.ts'
import { ParapetError } from '../../src/text/error.ts'
import { findOpa } from '../tools.ts'
import { run, withFolder, writeFiles } from './opa.ts'
import { pax, tar, tarGz, type TestEntry } from './tar.ts'

const opa = findOpa()
const REGO = 'package guardrails.x\n\nviolation contains "v" if input.verb == "create"\n'
const SEED: TestEntry[] = [
  { name: 'pax_global_header', type: 'g', body: pax('comment', 'c'.repeat(40)) },
  { name: '/data.json', body: '{"org":{"x":[1,2.0,"é"]}}' },
  { name: 'PaxHeaders.0/x', type: 'x', body: pax('path', '/guardrails/x.rego') },
  { name: '/cut', body: REGO },
  { name: '/org/data.yaml', body: 'y: [1, two]\n' },
  { name: '/policy.wasm', body: new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]) },
  { name: '/.signatures.json', body: '{"signatures":["e30.e30.x"]}' },
  {
    name: '/.manifest',
    body: '{"revision":"r","roots":["org","guardrails"],"wasm":[{"entrypoint":"guardrails/x","module":"/policy.wasm"}]}',
  },
]
const LIMITS = { ...ARCHIVE_LIMITS, unpackedBytes: 1_000_000 }

/** Reads, and looks at, whatever it is; a crash is anything but a ParapetError. */
async function outcome(bytes: Uint8Array): Promise<'read' | string> {
  try {
    const { bundle } = await readBundle(bytes, { file: 'fuzzed', limits: LIMITS })
    inspectBundle(bundle)
    await verifyBundle(
      bundle,
      { keys: [{ id: 'k', algorithm: 'HS256', key: Buffer.alloc(32) }] },
      { file: 'fuzzed' },
    )
    return 'read'
  } catch (error) {
    if (error instanceof ParapetError && /^[^\n]{1,400}$/.test(error.message)) return error.code
    throw error
  }
}

interface Edit {
  at: number
  drop: number
  put: Uint8Array
}

const edits = fc.array(
  fc.record({
    at: fc.nat(1_000_000),
    drop: fc.oneof(fc.nat(4), fc.nat(700)),
    put: fc.oneof(
      fc.uint8Array({ maxLength: 4 }),
      fc.uint8Array({ maxLength: 4 }),
      fc
        .constantFrom('\0', '7777', '/../', 'S', 'x', '2', '\uFFFE', '"', '{', '}}', '1e999')
        .map((text) => Buffer.from(text)),
    ),
  }),
  { minLength: 1, maxLength: 6 },
)

function edited(bytes: Uint8Array, changes: readonly Edit[]): Uint8Array {
  let result = Buffer.from(bytes)
  for (const { at, drop, put } of changes) {
    const from = at % (result.length + 1)
    // As many bytes put as dropped keeps the blocks of a tar where they are.
    const isSameLength = drop <= put.length
    const to = Math.min(result.length, from + (isSameLength ? put.length : drop))
    result = Buffer.concat([result.subarray(0, from), put, result.subarray(to)])
  }
  return result
}

describe('no archive crashes the reader', () => {
  test('the seed itself is read', async () => {
    expect(await outcome(tarGz(SEED))).toBe('read')
  })

  test('changed bytes of a tar', async () => {
    const seen = new Set<string>()
    const property = fc.asyncProperty(edits, async (changes) => {
      seen.add(await outcome(gzipSync(edited(tar(SEED), changes))))
    })
    await fc.assert(property, { numRuns: 3000 })
    expect([...seen].sort()).toEqual(
      expect.arrayContaining(['BUNDLE_ARCHIVE', 'BUNDLE_ENTRY', 'read']),
    )
  })

  test('changed bytes of a gzip', async () => {
    const property = fc.asyncProperty(edits, async (changes) => {
      expect(await outcome(edited(tarGz(SEED), changes))).toMatch(/^(?:BUNDLE_|read$)/)
    })
    await fc.assert(property, { numRuns: 1000 })
  })

  test('changed contents, with the tar around them sound', async () => {
    const seen = new Set<string>()
    const property = fc.asyncProperty(fc.nat(SEED.length - 1), edits, async (index, changes) => {
      const entries = SEED.map((entry, i) =>
        i === index ? { ...entry, body: edited(Buffer.from(entry.body ?? ''), changes) } : entry,
      )
      seen.add(await outcome(tarGz(entries)))
    })
    await fc.assert(property, { numRuns: 3000 })
    expect([...seen].sort()).toEqual(
      expect.arrayContaining([
        'BUNDLE_DATA',
        'BUNDLE_MANIFEST',
        'BUNDLE_MODULE',
        'BUNDLE_ROOTS',
        'read',
      ]),
    )
  })

  test('arbitrary bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (bytes) => {
        expect(await outcome(bytes)).toMatch(/^BUNDLE_/)
        await outcome(gzipSync(bytes))
      }),
      { numRuns: 500 },
    )
  })
})

const path = fc.constantFrom(
  '',
  '/',
  'org',
  'org/x',
  '/org/',
  'guardrails',
  'guardrails/x',
  'other',
  'org/x/y',
)
/** Rego of every version. */
const ANY_REGO = 'package guardrails.x\n\nx := 1\n'
const manifest = fc.record(
  {
    revision: fc.oneof(fc.constant('r'), fc.constant(null), fc.constant(1)),
    roots: fc.oneof(fc.array(path, { maxLength: 3 }), fc.constant(null), fc.constant('org')),
    wasm: fc.oneof(
      fc.constant([]),
      fc.array(
        fc.record(
          { entrypoint: path, module: fc.constantFrom('/policy.wasm', 'policy.wasm') },
          { requiredKeys: [] },
        ),
        { maxLength: 2 },
      ),
    ),
    rego_version: fc.constantFrom(0, 1, 2, 3, '1', null),
    metadata: fc.constantFrom({}, { a: 1 }, null, []),
    METADATA_: fc.constant(1),
    later: fc.constant(true),
  },
  { requiredKeys: [] },
)
const data = fc.constantFrom(
  '{}',
  '{"org":{}}',
  '{"org":{"x":1}}',
  '{"org":{"x":{"y":1}}}',
  '{"other":1}',
  '{"org":{"x":{"z":1}}}',
  '[]',
  '1',
)

describe.skipIf(!opa)('what Parapet reads and refuses is what OPA does', () => {
  test('for generated manifests, data and policies', async () => {
    const cases = fc.sample(
      fc.tuple(manifest, data, fc.boolean(), fc.boolean(), fc.constantFrom('/', './', '')),
      150,
    )
    await withFolder(async (folder) => {
      const differing: unknown[] = []
      const counts = { read: 0, refused: 0 }
      for (const [document, text, hasWasm, hasRego, prefix] of cases) {
        const bytes = tarGz([
          { name: `${prefix}data.json`, body: text },
          ...(hasRego ? [{ name: `${prefix}x.rego`, body: ANY_REGO }] : []),
          ...(hasWasm ? [{ name: `${prefix}policy.wasm`, body: 'wasm' }] : []),
          { name: `${prefix}.manifest`, body: JSON.stringify(document) },
        ])
        writeFiles(folder, { 'b.tar.gz': bytes })
        const build = ['build', '-t', 'rego', '-b', 'b.tar.gz', '-o', 'out.tar.gz']
        const theirs = run(opa!, build, folder).code === 0
        const ours = (await outcome(bytes)) === 'read'
        counts[ours ? 'read' : 'refused'] += 1
        if (ours !== theirs)
          differing.push({ document, text, hasWasm, hasRego, prefix, ours, theirs })
      }
      expect(differing).toEqual([])
      expect(counts.read).toBeGreaterThan(10)
      expect(counts.refused).toBeGreaterThan(10)
    })
  })
})
