import { Readable, Writable } from 'node:stream'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { parseYaml, yamlValue } from '../../src/text/yaml.ts'
import { main } from '../../src/main.ts'
import { cli, folder, root } from '../support/cli.ts'
import path from 'node:path'

const BUILTIN = path.join(root, 'bundles/parapet.tar.gz')

/** `parapet serve` in this process, until it is stopped. */
class Serving {
  readonly #controller = new AbortController()
  readonly code: Promise<number>
  stdout = ''
  stderr = ''

  constructor(args: readonly string[], cwd: string, env: Record<string, string> = {}) {
    const collect = (use: (text: string) => void): Writable =>
      new Writable({
        write(chunk: Buffer, _encoding, done) {
          use(chunk.toString())
          done()
        },
      })
    this.code = main(['serve', ...args, '--listen', '127.0.0.1:0'], {
      stdin: Readable.from([]),
      stdout: collect((text) => {
        this.stdout += text
      }),
      stderr: collect((text) => {
        this.stderr += text
      }),
      env,
      cwd,
      signal: this.#controller.signal,
    })
  }

  async url(): Promise<string> {
    return vi.waitFor(() => /listening on (\S+)/.exec(this.stderr)![1]!, 5000)
  }

  stop(): Promise<number> {
    this.#controller.abort()
    return this.code
  }
}

let serving: Serving | undefined
afterEach(async () => {
  await serving?.stop()
  serving = undefined
})

async function signed(): Promise<string> {
  const cwd = folder({})
  await cli(['keys', 'new', 'k'], { cwd })
  await cli(['sign', BUILTIN, '--signing-key', 'k.pem', '--keyid', 'k', '-o', 'prod.tar.gz'], {
    cwd,
  })
  return cwd
}

describe('serve', () => {
  test('serves until it is interrupted, and says how OPA is told', async () => {
    const cwd = await signed()
    const args = [
      'prod.tar.gz',
      '--verify-key',
      'k=k.pub.pem',
      '--token-env',
      'TOKEN',
      '--once-ready',
    ]
    serving = new Serving(args, cwd, { TOKEN: 'secret' })
    const url = await serving.url()
    const get = async (headers: Record<string, string>): Promise<number> =>
      (await fetch(`${url}/bundles/prod`, { headers })).status
    expect(await get({})).toBe(401)
    expect(await get({ authorization: 'Bearer secret' })).toBe(200)
    await vi.waitFor(() => expect(serving!.stdout).toContain('status:'))
    expect(
      yamlValue(parseYaml({ file: 'opa.yaml', text: serving.stdout }).documents[0]!),
    ).toMatchObject({
      services: { parapet: { url, credentials: { bearer: { token: '${TOKEN}' } } } },
      bundles: {
        prod: {
          resource: 'bundles/prod',
          polling: { long_polling_timeout_seconds: 60 },
          signing: { keyid: 'k' },
        },
      },
      keys: { k: { algorithm: 'ES256' } },
    })
    expect(await serving.stop()).toBe(130)
    expect(serving.stderr).toMatch(/^prod: revision [0-9a-f]{16}\nlistening on .*\nstopping\n$/)
  })

  test('tells what is wrong with a bundle, and goes on', async () => {
    const cwd = folder({ 'b.tar.gz': 'nothing' })
    serving = new Serving(['prod=b.tar.gz'], cwd)
    expect((await fetch(`${await serving.url()}/health`)).status).toBe(503)
    expect(serving.stderr).toContain(
      'prod: refused: the bundle is not a gzip archive, or is damaged [BUNDLE_GZIP]\n',
    )
  })

  test('reads a configuration, whose mistakes have a place', async () => {
    const cwd = await signed()
    const config =
      'bundles:\n  a/b: {file: prod.tar.gz, trust: trust.yaml}\nadmins: {token_file: tokens}\ndecisions: {file: out/d.jsonl}\n'
    const trust = 'keys: {k: {key_file: k.pub.pem}}\n'
    const { writeFileSync } = await import('node:fs')
    for (const [name, text] of Object.entries({
      'serve.yaml': config,
      'trust.yaml': trust,
      tokens: '# who\none\n\ntwo\n',
    }))
      writeFileSync(path.join(cwd, name), text)
    serving = new Serving(['--config', 'serve.yaml'], cwd)
    const url = await serving.url()
    expect((await fetch(`${url}/bundles/a/b`)).status).toBe(200)
    expect(
      (await fetch(`${url}/metrics`, { headers: { authorization: 'Bearer two' } })).status,
    ).toBe(200)
    expect((await fetch(`${url}/metrics`)).status).toBe(401)
  })

  test.each<[string, string[], Record<string, string>, string]>([
    ['nothing to serve', [], {}, 'error: there is no bundle to serve [USAGE]'],
    [
      'a name that no URL holds',
      ['a b=x.tar.gz'],
      {},
      'error: `a b=x` cannot name a bundle [USAGE]',
    ],
    [
      'half of TLS',
      ['x.tar.gz', '--tls-cert', 'c.pem'],
      {},
      'error: TLS needs both --tls-cert and --tls-key [USAGE]',
    ],
    [
      'no token',
      ['x.tar.gz', '--token-env', 'NONE'],
      {},
      'error: the variable `NONE` holds no token [TOKEN_MISSING]',
    ],
    [
      'an unknown key',
      ['--config', 's.yaml'],
      { 's.yaml': 'bundles:\n  a: {flie: x}\n' },
      's.yaml:2:7: error: `bundles.a` has no key `flie` [SERVE_CONFIG]',
    ],
    [
      'a bad number',
      ['--config', 's.yaml'],
      { 's.yaml': 'bundles: {}\ndecisions: {file: x, keep: 0}\n' },
      's.yaml:2:28: error: `keep` is not a whole number from 1 to 1000 [SERVE_CONFIG]',
    ],
  ])('is refused: %s', async (_, args, files, message) => {
    const { code, stderr } = await cli(['serve', ...args], { cwd: folder(files) })
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })
})
