import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { assemble } from '../../src/bundle/assemble.ts'
import { type ArchiveFile, unpackArchive } from '../../src/bundle/archive.ts'
import type { JsonObject } from '../../src/bundle/json.ts'
import { parseJson } from '../../src/bundle/json.ts'
import { newKeyPair } from '../../src/bundle/key-pair.ts'
import { readKey } from '../../src/bundle/key.ts'
import { signFiles } from '../../src/bundle/sign.ts'
import { packBundle, withSignatures } from '../../src/bundle/write.ts'
import { type BundleServer, startServer } from '../../src/io/serve.ts'
import { writeWhole } from '../../src/io/write-file.ts'
import type { FleetMember } from '../../src/server/fleet.ts'
import { opaConfig } from '../../src/server/opa-config.ts'
import { cli, recording, root } from '../support/cli.ts'
import { findOpa } from '../tools.ts'
import { OpaProcess } from './opa-process.ts'

const opa = findOpa()
const pair = newKeyPair('ES256')
const other = newKeyPair('ES256')

interface Revision {
  revision: string
  data?: string
  key?: string | undefined
  scope?: string | undefined
  /** Changes the signed files. */
  tamper?: (files: ArchiveFile[]) => ArchiveFile[]
}

let builtin: ArchiveFile[]
/** The built-in bundle under another revision, with data laid over its own. */
async function archive({
  revision,
  data = '{}',
  key = pair.privateKey,
  scope = 'write',
  tamper,
}: Revision): Promise<Uint8Array> {
  const { files } = assemble(builtin, {
    overlays: [parseJson(data) as JsonObject],
    extra: [],
    revision,
  })
  const signing = {
    key: readKey(key, { use: 'sign', from: 'test' }),
    keyId: 'prod',
    ...(scope ? { scope } : {}),
  }
  const signed = key === '' ? files : withSignatures(files, await signFiles(files, signing))
  return packBundle(tamper ? tamper(signed) : signed)
}

