import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { type ArchiveFile, unpackArchive } from '../../src/bundle/archive.ts'
import { newKeyPair } from '../../src/bundle/key-pair.ts'
import { SIGNATURE_ALGORITHMS } from '../../src/bundle/algorithms.ts'
import { readKey } from '../../src/bundle/key.ts'
import { bundleFromFiles, readBundle } from '../../src/bundle/read.ts'
import { signFiles, type SignOptions } from '../../src/bundle/sign.ts'
import type { TrustedKey, TrustPolicy } from '../../src/bundle/trust.ts'
import { type Verification, verifyBundle } from '../../src/bundle/verify.ts'
import { packBundle, withSignatures } from '../../src/bundle/write.ts'
import { findOpa } from '../tools.ts'
import { must, run, withFolder, writeFiles } from './opa.ts'

const opa = findOpa()
const pairs = new Map(SIGNATURE_ALGORITHMS.map((name) => [name, newKeyPair(name)]))
const REGO = 'package guardrails.x\n\nviolation contains "v" if input.verb == "create"\n'
const FILES: readonly ArchiveFile[] = Object.entries({
  '/data.json': '{"org":{"n":1.0,"big":12345678901234567890,"html":"<&>"}}',
  '/guardrails/x/x.rego': REGO,
  '/.manifest': '{"revision":"1","roots":["org","guardrails"]}',
}).map(([name, text]) => ({ name, bytes: Buffer.from(text) }))

function signingKey(algorithm: string): SignOptions['key'] {
  return readKey(pairs.get(algorithm)!.privateKey, { use: 'sign', algorithm, from: 'test' })
}

function trusted(algorithm: string, id = 'key'): TrustedKey {
  const { publicKey, privateKey } = pairs.get(algorithm)!
  return { ...readKey(publicKey ?? privateKey, { use: 'verify', algorithm, from: 'test' }), id }
}

async function signed(options: Partial<SignOptions> = {}, files = FILES): Promise<ArchiveFile[]> {
  const signatures = await signFiles(files, { key: signingKey('ES256'), keyId: 'key', ...options })
  return withSignatures(files, signatures)
}

async function verify(files: readonly ArchiveFile[], trust: TrustPolicy): Promise<Verification> {
  return verifyBundle((await bundleFromFiles(files, 'b')).bundle, trust, { file: 'b' })
}

const policy: TrustPolicy = { keys: [trusted('ES256')] }

describe('a signed bundle', () => {
  test.each(SIGNATURE_ALGORITHMS)('verifies with %s', async (algorithm) => {
    const files = await signed({ key: signingKey(algorithm) })
    expect(await verify(files, { keys: [trusted(algorithm)] })).toEqual({
      state: 'verified',
      keyId: 'key',
      algorithm,
      scope: '',
      files: 3,
      diagnostics: [],
    })
  })

  test('has its signatures where OPA writes them', async () => {
    expect((await signed()).map(({ name }) => name)).toEqual([
      '/data.json',
      '/guardrails/x/x.rego',
      '/.signatures.json',
      '/.manifest',
    ])
  })

  test('may be formatted anew where OPA hashes the meaning', async () => {
    const files = (await signed()).map((file) =>
      file.name === '/data.json'
        ? {
            ...file,
            bytes: Buffer.from(
              '{ "org" : {"html":"\\u003c&>","n":1.0,\n"big":12345678901234567890}}',
            ),
          }
        : file,
    )
    expect((await verify(files, policy)).state).toBe('verified')
  })

  test('is checked with the key that the policy names, else the header, else the payload', async () => {
    const other = { ...trusted('EdDSA'), id: 'other' }
    const files = await signed({ keyId: 'other' })
    expect(await codes(files, { keys: [other, trusted('ES256')], keyId: 'key' })).toEqual([])
    expect(await codes(files, { keys: [other, trusted('ES256')] })).toEqual(['SIGNATURE_INVALID'])
    expect(await codes(await signed(), { keys: [other, trusted('ES256')] })).toEqual([])
    expect(await codes(await signed({ keyId: 'gone' }), policy)).toEqual(['SIGNATURE_KEY_UNKNOWN'])
  })

  test('with excluded files', async () => {
    const extra = { name: '/notes/a.txt', bytes: Buffer.from('x') }
    const files = [...(await signed()), extra]
    expect(await codes(files, { ...policy, exclude: ['notes/*'] })).toEqual([])
    expect(await codes(files, { ...policy, exclude: ['*'] })).toEqual(['SIGNATURE_FILE_UNLISTED'])
  })

  test('scopes', async () => {
    const files = await signed({ scope: 'write' })
    expect(await codes(files, { ...policy, scope: 'write' })).toEqual([])
    expect(await codes(files, { keys: [{ ...trusted('ES256'), scope: 'write' }] })).toEqual([])
    expect(await codes(files, policy)).toEqual(['SIGNATURE_SCOPE'])
    expect(await codes(await signed(), { ...policy, scope: 'write' })).toEqual(['SIGNATURE_SCOPE'])
  })
})

