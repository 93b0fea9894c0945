import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { ArchiveFile } from '../../src/bundle/archive.ts'
import { bundleFromFiles, readBundle } from '../../src/bundle/read.ts'
import { packBundle } from '../../src/bundle/write.ts'
import { createServer, type ServerHandler, type ServerParts } from '../../src/server/app.ts'
import { parseTags } from '../../src/server/etag.ts'
import { Fleet } from '../../src/server/fleet.ts'
import { createMetrics } from '../../src/server/metrics.ts'
import { parsePrefer } from '../../src/server/prefer.ts'
import { Publication } from '../../src/server/publication.ts'
import { parseRange } from '../../src/server/range.ts'

const TYPE = 'application/vnd.openpolicyagent.bundles'

/** Publishes a bundle whose data holds `value`, and gives its archive. */
async function publish(publication: Publication, value: unknown): Promise<Uint8Array> {
  const files: ArchiveFile[] = [
    { name: '/data.json', bytes: Buffer.from(JSON.stringify({ org: { value } })) },
    {
      name: '/.manifest',
      bytes: Buffer.from(JSON.stringify({ revision: String(value), roots: ['org'] })),
    },
  ]
  const bytes = packBundle(files)
  publication.publish(bytes, (await bundleFromFiles(files, 'b')).bundle)
  return bytes
}

let publication: Publication
let received: string[]
let parts: ServerParts

function serverWith(more: Partial<ServerParts> = {}): ServerHandler {
  const publications = more.publications ?? new Map([['prod', publication]])
  const fleet = new Fleet()
  parts = {
    publications,
    fleet,
    metrics: createMetrics(publications, fleet),
    access: new Map(),
    decisions: { redact: true, write: async (lines) => void received.push(...lines) },
    now: () => new Date('2026-11-24T10:00:00Z'),
    ...more,
  }
  return createServer(parts)
}

beforeEach(() => {
  publication = new Publication()
  received = []
})

const get = (
  server: ServerHandler,
  headers: Record<string, string> = {},
  method = 'GET',
  name = 'prod',
): Promise<Response> => server(new Request(`http://x/bundles/${name}`, { method, headers }))

describe('a bundle', () => {
  test('is sent whole, with what OPA needs to poll long', async () => {
    const bytes = await publish(publication, 1)
    const response = await get(serverWith())
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toEqual({
      'content-type': TYPE,
      'content-length': String(bytes.length),
      etag: publication.current!.etag,
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-cache',
      vary: 'Authorization, Prefer',
    })
    expect(Buffer.compare(Buffer.from(await response.arrayBuffer()), bytes)).toBe(0)
  })

  test.each<[string, (etag: string) => string, number]>([
    ['its tag', (etag) => etag, 304],
    ['weak', (etag) => `W/${etag}`, 304],
    ['without quotes', (etag) => etag.slice(1, -1), 304],
    ['anything', () => '*', 304],
    ['in a list', (etag) => `"a", W/"b,c" ,${etag}`, 304],
    [
      'in a list of superseded ones',
      (etag) => `"a", "b", "c", "d", "e", "f", "g", "h", ${etag}`,
      304,
    ],
    ['another', () => '"a"', 200],
    ['part of it', (etag) => etag.slice(0, 10), 200],
    ['none', () => '', 200],
  ])('If-None-Match: %s', async (_, field, status) => {
    await publish(publication, 1)
    const response = await get(serverWith(), { 'if-none-match': field(publication.current!.etag) })
    expect(response.status).toBe(status)
    expect(response.headers.get('etag')).toBe(publication.current!.etag)
  })

  test('HEAD says what GET would, without a body', async () => {
    const bytes = await publish(publication, 1)
    const response = await get(serverWith(), {}, 'HEAD')
    expect(response.headers.get('content-length')).toBe(String(bytes.length))
    expect(await response.text()).toBe('')
    const { etag } = publication.current!
    expect(
      (await get(serverWith(), { 'if-none-match': etag, prefer: 'wait=5' }, 'HEAD')).status,
    ).toBe(304)
  })

  test.each<[string, number, string | null, number]>([
    ['bytes=0-9', 206, 'bytes 0-9/LENGTH', 10],
    ['bytes=-5', 206, 'bytes FROM-LAST/LENGTH', 5],
    ['bytes=9999999-', 416, 'bytes */LENGTH', 0],
    ['bytes=-0', 416, 'bytes */LENGTH', 0],
    ['bytes=0-1,5-6', 200, null, -1],
    ['lines=1-2', 200, null, -1],
    ['bytes=5-2', 200, null, -1],
  ])('Range: %s', async (range, status, content, size) => {
    const bytes = await publish(publication, 1)
    const response = await get(serverWith(), { range })
    const length = bytes.length
    const expected = content
      ?.replace('LENGTH', String(length))
      .replace('FROM', String(length - 5))
      .replace('LAST', String(length - 1))
    expect(response.status).toBe(status)
    expect(response.headers.get('content-range')).toBe(expected ?? null)
    expect((await response.arrayBuffer()).byteLength).toBe(size < 0 ? length : size)
  })

  test('If-Range with an old tag gives all of the new one', async () => {
    await publish(publication, 1)
    const { etag } = publication.current!
    expect((await get(serverWith(), { range: 'bytes=0-1', 'if-range': etag })).status).toBe(206)
    expect((await get(serverWith(), { range: 'bytes=0-1', 'if-range': '"old"' })).status).toBe(200)
  })

  test('that is not ready is not there yet, one that is unknown never', async () => {
    expect((await get(serverWith())).status).toBe(503)
    expect((await get(serverWith(), {}, 'GET', 'other')).status).toBe(404)
  })

  test('may have a name with slashes', async () => {
    await publish(publication, 1)
    const server = serverWith({ publications: new Map([['team/prod', publication]]) })
    expect((await get(server, {}, 'GET', 'team/prod')).status).toBe(200)
  })

  test('cannot be posted', async () => {
    await publish(publication, 1)
    expect((await get(serverWith(), {}, 'POST')).status).toBe(404)
  })
})

