import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ArchiveFile, unpackArchive } from '../../src/bundle/archive.ts'
import { parseJson } from '../../src/bundle/json.ts'
import { jsonFile, packBundle } from '../../src/bundle/write.ts'
import { findOpa } from '../tools.ts'
import { must, run, withFolder, writeFiles } from './opa.ts'

const opa = findOpa()
const REGO = 'package guardrails.x\n\nviolation contains "v" if input.verb == "create"\n'

describe('archives', () => {
  const segment = fc
    .string({ unit: fc.constantFrom(...'abcXYZ0-_. é😀'), minLength: 1, maxLength: 60 })
    .filter((text) => text !== '.' && text !== '..')
  const file = fc.record({
    name: fc.array(segment, { minLength: 1, maxLength: 6 }).map((parts) => `/${parts.join('/')}`),
    bytes: fc.uint8Array({ maxLength: 1200 }),
  })

  test('what is written is read back, and the same files give the same bytes', async () => {
    const property = fc.asyncProperty(fc.array(file, { maxLength: 8 }), async (files) => {
      const packed = packBundle(files)
      const read = await unpackArchive(packed, 'x')
      expect(read.map(plain)).toEqual(files.map(plain))
      expect(Buffer.compare(packBundle(read), packed)).toBe(0)
    })
    await fc.assert(property, { numRuns: 200 })
  })

  test('the gzip header is Go’s', () => {
    expect([...packBundle([]).subarray(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])
  })
})

describe.skipIf(!opa)('archives of `opa build`', () => {
  test('are rewritten to the same tar, long and foreign names included', async () => {
    await withFolder(async (folder) => {
      const names = [
        'x.rego',
        `${'long'.repeat(20)}/${'n'.repeat(90)}.rego`,
        `${'n'.repeat(180)}.rego`,
        'é/ü.rego',
      ]
      const modules = names.map((name, i) => [name, `package guardrails.m${i}\n\nx := ${i}\n`])
      writeFiles(folder, {
        ...Object.fromEntries(modules),
        'x.rego': REGO,
        'data.json': '{"a":"<&>\\u2028","n":1.0}',
        '.manifest': '{"revision":"1"}',
      })
      const out = join(folder, 'b.tar.gz')
      must(
        opa!,
        ['build', '-t', 'wasm', '-e', 'guardrails/x/violation', '-o', out, '-b', '.'],
        folder,
      )
      const archive = readFileSync(out)
      const files = await unpackArchive(archive, 'b')
      expect(files.map((f) => f.name)).toEqual(
        expect.arrayContaining([
          '/data.json',
          '/policy.wasm',
          '/.manifest',
          ...names.map((n) => `/${n}`),
        ]),
      )
      expect(Buffer.compare(gunzipSync(packBundle(files)), gunzipSync(archive))).toBe(0)
      const data = files.find((f) => f.name === '/data.json')!
      expect(Buffer.from(jsonFile(parseJson(data.bytes))).toString()).toBe(
        Buffer.from(data.bytes).toString(),
      )
    })
  })

  test('OPA reads what Parapet writes', async () => {
    await withFolder((folder) => {
      const long = `/${'long'.repeat(60)}/${'é'.repeat(40)}.rego`
      const files = [
        { name: '/data.json', bytes: Buffer.from('{"a":1}') },
        { name: '/x.rego', bytes: Buffer.from(REGO) },
        { name: long, bytes: Buffer.from('package guardrails.long\n') },
      ]
      writeFiles(folder, { 'b.tar.gz': packBundle(files) })
      const { stdout, code } = run(opa!, ['inspect', '-f', 'json', join(folder, 'b.tar.gz')])
      expect(code).toBe(0)
      expect(JSON.parse(stdout).namespaces).toMatchObject({
        'data.guardrails.long': [long],
        'data.guardrails.x': ['/x.rego'],
      })
    })
  })
})

function plain({ name, bytes }: ArchiveFile): { name: string; hex: string } {
  return { name, hex: Buffer.from(bytes).toString('hex') }
}