describe.skipIf(!opa)('real OPA, served by Parapet', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'parapet-opa-'))
  const file = path.join(folder, 'prod.tar.gz')
  const decisions = path.join(folder, 'decisions.jsonl')
  let server: BundleServer
  let process: OpaProcess
  const publish = async (revision: Revision): Promise<void> => {
    const bytes = await (revision.key === '' ? unsigned(revision) : archive(revision))
    await writeWhole(file, bytes, { shown: 'prod.tar.gz' })
  }
  const unsigned = async ({ revision }: Revision): Promise<Uint8Array> =>
    packBundle(assemble(builtin, { overlays: [], extra: [], revision }).files)
  const member = (): FleetMember['bundles'][string] | undefined =>
    server.fleet.list()[0]?.bundles['prod']
  const active = async (revision: string): Promise<void> =>
    process.until(
      `revision ${revision} is active`,
      () => member()?.revision === revision && member()?.error === null,
    )

  beforeAll(async () => {
    builtin = await unpackArchive(
      readFileSync(path.join(root, 'bundles/parapet.tar.gz')),
      'builtin',
    )
    await publish({ revision: 'one' })
    const config = {
      listen: '127.0.0.1:0',
      bundles: new Map([['prod', { file: 'prod.tar.gz', deltas: false }]]),
      decisions: { file: 'decisions.jsonl', redact: true, bytesMax: 2 ** 30, keep: 2 },
    }
    server = await startServer(config, { cwd: folder, folder: '', env: {}, log: () => {} })
    const written = opaConfig({
      serviceUrl: server.url,
      bundles: [{ name: 'prod', resource: 'bundles/prod' }],
      keys: [{ id: 'prod', algorithm: 'ES256', pem: pair.publicKey! }],
      signing: { keyId: 'prod', scope: 'write' },
      longPollSeconds: 30,
      reports: true,
    })
    // OPA sends decisions after minutes by default; nothing else is changed.
    const config2 = written.replace(
      'decision_logs:\n',
      'decision_logs:\n  reporting: {min_delay_seconds: 1, max_delay_seconds: 1}\n',
    )
    process = await OpaProcess.start(opa!, folder, config2)
    await active('one')
  })

  afterAll(async () => {
    await process?.stop()
    await server?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('decides about every event of the recording as `parapet scan` does', async () => {
    expect(await differences(process, [])).toEqual([])
  })

  test('is given a new revision within a second of its publication, while it polls', async () => {
    const times: number[] = []
    // The best of a few, because the machine may be busy with other tests.
    for (const revision of ['two', 'three', 'four']) {
      await process.until('it waits', () => server.publications.get('prod')!.waiting === 1)
      await publish({ revision, data: JSON.stringify({ org: { registries: [revision] } }) })
      const start = performance.now()
      await process.until('the new data is there', async () => {
        const { body } = await process.get('/v1/data/org/registries')
        return body.includes(revision)
      })
      times.push(performance.now() - start)
      await active(revision)
    }
    expect(Math.min(...times)).toBeLessThan(1000)
  })

  test.each<[string, Revision, RegExp]>([
    [
      'a changed file',
      {
        revision: 'evil',
        tamper: (files) =>
          files.map((f) =>
            f.name === '/lib/finding.rego'
              ? { ...f, bytes: Buffer.concat([f.bytes, Buffer.from('\n')]) }
              : f,
          ),
      },
      /digest mismatch/,
    ],
    [
      'an added file',
      {
        revision: 'evil',
        tamper: (files) => [
          ...files,
          { name: '/evil.rego', bytes: Buffer.from('package guardrails.evil\n') },
        ],
      },
      /not included in bundle signature/,
    ],
    [
      'a removed file',
      { revision: 'evil', tamper: (files) => files.filter((f) => f.name !== '/lib/finding.rego') },
      /specified in bundle signatures but not found/,
    ],
    ['a wrong key', { revision: 'evil', key: other.privateKey }, /verify JWT signature/],
    ['a wrong scope', { revision: 'evil', scope: 'read' }, /scope mismatch/],
    ['no scope', { revision: 'evil', scope: '' }, /scope mismatch/],
    ['no signature', { revision: 'evil', key: '' }, /missing \.signatures\.json/],
  ])('refuses %s, and keeps the last good revision', async (_, revision, reason) => {
    const before = member()!.revision!
    await publish(revision)
    await process.until('it refuses', () => reason.test(member()?.error?.message ?? ''))
    expect(member()!.revision).toBe(before)
    await publish({ revision: before })
    await active(before)
  })

  test('sends its decisions, which are kept', async () => {
    const lines = (): { path: string; bundles: Record<string, { revision: string }> }[] =>
      readFileSync(decisions, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line))
    await process.until(
      'its decisions are here',
      () => lines().filter(({ path: asked }) => asked === 'guardrails/violations').length > 900,
    )
    expect(lines()[0]!.bundles['prod']!.revision).toBe('one')
  })
})