describe('a long poll', () => {
  const poll = async (
    server: ServerHandler,
    wait: number,
    signal?: AbortSignal,
  ): Promise<Response> =>
    server(
      new Request('http://x/bundles/prod', {
        headers: {
          'if-none-match': publication.current?.etag ?? '',
          prefer: `modes=snapshot,delta;wait=${wait}`,
        },
        ...(signal ? { signal } : {}),
      }),
    )

  test('is answered as soon as there is a new revision', async () => {
    await publish(publication, 1)
    const answer = poll(serverWith(), 30)
    await vi.waitFor(() => expect(publication.waiting).toBe(1))
    const bytes = await publish(publication, 2)
    const response = await answer
    expect(response.status).toBe(200)
    expect(Buffer.compare(Buffer.from(await response.arrayBuffer()), bytes)).toBe(0)
    expect(publication.waiting).toBe(0)
  })

  test('ends with 304 when its time is up', async () => {
    await publish(publication, 1)
    const start = performance.now()
    expect((await poll(serverWith(), 1)).status).toBe(304)
    expect(performance.now() - start).toBeGreaterThan(900)
  })

  test('is forgotten when the client goes', async () => {
    await publish(publication, 1)
    const leaving = new AbortController()
    const answer = poll(serverWith(), 30, leaving.signal)
    await vi.waitFor(() => expect(publication.waiting).toBe(1))
    leaving.abort()
    await answer
    expect(publication.waiting).toBe(0)
  })

  test('waits for a first revision', async () => {
    const answer = poll(serverWith(), 30)
    await vi.waitFor(() => expect(publication.waiting).toBe(1))
    await publish(publication, 1)
    expect((await answer).status).toBe(200)
  })

  test('ends when the server does', async () => {
    await publish(publication, 1)
    const answer = poll(serverWith(), 30)
    await vi.waitFor(() => expect(publication.waiting).toBe(1))
    publication.release()
    expect((await answer).status).toBe(304)
  })

  test('is not kept up by the same bytes', async () => {
    const bytes = await publish(publication, 1)
    const answer = poll(serverWith(), 1)
    await vi.waitFor(() => expect(publication.waiting).toBe(1))
    expect(publication.publish(bytes, publication.current!.bundle)).toBe(false)
    expect((await answer).status).toBe(304)
  })
})

