import { createHash, generateKeyPairSync } from 'node:crypto'
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unpackArchive } from '../../src/bundle/archive.ts'
import { opaConfig } from '../../src/server/opa-config.ts'
import { cli, folder, root } from '../support/cli.ts'
import { must, run } from '../bundle/opa.ts'
import { findOpa, findTool, TOOLS } from '../tools.ts'
import { OpaProcess } from '../server/opa-process.ts'
import { freePort, RegistryProcess } from './registry-process.ts'

const how = (module: string): string => `GOBIN=${TOOLS} go install ${module}@latest`
const registryTool = findTool(
  'registry',
  how('github.com/distribution/distribution/v3/cmd/registry'),
)
const oras = registryTool && findTool('oras', how('oras.land/oras/cmd/oras'))
const conftest = registryTool && findTool('conftest', how('github.com/open-policy-agent/conftest'))
const cosign = registryTool && findTool('cosign', how('github.com/sigstore/cosign/v2/cmd/cosign'))
const opa = registryTool && findOpa()
const BUILTIN = path.join(root, 'bundles/parapet.tar.gz')

/** A folder with a copy of the built-in bundle. */
function place(): string {
  const cwd = folder({})
  copyFileSync(BUILTIN, path.join(cwd, 'b.tar.gz'))
  return cwd
}

async function push(
  cwd: string,
  ...args: string[]
): Promise<{ digest: string; references: string[] }> {
  const { code, stdout, stderr } = await cli(
    ['push', ...args, '--plain-http', '--format', 'json'],
    { cwd },
  )
  if (code !== 0) throw new Error(stdout + stderr)
  return JSON.parse(stdout)
}

const pulledEqual = (cwd: string, file: string): boolean =>
  Buffer.compare(readFileSync(path.join(cwd, file)), readFileSync(BUILTIN)) === 0

