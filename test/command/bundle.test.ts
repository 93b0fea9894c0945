import { copyFileSync, existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { unpackArchive } from '../../src/bundle/archive.ts'
import { packBundle } from '../../src/bundle/write.ts'
import { builtWasm } from '../../src/toolchain/location.ts'
import { cli, eventLine, folder, root } from '../support/cli.ts'

const hasToolchain = existsSync(builtWasm)
const BUILTIN = path.join(root, 'bundles/parapet.tar.gz')

/** A folder with a key pair, the built-in bundle and a copy of it that is signed. */
async function signedFolder(): Promise<string> {
  const cwd = folder({})
  copyFileSync(BUILTIN, path.join(cwd, 'plain.tar.gz'))
  expect((await cli(['keys', 'new', 'k'], { cwd })).code).toBe(0)
  const sign = [
    'sign',
    'plain.tar.gz',
    '--signing-key',
    'k.pem',
    '--keyid',
    'prod',
    '-o',
    'signed.tar.gz',
  ]
  expect((await cli(sign, { cwd })).stdout).toMatch(
    /^signed\.tar\.gz  signed with prod \(ES256\), \d+ files\n$/,
  )
  return cwd
}

/** The signed bundle with one file changed. */
async function tampered(
  cwd: string,
  name: string,
  change: (text: string) => string,
): Promise<Uint8Array> {
  const files = await unpackArchive(readFileSync(path.join(cwd, 'signed.tar.gz')), 'signed')
  return packBundle(
    files.map((file) =>
      file.name === name
        ? { name, bytes: Buffer.from(change(Buffer.from(file.bytes).toString())) }
        : file,
    ),
  )
}

describe('keys', () => {
  test('are made for their owner alone, and never over others', async () => {
    const cwd = folder({})
    expect((await cli(['keys', 'new', 'k', '--algorithm', 'RS256'], { cwd })).code).toBe(0)
    expect(statSync(path.join(cwd, 'k.pem')).mode & 0o777).toBe(0o600)
    expect(readFileSync(path.join(cwd, 'k.pub.pem'), 'utf8')).toMatch(/^-----BEGIN PUBLIC KEY-----/)
    const again = await cli(['keys', 'new', 'k'], { cwd })
    expect(again).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('`k.pem` is there already [OUTPUT_EXISTS]'),
    })
  })

  test('for HMAC are one secret', async () => {
    const cwd = folder({})
    expect((await cli(['keys', 'new', 'k', '--algorithm', 'HS512'], { cwd })).stdout).toBe(
      'k.key  HS512; keep it to yourself, both sides need it\n',
    )
    expect(statSync(path.join(cwd, 'k.key')).mode & 0o777).toBe(0o600)
  })
})

