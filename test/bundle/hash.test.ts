import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hashFile } from '../../src/bundle/hash.ts'
import { Toolchain } from '../../src/toolchain/toolchain.ts'
import type { ListedFile } from '../../src/bundle/sign.ts'
import { findOpa } from '../tools.ts'
import { deepObject, nested, value } from './documents.ts'
import { must, withFolder, writeFiles } from './opa.ts'

const opa = findOpa()

test('the example of the canonical form, byte by byte', () => {
  const written = '{"z":12345678901234567890,"c":"<\u2028>", "b":1e2,\n"a":1.0}'
  const canonical = '{"a":1.0,"b":1e2,"c":"<\\u2028>","z":12345678901234567890}'
  expect(hashFile('data.json', Buffer.from(written))).toBe(
    hashFile('x.txt', Buffer.from(canonical)),
  )
})

test('hashes agree with OPA in the toolchain, on generated documents and bytes', async () => {
  const toolchain = Toolchain.open()
  const property = fc.asyncProperty(fc.oneof(value, nested, deepObject), async (text) => {
    const bytes = Buffer.from(text)
    for (const name of ['data.json', 'x/.manifest', 'policy.wasm']) {
      const theirs = await toolchain.hash(name, bytes, 'SHA-256')
      expect(hashFile(name, bytes), `${name}: ${text.slice(0, 200)}`).toBe(theirs)
    }
  })
  try {
    await fc.assert(property, { numRuns: 300 })
  } finally {
    await toolchain.close()
  }
})

describe.skipIf(!opa)('hashes agree with `opa sign`', () => {
  test('on generated JSON documents', async () => {
    const documents = [
      ...fc.sample(value, 1500),
      ...fc.sample(nested, 20),
      ...fc.sample(deepObject, 20),
    ]
    const files = documents.map((text, i): [string, Uint8Array] => [
      `${i}/data.json`,
      Buffer.from(text),
    ])
    expect(await differences(files)).toEqual([])
  })

  test('on documents with invalid UTF-8, a byte-order mark, and under every structured name', async () => {
    const broken = fc.sample(fc.uint8Array({ minLength: 1, maxLength: 12 }), 300)
    const texts = broken.map((bytes) =>
      Buffer.concat([
        Buffer.from('["'),
        Buffer.from(bytes.filter((b) => b >= 0x20 && b !== 0x22 && b !== 0x5c)),
        Buffer.from('"]'),
      ]),
    )
    const marked = Buffer.from('\uFEFF{"b":1.0,"a":2}')
    const files: [string, Uint8Array][] = [
      ...texts.map((bytes, i): [string, Uint8Array] => [`${i}/data.json`, bytes]),
      ['marked/data.json', marked],
      ['.manifest', Buffer.from('{"roots":["b","a"],"revision":"x"}')],
      ['not.manifest', Buffer.from('{ "bytes": 1 }')],
      ['config.json', Buffer.from('{ "bytes": 1 }')],
      ['policy.wasm', Buffer.from([0, 97, 115, 109])],
      ['x.rego', Buffer.from('package x\r\n')],
    ]
    expect(await differences(files)).toEqual([])
  })

  test('on YAML data', async () => {
    const scalars = [
      '1',
      '0x1F',
      '0o17',
      '017',
      '0b101',
      '1_000',
      '-0',
      '1.0',
      '-0.0',
      '1e3',
      '1E400x',
      '.5',
      '6.',
      '1e21',
      '1e-7',
      '123456789012345678',
      '18446744073709551615',
      '18446744073709551616',
      '99999999999999999999',
      '-9223372036854775808',
      '+5',
      '0.1',
      '1.50',
      'true',
      'True',
      'yes',
      'on',
      'no',
      '~',
      'null',
      '2023-01-01',
      '"1"',
      "'x'",
      'a b',
      '<tag>',
      '!!str 5',
      '"\\u2028"',
      'é',
      '08',
      '09.5',
      '1__2',
      '.',
      '1.2.3',
      '0x',
      '12e',
      '"😀"',
    ]
    const documents = scalars.map((scalar, i): [string, Uint8Array] => [
      `${i}/data.yaml`,
      Buffer.from(`k: ${scalar}\nlist: [1, two]\n`),
    ])
    const files: [string, Uint8Array][] = [
      ...documents,
      [
        'm/data.yml',
        Buffer.from(
          'base: &b {x: 1, y: 2}\nuse:\n  <<: *b\n  y: 3\n1: int\ntrue: bool\n1.5: float\n',
        ),
      ],
      ['two/data.yaml', Buffer.from('a: 1\n---\nb: 2\n')],
      ['dup/data.yaml', Buffer.from('a: 1\na: 2\n')],
      ['json/data.yaml', Buffer.from('{"a": 1.0}')],
      ['empty/data.yaml', Buffer.from('# nothing\n')],
    ]
    expect(await differences(files)).toEqual([])
  })
})

/** The files, name and beginning, whose hash is not OPA’s. */
async function differences(files: readonly [string, Uint8Array][]): Promise<[string, string][]> {
  return withFolder((folder) => {
    writeFiles(join(folder, 'b'), Object.fromEntries(files))
    must(
      opa!,
      ['sign', '--signing-alg', 'HS256', '--signing-key', 'secret', '-b', 'b', '-o', folder],
      folder,
    )
    const { signatures } = JSON.parse(readFileSync(join(folder, '.signatures.json'), 'utf8'))
    const payload = JSON.parse(Buffer.from(signatures[0].split('.')[1], 'base64url').toString())
    const hashes = new Map(
      (payload.files as ListedFile[]).map(({ name, hash }) => [name.replace(/^b\//, ''), hash]),
    )
    const hashed = files.map(([name, bytes]) => ({ name, bytes, ours: hashFile(name, bytes) }))
    const differing = hashed.filter(({ name, ours }) => ours !== hashes.get(name))
    return differing.map(({ name, bytes }) => [name, Buffer.from(bytes).toString().slice(0, 300)])
  })
}