describe('deltas', () => {
  const prefer = 'modes=snapshot,delta'
  test('go to those who ask and have an earlier revision, where they are offered', async () => {
    publication = new Publication({ deltas: true })
    await publish(publication, 1)
    const first = publication.current!.etag
    await publish(publication, 2)
    const server = serverWith()
    const response = await get(server, { 'if-none-match': first, prefer })
    expect(response.headers.get('etag')).toBe(publication.current!.etag)
    const { bundle } = await readBundle(new Uint8Array(await response.arrayBuffer()), {
      file: 'delta',
    })
    expect(bundle).toMatchObject({
      kind: 'delta',
      manifest: { revision: '2' },
      patch: [{ op: 'replace', path: '/org/value' }],
    })
    const kindFor = async (headers: Record<string, string>): Promise<string> =>
      (
        await readBundle(new Uint8Array(await (await get(server, headers)).arrayBuffer()), {
          file: 'x',
        })
      ).bundle.kind
    expect(await kindFor({ 'if-none-match': first })).toBe('snapshot')
    expect(await kindFor({ 'if-none-match': '"unknown"', prefer })).toBe('snapshot')
    expect(await kindFor({ prefer })).toBe('snapshot')
  })

  test('are not made otherwise', async () => {
    await publish(publication, 1)
    const first = publication.current!.etag
    await publish(publication, 2)
    const response = await get(serverWith(), { 'if-none-match': first, prefer })
    expect(
      (await readBundle(new Uint8Array(await response.arrayBuffer()), { file: 'x' })).bundle.kind,
    ).toBe('snapshot')
  })
})

describe('access', () => {
  const server = async (): Promise<ServerHandler> => {
    await publish(publication, 1)
    return serverWith({
      access: new Map([['prod', { tokens: ['t1', 't2'], clients: ['opa.example.com'] }]]),
      admins: { tokens: ['admin'] },
    })
  }
  test.each<[string, Record<string, string>, string[], number]>([
    ['no token', {}, [], 401],
    ['a wrong token', { authorization: 'Bearer t3' }, [], 403],
    ['a token', { authorization: 'Bearer t2' }, [], 200],
    ['another scheme', { authorization: 'Basic dDI=' }, [], 401],
    ['a certificate', {}, ['opa.example.com'], 200],
    ['a certificate of somebody else', {}, ['evil.example.com'], 403],
  ])('with %s', async (_, headers, certificate, status) => {
    const handler = await server()
    const response = await handler(new Request('http://x/bundles/prod', { headers }), certificate)
    expect(response.status).toBe(status)
  })

  test('to what admins see is theirs', async () => {
    const handler = await server()
    const status = async (path: string, token?: string): Promise<number> =>
      (
        await handler(
          new Request(`http://x${path}`, {
            headers: token ? { authorization: `Bearer ${token}` } : {},
          }),
        )
      ).status
    expect([
      await status('/metrics'),
      await status('/clients', 't1'),
      await status('/clients', 'admin'),
      await status('/health'),
    ]).toEqual([401, 403, 200, 200])
  })
})