describe('verify', () => {
  test('accepts what was signed, and says with which key', async () => {
    const cwd = await signedFolder()
    const { code, stdout } = await cli(
      ['verify', 'signed.tar.gz', '--verify-key', 'k.pub.pem', '--no-recompile'],
      { cwd },
    )
    expect(stdout).toMatch(
      /^signed\.tar\.gz\n  signature   verified: key default, ES256, \d+ files\n$/,
    )
    expect(code).toBe(0)
  })

  test('refuses a changed file, an unsigned bundle and a foreign key, with a reason', async () => {
    const cwd = await signedFolder()
    const other = folder({
      'evil.tar.gz': await tampered(cwd, '/lib/finding.rego', (text) => `${text}\n`),
    })
    const verify = async (file: string, ...flags: string[]): Promise<[number, string]> => {
      const { code, stdout } = await cli(
        ['verify', file, '--no-recompile', '--format', 'json', ...flags],
        { cwd },
      )
      return [
        code,
        JSON.parse(stdout)
          .signature.faults.map((fault: { code: string }) => fault.code)
          .join(),
      ]
    }
    expect(await verify(path.join(other, 'evil.tar.gz'), '--verify-key', 'k.pub.pem')).toEqual([
      1,
      'SIGNATURE_FILE_CHANGED',
    ])
    expect(await verify('plain.tar.gz', '--verify-key', 'k.pub.pem')).toEqual([
      1,
      'SIGNATURE_MISSING',
    ])
    await cli(['keys', 'new', 'other'], { cwd })
    expect(await verify('signed.tar.gz', '--verify-key', 'other.pub.pem')).toEqual([
      1,
      'SIGNATURE_INVALID',
    ])
    const rotation = ['--verify-key', 'old=other.pub.pem', '--verify-key', 'prod=k.pub.pem']
    expect(await verify('signed.tar.gz', ...rotation)).toEqual([0, ''])
  })

  test('needs to be told whom to trust', async () => {
    const cwd = await signedFolder()
    const { code, stderr } = await cli(['verify', 'signed.tar.gz'], { cwd })
    expect(stderr).toContain('there is no key to verify with [USAGE]')
    expect(code).toBe(2)
  })

  test.skipIf(!hasToolchain)('compiles the sources again', async () => {
    const cwd = await signedFolder()
    const good = await cli(['verify', 'plain.tar.gz', '--unsigned'], { cwd })
    expect(good.stdout).toBe(
      'plain.tar.gz\n  recompiled  policy.wasm and Rego are what the sources compile to (OPA 1.22.2)\n',
    )
    expect(good.code).toBe(0)
    const files = await unpackArchive(readFileSync(BUILTIN), 'b')
    const edit = (name: string, change: (bytes: Uint8Array) => Uint8Array): Uint8Array =>
      packBundle(
        files.map((file) => (file.name === name ? { name, bytes: change(file.bytes) } : file)),
      )
    const flipped = edit('/policy.wasm', (bytes) =>
      bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte)),
    )
    const silenced = edit('/.parapet.json', (bytes) =>
      Buffer.from(Buffer.from(bytes).toString().replace('input.verb', 'input.never')),
    )
    const described = (change: (metadata: Described) => void): Uint8Array =>
      edit('/.manifest', (bytes) => {
        const manifest = JSON.parse(Buffer.from(bytes).toString()) as { metadata: Described }
        change(manifest.metadata)
        return Buffer.from(JSON.stringify(manifest))
      })
    // The index would never ask this guardrail: an attack on a bundle that nobody signed.
    const blinded = described(({ residuals }) => {
      residuals.guardrails[0]!.residual = []
    })
    const renamed = described(({ guardrails }) => {
      guardrails[0]!.priority = 'Debug'
    })
    const bare = packBundle(files.filter(({ name }) => name !== '/.parapet.json'))
    const there = folder({
      'flipped.tar.gz': flipped,
      'silenced.tar.gz': silenced,
      'blinded.tar.gz': blinded,
      'renamed.tar.gz': renamed,
      'bare.tar.gz': bare,
    })
    const state = async (file: string): Promise<[number, string]> => {
      const { code, stdout } = await cli(['verify', file, '--unsigned', '--format', 'json'], {
        cwd: there,
      })
      return [code, JSON.parse(stdout).recompiled.state]
    }
    expect(await state('flipped.tar.gz')).toEqual([1, 'different'])
    expect(await state('silenced.tar.gz')).toEqual([1, 'different'])
    expect(await state('blinded.tar.gz')).toEqual([1, 'different'])
    expect(await state('renamed.tar.gz')).toEqual([1, 'different'])
    expect(await state('bare.tar.gz')).toEqual([2, 'unknown'])
  })
})

describe('scan with a key', () => {
  const scan = ['scan', '-', '--format', 'jsonl', '--policy']
  test('takes bundles that are signed, and nothing else', async () => {
    const cwd = await signedFolder()
    const run = (policy: string, ...flags: string[]): ReturnType<typeof cli> =>
      cli([...scan, policy, ...flags], { cwd, stdin: eventLine() })
    const code = async (policy: string, ...flags: string[]): Promise<string> => {
      const { stdout } = await run(policy, '--verify-key', 'k.pub.pem', ...flags)
      return (
        (JSON.parse(stdout.split('\n')[0]!) as { rule?: string; error?: { code: string } }).error
          ?.code ?? 'findings'
      )
    }
    expect(await code('signed.tar.gz')).toBe('findings')
    expect(await code('plain.tar.gz')).toBe('SIGNATURE_MISSING')
    expect(await code(path.join(root, 'rego'))).toBe('SIGNATURE_MISSING')
    expect(await code('signed.tar.gz', '--scope', 'write')).toBe('SIGNATURE_SCOPE')
    expect(await code('builtin')).toBe('USAGE')
    expect(await code('builtin', '--falco', 'rules.yaml')).toBe('USAGE')
    const { stdout } = await run('signed.tar.gz', '--scope', 'write')
    expect(JSON.parse(stdout).error.message).toBe(
      '--scope and --verify-alg need a key to verify with',
    )
  })

  test('takes a trust policy, in OPA’s own words', async () => {
    const cwd = await signedFolder()
    const pem = readFileSync(path.join(cwd, 'k.pub.pem'), 'utf8')
    const trust = folder({
      'trust.yaml': `keys:\n  prod:\n    algorithm: ES256\n    key: ${JSON.stringify(pem)}\n`,
      'bad.yaml': 'keys:\n  prod: {kye: x}\n',
    })
    const run = (file: string): ReturnType<typeof cli> =>
      cli([...scan, 'signed.tar.gz', '--trust', path.join(trust, file)], {
        cwd,
        stdin: eventLine(),
      })
    expect((await run('trust.yaml')).stdout).toContain('"rule":"pod-exec"')
    expect((await run('bad.yaml')).json()[0]).toMatchObject({
      error: { code: 'TRUST_INVALID', line: 2, column: 10, help: 'did you mean `key`?' },
    })
  })
})

