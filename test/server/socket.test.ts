import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { request as httpsRequest } from 'node:https'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { readBundle } from '../../src/bundle/read.ts'
import { jsonFile, packBundle } from '../../src/bundle/write.ts'
import { type BundleServer, startServer } from '../../src/io/serve.ts'
import { createServer, type ServerHandler } from '../../src/server/app.ts'
import type { ServeConfig } from '../../src/server/config.ts'
import { Fleet } from '../../src/server/fleet.ts'
import { createMetrics } from '../../src/server/metrics.ts'
import { listen, type Listening, type ListenOptions } from '../../src/server/node.ts'
import { Publication } from '../../src/server/publication.ts'
import { parseJson } from '../../src/bundle/json.ts'

function archive(value: number, padding = 0): Uint8Array {
  // Random digits, so that the archive is about as large as its content.
  const noise = Array.from({ length: padding }, () => Math.random().toString(36).slice(2)).join('')
  return packBundle([
    { name: '/data.json', bytes: jsonFile(parseJson(JSON.stringify({ value, noise }))) },
  ])
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'parapet-socket-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('over a socket', () => {
  const REQUEST_MS = 400
  let publication: Publication
  let listening: Listening
  let port: number

  const start = async (options: Partial<ListenOptions> = {}): Promise<void> => {
    const publications = new Map([['prod', publication]])
    const fleet = new Fleet()
    const handler: ServerHandler = createServer({
      publications,
      fleet,
      metrics: createMetrics(publications, fleet),
      access: new Map(),
      now: () => new Date(),
    })
    listening = await listen(handler, {
      host: '127.0.0.1',
      port: 0,
      requestMs: REQUEST_MS,
      ...options,
    })
    port = Number(new URL(listening.url).port)
  }
  const publish = async (bytes: Uint8Array): Promise<void> => {
    publication.publish(bytes, (await readBundle(bytes, { file: 'x' })).bundle)
  }
  beforeEach(async () => {
    publication = new Publication()
    await publish(archive(1))
    await start()
  })
  afterEach(() => listening.close())

  /** Sends bytes, and collects what comes back until the server closes. */
  const raw = async (bytes: string, isHalfOpen = false): Promise<string> => {
    const socket: Socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    let answer = ''
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1')
    })
    socket.on('error', () => {})
    socket.write(bytes, 'latin1')
    if (isHalfOpen) socket.end()
    await once(socket, 'close')
    return answer
  }
  const isServing = async (): Promise<boolean> => (await fetch(`${listening.url}/bundles/prod`)).ok

  test('the archive arrives whole, and a part of it as a part', async () => {
    const bytes = archive(2, 20_000)
    await publish(bytes)
    const whole = await fetch(`${listening.url}/bundles/prod`)
    expect(Buffer.compare(Buffer.from(await whole.arrayBuffer()), bytes)).toBe(0)
    const part = await fetch(`${listening.url}/bundles/prod`, {
      headers: { range: 'bytes=100-199' },
    })
    expect(Buffer.compare(Buffer.from(await part.arrayBuffer()), bytes.subarray(100, 200))).toBe(0)
    expect(
      await raw('HEAD /bundles/prod HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
    ).toMatch(
      new RegExp(
        `^HTTP/1.1 200 OK\r\n(?:.*\r\n)*content-length: ${bytes.length}\r\n(?:.*\r\n)*\r\n$`,
      ),
    )
  })

  test('a client that goes away no longer waits', async () => {
    const leaving = new AbortController()
    const headers = { 'if-none-match': publication.current!.etag, prefer: 'wait=60' }
    const answer = fetch(`${listening.url}/bundles/prod`, {
      headers,
      signal: leaving.signal,
    }).catch(() => 'gone')
    await vi.waitFor(() => expect(publication.waiting).toBe(1))
    leaving.abort()
    expect(await answer).toBe('gone')
    await vi.waitFor(() => expect(publication.waiting).toBe(0))
  })

  test.each<[string, string, RegExp]>([
    [
      'a head that never ends',
      'GET /bundles/prod HTTP/1.1\r\nHost: x\r\nX-Slow: ',
      /^(?:HTTP\/1\.1 408 .*|)/,
    ],
    [
      'a body that never ends',
      'POST /status HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{',
      /^(?:HTTP\/1\.1 408 .*|)/,
    ],
    [
      'a head that is too large',
      `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      /^HTTP\/1\.1 431 /,
    ],
    [
      'something else than HTTP',
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
      /^HTTP\/1\.1 400 /,
    ],
    [
      'a body with two lengths',
      'POST /logs HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      /^HTTP\/1\.1 400 /,
    ],
  ])('%s is cut off, and others are served meanwhile', async (_, bytes, answer) => {
    const started = performance.now()
    const ended = raw(bytes)
    expect(await isServing()).toBe(true)
    expect(await ended).toMatch(answer)
    expect(performance.now() - started).toBeLessThan(REQUEST_MS + 2000)
    expect(await isServing()).toBe(true)
  })

  test('half-open and idle connections do not stay', async () => {
    expect(await raw('GET /bundles/prod HTTP/1.1\r\nHost: x\r\n', true)).toMatch(
      /^(?:HTTP\/1\.1 400 .*|)/,
    )
    const idle = Array.from({ length: 50 }, () => raw(''))
    expect(await isServing()).toBe(true)
    await Promise.all(idle)
  })

  test('closing ends waiting polls at once, with an answer', async () => {
    const headers = { 'if-none-match': publication.current!.etag, prefer: 'wait=60' }
    const answer = fetch(`${listening.url}/bundles/prod`, { headers })
    await vi.waitFor(() => expect(publication.waiting).toBe(1))
    const started = performance.now()
    const closed = listening.close()
    publication.release()
    expect((await answer).status).toBe(304)
    await closed
    expect(performance.now() - started).toBeLessThan(1000)
    await start()
  })

  test('an address that is taken is an error with advice', async () => {
    await expect(start({ port })).rejects.toMatchObject({
      code: 'LISTEN_FAILED',
      help: 'choose another address with --listen',
    })
    await start()
  })
})

describe('a file that changes', () => {
  const file = (): string => path.join(folder, 'b.tar.gz')
  let server: BundleServer | undefined
  let log: string[]
  const serve = async (config: Partial<ServeConfig> = {}): Promise<BundleServer> => {
    log = []
    const bundles = new Map([['prod', { file: 'b.tar.gz', deltas: false }]])
    server = await startServer(
      { listen: '127.0.0.1:0', bundles, ...config },
      { cwd: folder, folder: '', env: {}, log: (line) => log.push(line), lookMs: 10 },
    )
    return server
  }
  const value = async (): Promise<unknown> => {
    const response = await fetch(`${server!.url}/bundles/prod`)
    if (!response.ok) return response.status
    return (await readBundle(new Uint8Array(await response.arrayBuffer()), { file: 'x' })).bundle
      .data['value']
  }
  afterEach(async () => {
    await server?.close()
    server = undefined
  })

  test('is served anew; what is torn, broken or gone is not', async () => {
    writeFileSync(file(), archive(1))
    await serve()
    expect(await value()).toBe(1)
    const large = archive(2, 20_000)
    writeFileSync(file(), large.subarray(0, large.length / 2))
    await vi.waitFor(() =>
      expect(log.at(-1)).toBe(
        'prod: refused: the bundle is cut off [BUNDLE_GZIP]; the last good revision stays',
      ),
    )
    expect(await value()).toBe(1)
    writeFileSync(file(), large)
    await vi.waitFor(async () => expect(await value()).toBe(2))
    rmSync(file())
    await vi.waitFor(() =>
      expect(log.at(-1)).toMatch(
        /cannot be read \[BUNDLE_UNREADABLE\]; the last good revision stays$/,
      ),
    )
    expect(await value()).toBe(2)
  })

  test('is never served half, however it is written', async () => {
    writeFileSync(file(), archive(0))
    await serve()
    const seen = new Set<unknown>()
    for (let i = 1; i <= 30; i += 1) {
      const bytes = archive(i, 2_000)
      // In place and in pieces, as a careless copy does it.
      truncateSync(file(), 0)
      for (let at = 0; at < bytes.length; at += 4096)
        writeFileSync(file(), bytes.subarray(at, at + 4096), { flag: 'a' })
      seen.add(await value())
    }
    await vi.waitFor(async () => expect(await value()).toBe(30))
    expect([...seen].every((one) => typeof one === 'number')).toBe(true)
  })

  test('may come later than the server', async () => {
    await serve()
    expect(await value()).toBe(503)
    writeFileSync(file(), archive(1))
    await vi.waitFor(async () => expect(await value()).toBe(1))
  })

  test('is verified before it is swapped in', async () => {
    writeFileSync(file(), archive(1))
    writeFileSync(path.join(folder, 'secret'), 'x'.repeat(40))
    writeFileSync(
      path.join(folder, 'trust.yaml'),
      'keys: {k: {key_file: secret, algorithm: HS256}}\n',
    )
    await serve({
      bundles: new Map([['prod', { file: 'b.tar.gz', deltas: false, trust: 'trust.yaml' }]]),
    })
    expect(await value()).toBe(503)
    expect(log).toEqual(['prod: refused: the bundle is not signed [SIGNATURE_MISSING]'])
  })

  test('of a discovery configuration becomes a bundle', async () => {
    writeFileSync(path.join(folder, 'opa.yaml'), 'decision_logs: {console: true}\n')
    await serve({
      bundles: new Map(),
      discovery: { name: 'discovery', file: 'opa.yaml', keyId: 'k' },
    })
    const response = await fetch(`${server!.url}/bundles/discovery`)
    const { bundle } = await readBundle(new Uint8Array(await response.arrayBuffer()), { file: 'x' })
    expect(bundle.data).toEqual({ decision_logs: { console: true } })
    writeFileSync(path.join(folder, 'opa.yaml'), 'decision_logs: [')
    await vi.waitFor(() =>
      expect(log.at(-1)).toMatch(/^discovery: refused: .*the last good revision stays$/),
    )
  })

  test('of decisions is rotated by size', async () => {
    await serve({ decisions: { file: 'd.jsonl', redact: true, bytesMax: 100, keep: 2 } })
    const send = (id: string): Promise<Response> =>
      fetch(`${server!.url}/logs`, {
        method: 'POST',
        body: JSON.stringify([{ decision_id: id.padEnd(60, '.') }]),
      })
    for (const id of ['a', 'b', 'c']) expect((await send(id)).status).toBe(204)
    expect(readFileSync(path.join(folder, 'd.jsonl'), 'utf8')).toContain('"c.')
    expect(readFileSync(path.join(folder, 'd.jsonl.1'), 'utf8')).toContain('"b.')
  })
})

const hasOpenssl = spawnSync('openssl', ['version']).status === 0
if (!hasOpenssl) process.stderr.write('skipped: TLS tests need `openssl` to make certificates\n')

describe.skipIf(!hasOpenssl)('TLS', () => {
  const openssl = (...args: string[]): void => {
    const { status, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
  }
  const certificate = (name: string): void => {
    openssl(
      'req',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      `/CN=${name}`,
    )
    writeFileSync(path.join(folder, 'ext'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n')
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-days',
      '2',
      '-out',
      `${name}.pem`,
      '-extfile',
      'ext',
    )
  }
  const read = (name: string): Buffer => readFileSync(path.join(folder, name))
  const status = (url: string, options: object): Promise<number | string> =>
    new Promise((resolve) => {
      const sent = httpsRequest(
        `${url}/bundles/prod`,
        { ca: read('ca.pem'), agent: false, ...options },
        (response) => {
          response.resume()
          resolve(response.statusCode!)
        },
      )
      sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'failed'))
      sent.end()
    })

  test('serves those whose certificate names them, and nobody else', async () => {
    openssl(
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-subj',
      '/CN=ca',
      '-days',
      '2',
    )
    for (const name of ['server', 'opa', 'other']) certificate(name)
    writeFileSync(path.join(folder, 'b.tar.gz'), archive(1))
    const access = { tokenEnv: [], tokenFile: [], clients: ['opa'] }
    const config: ServeConfig = {
      listen: '127.0.0.1:0',
      bundles: new Map([['prod', { file: 'b.tar.gz', deltas: false, access }]]),
      tls: { cert: 'server.pem', key: 'server.key', clientCa: 'ca.pem' },
    }
    const server = await startServer(config, { cwd: folder, folder: '', env: {}, log: () => {} })
    try {
      const as = (name: string): object => ({ cert: read(`${name}.pem`), key: read(`${name}.key`) })
      expect(await status(server.url, as('opa'))).toBe(200)
      expect(await status(server.url, { ...as('other') })).toBe(403)
      expect(await status(server.url, {})).not.toBe(200)
    } finally {
      await server.close()
    }
  })
})