describe('reports', () => {
  const post = (
    server: ServerHandler,
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> =>
    server(
      new Request(`http://x${path}`, {
        method: 'POST',
        body: body instanceof Uint8Array ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body),
        headers,
      }),
    )
  const gzipped = (value: unknown): Uint8Array => gzipSync(JSON.stringify(value))
  const gz = { 'content-encoding': 'gzip' }

  test('status shows which OPA runs which revision', async () => {
    await publish(publication, 7)
    const server = serverWith()
    const status = {
      labels: { id: 'a', version: '1.22.2', app: 'x' },
      bundles: {
        prod: { active_revision: '7', last_successful_activation: '2026-11-24T09:00:00Z' },
      },
    }
    expect((await post(server, '/status', status)).status).toBe(204)
    const broken = {
      labels: { id: 'b' },
      bundles: { prod: { active_revision: '6', code: 'bundle_error', message: 'no' } },
    }
    expect((await post(server, '/status/partition', gzipped(broken), gz)).status).toBe(204)
    const { current, clients } = (await (await server(new Request('http://x/clients'))).json()) as {
      current: unknown
      clients: unknown[]
    }
    expect(current).toEqual({ prod: '7' })
    expect(clients).toEqual([
      {
        id: 'b',
        version: null,
        labels: { id: 'b' },
        seen: '2026-11-24T10:00:00.000Z',
        bundles: {
          prod: {
            revision: '6',
            activated: null,
            downloaded: null,
            error: { code: 'bundle_error', message: 'no' },
          },
        },
      },
      {
        id: 'a',
        version: '1.22.2',
        labels: { id: 'a', version: '1.22.2', app: 'x' },
        seen: '2026-11-24T10:00:00.000Z',
        bundles: {
          prod: { revision: '7', activated: '2026-11-24T09:00:00Z', downloaded: null, error: null },
        },
      },
    ])
    const metrics = await (await server(new Request('http://x/metrics'))).text()
    expect(metrics).toContain('parapet_fleet_instances{bundle="prod",revision="7"} 1')
    expect(metrics).toContain('parapet_fleet_instances{bundle="prod",revision="6"} 1')
  })

  test('decisions become lines without the secrets that were decided about', async () => {
    const input = {
      objectRef: { resource: 'secrets' },
      requestObject: { data: { password: 'c3VwZXJzZWNyZXQ=' } },
    }
    const decision = {
      decision_id: '1',
      path: 'guardrails/violations',
      input,
      result: [{ message: 'it holds supersecret' }],
    }
    const response = await post(
      serverWith(),
      '/logs',
      gzipped([decision, { decision_id: '2' }]),
      gz,
    )
    expect(response.status).toBe(204)
    expect(received.map((line) => JSON.parse(line).decision_id)).toEqual(['1', '2'])
    expect(received[0]).not.toContain('supersecret')
    expect(received[0]).not.toContain('c3VwZXJzZWNyZXQ=')
  })

  test.each<[string, string, unknown, Record<string, string>, number, string]>([
    ['no JSON', '/logs', Buffer.from('{'), {}, 400, 'the body is not JSON'],
    ['no array', '/logs', {}, {}, 400, 'a decision log is an array'],
    ['no status', '/status', [], {}, 400, 'this is no status of OPA: it has no `labels.id`'],
    ['no gzip', '/logs', Buffer.from('[]'), gz, 400, 'the body is no whole gzip'],
    ['half a gzip', '/logs', gzipSync('[]').subarray(0, -4), gz, 400, 'the body is no whole gzip'],
    [
      'unknown encoding',
      '/logs',
      [],
      { 'content-encoding': 'br' },
      415,
      'the encoding `br` is not understood',
    ],
    ['too large', '/logs', Buffer.alloc(9 * 1024 * 1024, 32), {}, 413, 'the body is too large'],
    [
      'a bomb',
      '/logs',
      gzipSync(Buffer.alloc(100 * 1024 * 1024)),
      gz,
      413,
      'the body is too large',
    ],
  ])('are refused: %s', async (_, path, body, headers, status, message) => {
    const response = await post(serverWith(), path, body, headers)
    expect([response.status, await response.text()]).toEqual([status, `${message}\n`])
    expect(received).toEqual([])
  })

  test('of a fleet are bounded', () => {
    const fleet = new Fleet()
    for (let i = 0; i < 10_005; i += 1) fleet.report({ labels: { id: `opa-${i}` } }, new Date(0))
    expect(fleet.size).toBe(10_000)
    expect(fleet.list().at(-1)!.id).toBe('opa-5')
    const labels = Object.fromEntries(
      Array.from({ length: 1000 }, (_, i) => [`l${i}`, 'x'.repeat(1000)]),
    )
    fleet.report({ labels: { id: 'y'.repeat(1000), ...labels } }, new Date(0))
    expect(JSON.stringify(fleet.list()[0]).length).toBeLessThan(20_000)
  })
})

test('health tells of every bundle', async () => {
  const server = serverWith()
  const before = await server(new Request('http://x/health'))
  await publish(publication, 1)
  const after = await server(new Request('http://x/health'))
  expect([before.status, await before.json()]).toEqual([
    503,
    { status: 'not ready', bundles: { prod: 'missing' } },
  ])
  expect([after.status, await after.json()]).toEqual([
    200,
    { status: 'ok', bundles: { prod: 'ready' } },
  ])
})

describe('header fields', () => {
  test('of any content never throw and stay bounded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.nat(1000), (field, length) => {
        expect(parseTags(field).tags.length).toBeLessThanOrEqual(64)
        expect(parsePrefer(field).wait ?? 0).toBeLessThanOrEqual(600)
        const range = parseRange(field, length)
        const isSound =
          typeof range === 'string' || (range.start <= range.end && range.end < length)
        expect(isSound).toBe(true)
      }),
    )
  })

  test.each([
    ['modes=snapshot,delta;wait=30', { wait: 30, delta: true }],
    ['modes=snapshot', { wait: undefined, delta: false }],
    ['respond-async, wait=10', { wait: 10, delta: false }],
    ['wait=99999', { wait: 600, delta: false }],
    ['wait=-1', { wait: undefined, delta: false }],
    ['', { wait: undefined, delta: false }],
  ])('Prefer: %s', (field, expected) => {
    expect(parsePrefer(field)).toEqual(expected)
  })
})