describe('is refused', () => {
  const change = async (name: string, text: string | undefined): Promise<ArchiveFile[]> => {
    const files = (await signed()).filter((file) => file.name !== name)
    return text === undefined ? files : [...files, { name, bytes: Buffer.from(text) }]
  }
  test.each<[string, () => Promise<readonly ArchiveFile[]>, string[]]>([
    ['unsigned', async () => FILES, ['SIGNATURE_MISSING']],
    [
      'data changed',
      () => change('/data.json', '{"org":{"n":1,"big":12345678901234567890,"html":"<&>"}}'),
      ['SIGNATURE_FILE_CHANGED'],
    ],
    ['Rego changed', () => change('/guardrails/x/x.rego', `${REGO} `), ['SIGNATURE_FILE_CHANGED']],
    ['file gone', () => change('/.manifest', undefined), ['SIGNATURE_FILE_ABSENT']],
    [
      'file added',
      () => change('/guardrails/y.rego', 'package guardrails.y\n'),
      ['SIGNATURE_FILE_UNLISTED'],
    ],
    ['leftover added', () => change('/._data.json', ''), ['SIGNATURE_FILE_UNLISTED']],
    ['no JWS', () => change('/.signatures.json', '{"signatures":["x"]}'), ['SIGNATURE_MALFORMED']],
    [
      'none in the list',
      () => change('/.signatures.json', '{"signatures":[]}'),
      ['SIGNATURE_MALFORMED'],
    ],
    [
      'other plugin',
      () => change('/.signatures.json', '{"signatures":["x"],"plugin":"mine"}'),
      ['SIGNATURE_MALFORMED'],
    ],
    [
      'other key',
      () => signed({ key: readKey(newKeyPair('ES256').privateKey, { use: 'sign', from: 'test' }) }),
      ['SIGNATURE_INVALID'],
    ],
    ['other algorithm', () => signed({ key: signingKey('RS256') }), ['SIGNATURE_INVALID']],
    [
      'algorithm none',
      async () => unsignedToken({ alg: 'none', kid: 'key' }),
      ['SIGNATURE_INVALID'],
    ],
    ['public key as a secret', async () => publicKeyAsSecret(), ['SIGNATURE_INVALID']],
    [
      'a delta',
      async () => [
        { name: '/patch.json', bytes: Buffer.from('{"data":[{"op":"remove","path":"/org/x"}]}') },
      ],
      ['SIGNATURE_DELTA'],
    ],
  ])('%s', async (_, files, expected) => {
    expect(await codes(await files(), policy)).toEqual(expected)
  })

  test('a leftover before it is signed', async () => {
    const junk = { name: '/._x', bytes: Buffer.from('') }
    await expect(signed({}, [...FILES, junk])).rejects.toThrow(
      'the bundle holds the leftover `/._x`',
    )
  })
})

describe('keys', () => {
  const read =
    (material: string, algorithm?: string): (() => unknown) =>
    () =>
      readKey(material, { use: 'verify', from: 'k.pem', ...(algorithm ? { algorithm } : {}) })
  test.each<[string, () => unknown, string]>([
    ['unknown algorithm', read('x', 'none'), '`none` is no signature algorithm'],
    [
      'secret without an algorithm',
      read('x'.repeat(64)),
      '`k.pem` holds neither a PEM key nor a JWK',
    ],
    ['short secret', read('x', 'HS256'), 'the secret in `k.pem` has only 1 bytes'],
    [
      'public key as a secret',
      read(pairs.get('RS256')!.publicKey!, 'HS256'),
      'the key `k.pem` cannot be used with HS256',
    ],
    [
      'wrong curve',
      read(pairs.get('ES256')!.publicKey!, 'ES384'),
      'the key `k.pem` cannot be used with ES384',
    ],
    [
      'broken PEM',
      read('-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----'),
      '`k.pem` holds no public key that can be read',
    ],
  ])('%s is refused', (_, act, message) => {
    expect(act).toThrow(message)
  })

  test('a JWK brings its id and algorithm', () => {
    const jwk = { kty: 'oct', k: Buffer.alloc(40, 7).toString('base64url'), kid: 'a', alg: 'HS512' }
    expect(readKey(JSON.stringify(jwk), { use: 'sign', from: 'j' })).toMatchObject({
      id: 'a',
      algorithm: 'HS512',
    })
  })
})