describe.skipIf(!registryTool)('a real registry', () => {
  let registry: RegistryProcess
  beforeAll(async () => {
    registry = await RegistryProcess.start(registryTool!)
  })
  afterAll(() => registry.stop())
  const at = (name: string): string => `oci://${registry.host}/${name}`

  test('takes a bundle and gives it back by tag and by digest', async () => {
    const cwd = place()
    const { digest, references } = await push(
      cwd,
      'b.tar.gz',
      at('policy/prod:1.0'),
      '--tag',
      'latest',
    )
    expect(references).toEqual([
      `${registry.host}/policy/prod:1.0`,
      `${registry.host}/policy/prod:latest`,
      `${registry.host}/policy/prod@${digest}`,
    ])
    for (const reference of ['policy/prod:1.0', 'policy/prod', `policy/prod@${digest}`]) {
      const { code, stdout } = await cli(
        ['pull', at(reference), '-o', 'again.tar.gz', '--plain-http'],
        { cwd },
      )
      expect([code, stdout]).toEqual([0, `again.tar.gz\ndigest ${digest}\n`])
      expect(pulledEqual(cwd, 'again.tar.gz')).toBe(true)
    }
    // Pushing once more changes nothing.
    expect((await push(cwd, 'b.tar.gz', at('policy/prod:1.0'))).digest).toBe(digest)
  })

  test('a bundle in an index is found', async () => {
    const cwd = place()
    const { digest } = await push(cwd, 'b.tar.gz', at('policy/index:1'))
    const manifests = `http://${registry.host}/v2/policy/index/manifests`
    const mediaType = 'application/vnd.oci.image.index.v1+json'
    const type = 'application/vnd.oci.image.manifest.v1+json'
    const { headers } = await fetch(`${manifests}/${digest}`, {
      method: 'HEAD',
      headers: { accept: type },
    })
    const size = Number(headers.get('content-length'))
    const index = { schemaVersion: 2, mediaType, manifests: [{ mediaType: type, digest, size }] }
    const put = {
      method: 'PUT',
      headers: { 'content-type': mediaType },
      body: JSON.stringify(index),
    }
    expect((await fetch(`${manifests}/all`, put)).status).toBe(201)
    expect(
      (await cli(['pull', at('policy/index:all'), '-o', 'c.tar.gz', '--plain-http'], { cwd })).code,
    ).toBe(0)
    expect(pulledEqual(cwd, 'c.tar.gz')).toBe(true)
  })

  test.skipIf(!oras)('oras pulls the bundle', async () => {
    const cwd = place()
    await push(cwd, 'b.tar.gz', at('policy/oras:1'))
    must(oras!, ['pull', '--plain-http', `${registry.host}/policy/oras:1`], cwd)
    expect(pulledEqual(cwd, 'bundle.tar.gz')).toBe(true)
  })

  test.skipIf(!oras)('what oras pushed by OPA’s recipe is pulled', async () => {
    const cwd = place()
    writeFileSync(path.join(cwd, 'config.json'), '{}')
    const layer = 'b.tar.gz:application/vnd.oci.image.layer.v1.tar+gzip'
    must(
      oras!,
      [
        'push',
        '--plain-http',
        `${registry.host}/policy/theirs:1`,
        '--config',
        'config.json:application/vnd.oci.image.config.v1+json',
        layer,
      ],
      cwd,
    )
    expect(
      (await cli(['pull', at('policy/theirs:1'), '-o', 'c.tar.gz', '--plain-http'], { cwd })).code,
    ).toBe(0)
    expect(pulledEqual(cwd, 'c.tar.gz')).toBe(true)
  })

  test.skipIf(!conftest)('conftest pulls what is pushed for it, sources whole', async () => {
    const cwd = place()
    await push(cwd, 'b.tar.gz', at('policy/conftest:1'), '--as', 'conftest')
    must(
      conftest!,
      ['pull', '--tls=false', '-p', 'policy', `oci://${registry.host}/policy/conftest:1`],
      cwd,
    )
    const files = await unpackArchive(readFileSync(BUILTIN), 'b')
    const pack = JSON.parse(
      Buffer.from(files.find(({ name }) => name === '/.parapet.json')!.bytes).toString(),
    ).sources as Record<string, string>
    for (const [name, text] of Object.entries(pack))
      expect(readFileSync(path.join(cwd, 'policy', name), 'utf8')).toBe(text)
    expect(existsSync(path.join(cwd, 'policy', 'data.json'))).toBe(true)
  })

  test.skipIf(!opa)('OPA downloads the bundle with a service of type oci', async () => {
    const cwd = place()
    await cli(['keys', 'new', 'k'], { cwd })
    await cli(['sign', 'b.tar.gz', '--signing-key', 'k.pem', '--keyid', 'prod'], { cwd })
    await push(cwd, 'b.tar.gz', at('policy/opa:1'))
    const config = opaConfig({
      serviceUrl: `http://${registry.host}`,
      isOci: true,
      bundles: [{ name: 'prod', resource: `${registry.host}/policy/opa:1` }],
      keys: [
        { id: 'prod', algorithm: 'ES256', pem: readFileSync(path.join(cwd, 'k.pub.pem'), 'utf8') },
      ],
      signing: { keyId: 'prod' },
      reports: false,
    })
    const process = await OpaProcess.start(opa!, cwd, config)
    try {
      await process.until('the bundle is active', async () =>
        Array.isArray(await process.decide('guardrails/violations', '{}')),
      )
      const shell =
        '{"kind":"Event","stage":"ResponseComplete","verb":"create","user":{"username":"a"},"objectRef":{"resource":"pods","subresource":"exec","name":"p","namespace":"n"},"responseStatus":{"code":101}}'
      expect(await process.decide('guardrails/violations', shell)).toEqual(
        expect.arrayContaining([expect.objectContaining({ id: 'pod-exec' })]),
      )
    } finally {
      await process.stop()
    }
  })

  test('Falco rules are pushed as falcoctl does, with floating tags', async () => {
    const cwd = folder({
      'k8s.yaml':
        '- required_engine_version: 0.31.0\n- required_plugin_versions:\n  - {name: k8saudit, version: 0.7.0}\n- rule: x\n  desc: x\n  condition: ka.verb=get\n  output: x\n  priority: NOTICE\n  source: k8s_audit\n',
    })
    const { references } = await push(cwd, 'k8s.yaml', at('rules/k8s'), '--release', '1.2.3')
    expect(references.slice(0, -1)).toEqual(
      ['1.2.3', '1', '1.2'].map((tag) => `${registry.host}/rules/k8s:${tag}`),
    )
    const response = await fetch(`http://${registry.host}/v2/rules/k8s/manifests/1.2`, {
      headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
    })
    const manifest = (await response.json()) as {
      config: { mediaType: string; digest: string }
      layers: { mediaType: string }[]
    }
    expect(manifest.config.mediaType).toBe('application/vnd.cncf.falco.rulesfile.config.v1+json')
    const config = await (
      await fetch(`http://${registry.host}/v2/rules/k8s/blobs/${manifest.config.digest}`)
    ).json()
    expect(config).toEqual({
      name: 'k8s',
      version: '1.2.3',
      dependencies: [{ name: 'k8saudit', version: '0.7.0' }],
      requirements: [{ name: 'engine_version_semver', version: '0.31.0' }],
    })
  })

  test('signatures of artifacts are asked for, and what was not signed is refused', async () => {
    const cwd = place()
    await cli(['keys', 'new', 'good'], { cwd })
    await cli(['keys', 'new', 'other'], { cwd })
    await push(cwd, 'b.tar.gz', at('policy/signed:1'), '--sign-key', 'good.pem')
    await push(cwd, 'b.tar.gz', at('policy/unsigned:1'), '--as', 'conftest')
    const pull = async (name: string, ...keys: string[]): Promise<string> => {
      const flags = keys.flatMap((key) => ['--cosign-key', key])
      const { stdout } = await cli(
        ['pull', at(name), '-o', 'c.tar.gz', '--plain-http', '--format', 'json', ...flags],
        { cwd },
      )
      return (
        JSON.parse(stdout).error?.code ?? (JSON.parse(stdout).isVerified ? 'verified' : 'pulled')
      )
    }
    expect(await pull('policy/signed:1', 'good.pub.pem')).toBe('verified')
    expect(await pull('policy/signed:1', 'other.pub.pem', 'good.pub.pem')).toBe('verified')
    expect(await pull('policy/signed:1', 'other.pub.pem')).toBe('OCI_UNSIGNED')
    expect(await pull('policy/unsigned:1', 'good.pub.pem')).toBe('OCI_UNSIGNED')
    expect(await pull('policy/unsigned:1')).toBe('OCI_MANIFEST')
    expect(await pull('policy/none:1')).toBe('OCI_NOT_FOUND')
  })

  test.skipIf(!cosign)(
    'cosign verifies the signature, by tag and by referrer, and refuses another artifact',
    async () => {
      const cwd = place()
      await cli(['keys', 'new', 'k'], { cwd })
      await push(cwd, 'b.tar.gz', at('policy/cosign:1'), '--sign-key', 'k.pem')
      const reference = `${registry.host}/policy/cosign:1`
      const flags = [
        'verify',
        '--key',
        'k.pub.pem',
        '--insecure-ignore-tlog',
        '--allow-http-registry',
      ]
      must(cosign!, [...flags, reference], cwd)
      must(cosign!, [...flags, '--experimental-oci11', reference], cwd)
      const changed = await push(
        cwd,
        'b.tar.gz',
        at('policy/cosign:2'),
        '--source',
        'https://elsewhere.example.com',
      )
      expect(
        run(cosign!, [...flags, `${registry.host}/policy/cosign@${changed.digest}`], cwd).code,
      ).not.toBe(0)
    },
  )

  test.skipIf(!cosign)('what cosign signed is verified', async () => {
    const cwd = place()
    const { digest } = await push(cwd, 'b.tar.gz', at('policy/theirs-signed:1'))
    process.env['COSIGN_PASSWORD'] = ''
    must(cosign!, ['generate-key-pair'], cwd)
    const sign = [
      'sign',
      '--key',
      'cosign.key',
      '--tlog-upload=false',
      '--allow-http-registry',
      '-y',
    ]
    must(cosign!, [...sign, `${registry.host}/policy/theirs-signed@${digest}`], cwd)
    const { code } = await cli(
      [
        'pull',
        at('policy/theirs-signed:1'),
        '-o',
        'c.tar.gz',
        '--plain-http',
        '--cosign-key',
        'cosign.pub',
      ],
      { cwd },
    )
    expect(code).toBe(0)
  })

  test('an artifact is saved with its signatures, and pushed where no network was', async () => {
    const cwd = place()
    await cli(['keys', 'new', 'k'], { cwd })
    const { digest } = await push(cwd, 'b.tar.gz', at('policy/save:1'), '--sign-key', 'k.pem')
    expect(
      (await cli(['pull', at('policy/save:1'), '--save', 'saved.tar', '--plain-http'], { cwd }))
        .code,
    ).toBe(0)
    const other = await RegistryProcess.start(registryTool!)
    try {
      const target = `oci://${other.host}/mirror/prod:9`
      expect((await push(cwd, 'saved.tar', target)).digest).toBe(digest)
      const pull = ['pull', target, '-o', 'c.tar.gz', '--plain-http', '--cosign-key', 'k.pub.pem']
      expect((await cli(pull, { cwd })).stdout).toBe(
        `c.tar.gz\ndigest ${digest}, signature verified\n`,
      )
      expect(pulledEqual(cwd, 'c.tar.gz')).toBe(true)
    } finally {
      await other.stop()
    }
  })

  test('TLS is not given up unasked, and a dead registry is an error with advice', async () => {
    const cwd = place()
    const pull = async (
      reference: string,
      ...flags: string[]
    ): Promise<{ code: string; help: string }> =>
      JSON.parse(
        (await cli(['pull', reference, '-o', 'c', '--format', 'json', ...flags], { cwd })).stdout,
      ).error
    expect(await pull(at('policy/prod:1.0'))).toMatchObject({
      code: 'OCI_UNREACHABLE',
      help: expect.stringContaining('--plain-http'),
    })
    expect(await pull(`oci://127.0.0.1:${await freePort()}/a:1`, '--plain-http')).toMatchObject({
      code: 'OCI_UNREACHABLE',
    })
  })
})