describe.skipIf(!opa)('real OPA that is told by discovery', () => {
  test('takes a signed configuration, and the bundles that it names', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'parapet-opa-'))
    const pem = pair.publicKey!
    writeFileSync(path.join(folder, 'b.tar.gz'), await archive({ revision: 'one', scope: '' }))
    writeFileSync(path.join(folder, 'key.pem'), pair.privateKey)
    writeFileSync(path.join(folder, 'discovery.json'), '{}')
    const config = {
      listen: '127.0.0.1:0',
      bundles: new Map([['prod', { file: 'b.tar.gz', deltas: false }]]),
      discovery: {
        name: 'discovery',
        file: 'discovery.json',
        signingKey: 'key.pem',
        keyId: 'prod',
      },
    }
    const server = await startServer(config, {
      cwd: folder,
      folder: '',
      env: {},
      log: () => {},
      lookMs: 20,
    })
    const services = { parapet: { url: server.url } }
    const signing = { keyid: 'prod' }
    const keys = { prod: { algorithm: 'ES256', key: pem } }
    const prod = { service: 'parapet', resource: 'bundles/prod', signing }
    const told = { bundles: { prod }, status: { service: 'parapet' } }
    writeFileSync(path.join(folder, 'discovery.json'), JSON.stringify(told))
    const polling = { long_polling_timeout_seconds: 10 }
    const discovery = { service: 'parapet', resource: 'bundles/discovery', signing, polling }
    const process = await OpaProcess.start(
      opa!,
      folder,
      JSON.stringify({ services, keys, discovery }),
    )
    try {
      await process.until(
        'the bundle is active',
        () => server.fleet.list()[0]?.bundles['prod']?.revision === 'one',
      )
      expect(await process.decide('guardrails/violations', '{}')).toEqual([])
    } finally {
      await process.stop()
      await server.close()
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

describe.skipIf(!opa)('real OPA that asks for no signature', () => {
  test('takes a delta, and decides by the new data', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'parapet-opa-'))
    const rego = 'package guardrails\n\nviolations contains user if some user in data.org.users\n'
    const publish = async (revision: string, org: object): Promise<void> => {
      const manifest = { revision, roots: ['guardrails', 'org'] }
      const files = [
        { name: '/data.json', bytes: Buffer.from(JSON.stringify({ org })) },
        { name: '/x.rego', bytes: Buffer.from(rego) },
        { name: '/.manifest', bytes: Buffer.from(JSON.stringify(manifest)) },
      ]
      await writeWhole(path.join(folder, 'b.tar.gz'), packBundle(files), { shown: 'b' })
    }
    await publish('one', { users: ['alice'], 'a/b~c %': { x: 1 } })
    const bundles = new Map([['prod', { file: 'b.tar.gz', deltas: true }]])
    const options = { cwd: folder, folder: '', env: {}, log: () => {} }
    const server = await startServer({ listen: '127.0.0.1:0', bundles }, options)
    const config = opaConfig({
      serviceUrl: server.url,
      bundles: [{ name: 'prod', resource: 'bundles/prod' }],
      keys: [],
      longPollSeconds: 30,
      reports: true,
    })
    const process = await OpaProcess.start(opa!, folder, config)
    try {
      const publication = server.publications.get('prod')!
      await process.until('it waits', () => publication.waiting === 1)
      await publish('two', { users: ['bob'], 'a/b~c %': { y: { z: 2 } } })
      const status = (): FleetMember['bundles'][string] | undefined =>
        server.fleet.list()[0]?.bundles['prod']
      await process.until('it has the delta', () => status()?.revision === 'two')
      const sent = await (await fetch(`${server.url}/metrics`)).text()
      expect(sent).toContain('parapet_server_bundles_sent_total{bundle="prod",kind="delta"} 1')
      expect(await process.decide('guardrails/violations', '{}')).toEqual(['bob'])
      const org = { users: ['bob'], 'a/b~c %': { y: { z: 2 } } }
      expect(JSON.parse((await process.get('/v1/data/org')).body).result).toEqual(org)
    } finally {
      await process.stop()
      await server.close()
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

/** Events of the recording about which OPA and `parapet scan` say different things. */
async function differences(process: OpaProcess, flags: readonly string[]): Promise<unknown[]> {
  const scanning = ['scan', recording, '--every-stage', '--no-redact', '--fail-on', 'none']
  const scan = await cli([...scanning, '--format', 'jsonl', ...flags])
  const found = new Map<number, string[]>()
  for (const { line, rule, priority, message } of scan.json() as unknown as Finding[])
    found.set(line, [...(found.get(line) ?? []), `${rule} ${priority} ${message}`])
  expect(found.size).toBeGreaterThan(20)
  const events = readFileSync(recording, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
  expect(events.length).toBeGreaterThan(900)
  const differing: unknown[] = []
  for (const [index, event] of events.entries()) {
    const violations = (await process.decide('guardrails/violations', event)) as Violation[]
    const theirs = violations.map(({ id, priority, message }) => `${id} ${priority} ${message}`)
    const ours = found.get(index + 1) ?? []
    if (JSON.stringify(theirs.sort()) !== JSON.stringify(ours.sort()))
      differing.push({ line: index + 1, theirs, ours })
  }
  return differing
}

interface Violation {
  id: string
  priority: string
  message: string
}

interface Finding {
  line: number
  rule: string
  priority: string
  message: string
}