describe.skipIf(!opa)('real OPA', () => {
  let archive: Uint8Array
  beforeAll(() => {
    archive = packBundle(FILES)
  })

  test.each(SIGNATURE_ALGORITHMS)(
    'verifies what Parapet signs, and the reverse, with %s',
    async (algorithm) => {
      await withFolder(async (folder) => {
        const { privateKey, publicKey } = pairs.get(algorithm)!
        writeFiles(folder, { 'key.pem': privateKey, 'pub.pem': publicKey ?? privateKey })
        const ours = packBundle(
          await signed({ key: signingKey(algorithm), keyId: 'default', scope: 'write' }),
        )
        writeFiles(folder, {
          'ours.tar.gz': ours,
          'plain.tar.gz': archive,
          'claims.json': '{"scope":"write"}',
        })
        const flags = [
          '--verification-key',
          'pub.pem',
          '--signing-alg',
          algorithm,
          '--scope',
          'write',
        ]
        must(opa!, ['build', '-b', 'ours.tar.gz', '-o', 'copy.tar.gz', ...flags], folder)
        const sign = [
          '--signing-key',
          'key.pem',
          '--signing-alg',
          algorithm,
          '--claims-file',
          'claims.json',
        ]
        must(opa!, ['build', '-b', 'plain.tar.gz', '-o', 'theirs.tar.gz', ...sign], folder)
        const { bundle } = await readBundle(readFileSync(join(folder, 'theirs.tar.gz')), {
          file: 'theirs',
        })
        const trust = { keys: [trusted(algorithm)], scope: 'write' }
        expect(await verifyBundle(bundle, trust, { file: 'theirs' })).toMatchObject({
          state: 'verified',
          files: 3,
        })
      })
    },
  )

  test('refuses what Parapet refuses', async () => {
    await withFolder(async (folder) => {
      const accepts = async (files: readonly ArchiveFile[], scope = ''): Promise<boolean> => {
        writeFileSync(join(folder, 'b.tar.gz'), packBundle(files))
        const flags = ['--verification-key', 'pub.pem', '--signing-alg', 'ES256', '--scope', scope]
        return (
          run(opa!, ['build', '-b', 'b.tar.gz', '-o', 'copy.tar.gz', ...flags], folder).code === 0
        )
      }
      writeFiles(folder, { 'pub.pem': pairs.get('ES256')!.publicKey! })
      const good = await signed({ keyId: 'default' })
      const altered = good.map((file) =>
        file.name === '/data.json' ? { ...file, bytes: Buffer.from('{}') } : file,
      )
      expect(await accepts(good)).toBe(true)
      expect(await accepts(altered)).toBe(false)
      expect(await accepts(good, 'write')).toBe(false)
      expect(await accepts(FILES)).toBe(false)
      expect(await accepts([...good, { name: '/._x', bytes: Buffer.from('') }])).toBe(false)
      expect(await accepts(await signed({ keyId: 'default', key: signingKey('RS256') }))).toBe(
        false,
      )
    })
  })

  test('signed archives of `opa build` are rewritten to the same tar', async () => {
    await withFolder(async (folder) => {
      writeFiles(folder, { 'key.pem': pairs.get('RS256')!.privateKey, 'plain.tar.gz': archive })
      must(
        opa!,
        ['build', '-b', 'plain.tar.gz', '-o', 'theirs.tar.gz', '--signing-key', 'key.pem'],
        folder,
      )
      const theirs = await unpackArchive(readFileSync(join(folder, 'theirs.tar.gz')), 'theirs')
      const { bundle } = await bundleFromFiles(theirs, 'theirs')
      expect(withSignatures(theirs, bundle.signatures!)).toEqual(
        theirs.map((file) => ({ ...file, bytes: expect.anything() })),
      )
      const file = theirs.find(({ name }) => name === '/.signatures.json')!
      const ours = withSignatures(theirs, bundle.signatures!).find(
        ({ name }) => name === file.name,
      )!
      expect(Buffer.from(ours.bytes).toString()).toBe(Buffer.from(file.bytes).toString())
    })
  })
})

async function codes(files: readonly ArchiveFile[], trust: TrustPolicy): Promise<string[]> {
  const { state, diagnostics } = await verify(files, trust)
  expect(state).toBe(diagnostics.length > 0 ? 'refused' : 'verified')
  return diagnostics.map(({ code }) => code)
}

/** A token whose header promises what a careless verifier would believe. */
async function unsignedToken(
  header: Record<string, string>,
  signature = '',
): Promise<ArchiveFile[]> {
  const files = await signed()
  const { bundle } = await bundleFromFiles(files, 'b')
  const payload = bundle.signatures!.signatures[0]!.split('.')[1]!
  const head = Buffer.from(JSON.stringify(header)).toString('base64url')
  return withSignatures(files, { signatures: [`${head}.${payload}.${signature}`] })
}

/** The classic: an HMAC whose secret is the public key that everybody has. */
async function publicKeyAsSecret(): Promise<ArchiveFile[]> {
  const secret = Buffer.from(pairs.get('ES256')!.publicKey!)
  return signed({ key: { key: secret, algorithm: 'HS256' } })
}