describe.skipIf(!registryTool)('a registry that asks who one is', () => {
  const PASSWORD = '$2b$04$3urtirw0bHPR81IZ1i2EpOBloZi0qXxlvDCnDGgcgGee06pUsLSiC'
  const auth = Buffer.from('user:secret').toString('base64')
  const pushed = async (
    host: string,
    config: object,
    extra: Record<string, string> = {},
  ): Promise<string> => {
    const cwd = place()
    const docker = folder({ 'config.json': JSON.stringify(config) })
    const args = [
      'push',
      'b.tar.gz',
      `oci://${host}/team/policy:1`,
      '--plain-http',
      '--format',
      'json',
    ]
    const { stdout } = await cli(args, {
      cwd,
      env: { DOCKER_CONFIG: docker, PATH: process.env['PATH']!, ...extra },
    })
    return JSON.parse(stdout).error?.code ?? 'pushed'
  }

  test('by password, from Docker’s file or a credential helper', async () => {
    const registry = await RegistryProcess.start(
      registryTool!,
      { htpasswd: { realm: 'r', path: 'FOLDER/htpasswd' } },
      { htpasswd: `user:${PASSWORD}\n` },
    )
    try {
      const wrong = Buffer.from('user:wrong').toString('base64')
      expect(await pushed(registry.host, { auths: { [registry.host]: { auth } } })).toBe('pushed')
      expect(await pushed(registry.host, { auths: { [registry.host]: { auth: wrong } } })).toBe(
        'OCI_DENIED',
      )
      expect(await pushed(registry.host, {})).toBe('OCI_DENIED')
      const bin = folder({})
      const helper = `#!/bin/sh\nread host\n[ "$1" = get ] && [ "$host" = "${registry.host}" ] && echo '{"Username":"user","Secret":"secret"}'\n`
      writeFileSync(path.join(bin, 'docker-credential-test'), helper, { mode: 0o755 })
      expect(
        await pushed(
          registry.host,
          { credsStore: 'test' },
          { PATH: `${bin}:${process.env['PATH']}` },
        ),
      ).toBe('pushed')
      expect(await pushed(registry.host, { credsStore: 'missing' })).toBe('OCI_CREDENTIALS')
    } finally {
      await registry.stop()
    }
  })

  test('by a token of another server, which sees the password', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const jwk = publicKey.export({ format: 'jwk' })
    const kid = createHash('sha256')
      .update(JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y }))
      .digest('base64url')
    const scopes: string[] = []
    const server: Server = createServer((request, response) => {
      const url = new URL(request.url!, 'http://x')
      const scope = url.searchParams.get('scope') ?? ''
      scopes.push(scope)
      const [type, name, actions] = scope.split(':')
      const isKnown = request.headers.authorization === `Basic ${auth}`
      const access = isKnown ? [{ type, name, actions: actions!.split(',') }] : []
      void new SignJWT({ access })
        .setProtectedHeader({ alg: 'ES256', kid })
        .setIssuer('issuer')
        .setAudience('registry')
        .setSubject('user')
        .setIssuedAt()
        .setNotBefore('-1m')
        .setExpirationTime('5m')
        .setJti('1')
        .sign(privateKey)
        .then((token) => response.end(JSON.stringify({ token })))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const realm = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`
    const keys = JSON.stringify({ keys: [{ ...jwk, kid, alg: 'ES256', use: 'sig' }] })
    const registry = await RegistryProcess.start(
      registryTool!,
      { token: { realm, service: 'registry', issuer: 'issuer', jwks: 'FOLDER/jwks.json' } },
      { 'jwks.json': keys },
    )
    try {
      expect(await pushed(registry.host, { auths: { [registry.host]: { auth } } })).toBe('pushed')
      expect(await pushed(registry.host, {})).toBe('OCI_DENIED')
      expect(new Set(scopes)).toEqual(
        new Set(['repository:team/policy:pull', 'repository:team/policy:pull,push']),
      )
    } finally {
      await registry.stop()
      server.close()
    }
  })
})

describe('a place that OPA polls by itself', () => {
  let server: Server
  let received: { method: string; url: string; headers: Record<string, unknown>; body: Buffer }[]
  let status = 200
  beforeAll(async () => {
    received = []
    server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        received.push({
          method: request.method!,
          url: request.url!,
          headers: request.headers,
          body: Buffer.concat(chunks),
        })
        response.writeHead(status).end()
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  afterAll(() => server.close())
  const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  test('is put to over HTTP with a token', async () => {
    const cwd = place()
    const { code } = await cli(['push', 'b.tar.gz', `${url()}/bundles/b.tar.gz`], {
      cwd,
      env: { PARAPET_UPLOAD_TOKEN: 't' },
    })
    expect(code).toBe(0)
    const { method, url: target, headers, body } = received.at(-1)!
    expect([method, target, headers['authorization']]).toEqual([
      'PUT',
      '/bundles/b.tar.gz',
      'Bearer t',
    ])
    expect(Buffer.compare(body, readFileSync(BUILTIN))).toBe(0)
  })

  test('is a bucket: signed by SigV4, at an endpoint of one’s own', async () => {
    const cwd = place()
    const env = {
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL_S3: url(),
    }
    expect(
      (await cli(['push', 'b.tar.gz', 's3://bucket/policy/b.tar.gz'], { cwd, env })).code,
    ).toBe(0)
    const { url: target, headers, body } = received.at(-1)!
    expect(target).toBe('/bucket/policy/b.tar.gz')
    expect(headers['authorization']).toMatch(
      /^AWS4-HMAC-SHA256 Credential=id\/\d{8}\/eu-west-1\/s3\/aws4_request, SignedHeaders=/,
    )
    expect(Buffer.compare(body, readFileSync(BUILTIN))).toBe(0)
  })

  test.each<[string, string[], Record<string, string>, string]>([
    ['no credentials', ['s3://bucket/b.tar.gz'], {}, 'UPLOAD_CREDENTIALS'],
    [
      'no key',
      ['s3://bucket'],
      { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' },
      'UPLOAD_TARGET',
    ],
    ['no scheme', ['somewhere'], {}, 'UPLOAD_TARGET'],
  ])('is refused: %s', async (_, target, env, code) => {
    const { stdout } = await cli(['push', 'b.tar.gz', ...target, '--format', 'json'], {
      cwd: place(),
      env,
    })
    expect(JSON.parse(stdout).error.code).toBe(code)
  })

  test('that refuses is an error', async () => {
    status = 403
    const { stdout } = await cli(['push', 'b.tar.gz', `${url()}/x`, '--format', 'json'], {
      cwd: place(),
    })
    expect(JSON.parse(stdout).error).toMatchObject({
      code: 'UPLOAD_FAILED',
      message: expect.stringContaining('status 403'),
    })
  })
})