describe('inspect and diff', () => {
  test('inspect tells what is in a bundle', async () => {
    const cwd = await signedFolder()
    const { code, stdout } = await cli(['inspect', 'signed.tar.gz', '--format', 'json'], { cwd })
    const document = JSON.parse(stdout)
    expect(document).toMatchObject({
      bundle: 'signed.tar.gz',
      kind: 'snapshot',
      compiledBy: '1.22.2',
      signature: { state: 'unchecked', claims: { keyId: 'prod', algorithm: 'ES256' } },
      manifest: { roots: ['guardrails', 'parapet', 'org'] },
    })
    expect(document.guardrails.map(({ id }: { id: string }) => id)).toContain('pod-exec')
    expect(code).toBe(0)
    const refused = await cli(['inspect', 'plain.tar.gz', '--verify-key', 'k.pub.pem'], { cwd })
    expect(refused).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('signature    refused: the bundle is not signed'),
    })
  })

  test.skipIf(!hasToolchain)('diff tells rules from text, and data from both', async () => {
    const files = await unpackArchive(readFileSync(BUILTIN), 'b')
    const sources = (change: (text: string) => string): Uint8Array =>
      packBundle(
        files.map((file) =>
          file.name === '/.parapet.json'
            ? { ...file, bytes: Buffer.from(change(Buffer.from(file.bytes).toString())) }
            : file,
        ),
      )
    const data = packBundle(
      files.map((file) =>
        file.name === '/data.json'
          ? { ...file, bytes: Buffer.from('{"org":{"registries":["x"]}}') }
          : file,
      ),
    )
    const cwd = folder({
      'a.tar.gz': readFileSync(BUILTIN),
      'data.tar.gz': data,
      'text.tar.gz': sources((text) =>
        text.replace(
          'package guardrails.workloads.pod_exec\\n',
          'package guardrails.workloads.pod_exec\\n\\n# a remark\\n',
        ),
      ),
      'rules.tar.gz': sources((text) =>
        text.replace(
          'package guardrails.workloads.pod_exec\\n',
          'package guardrails.workloads.pod_exec\\n\\nextra := 1\\n',
        ),
      ),
    })
    const diff = async (after: string, ...flags: string[]): Promise<[number, unknown]> => {
      const { code, stdout } = await cli(
        ['diff', 'a.tar.gz', after, '--format', 'json', ...flags],
        { cwd },
      )
      return [code, JSON.parse(stdout).guardrails]
    }
    expect(await diff('a.tar.gz')).toEqual([0, []])
    expect(await diff('data.tar.gz')).toEqual([1, []])
    expect(await diff('data.tar.gz', '--only-data')).toEqual([0, []])
    expect(await diff('text.tar.gz', '--only-data')).toEqual([
      1,
      [expect.objectContaining({ id: 'pod-exec', changes: ['text'] })],
    ])
    expect(await diff('rules.tar.gz')).toEqual([
      1,
      [expect.objectContaining({ id: 'pod-exec', changes: ['rules'] })],
    ])
  })
})

/** What a manifest says of guardrails, as far as it is changed here. */
interface Described {
  guardrails: { priority: string }[]
  residuals: { guardrails: { residual: unknown[] }[] }
}
